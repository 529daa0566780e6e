import { type Lab, mustIn, runIn } from './hosts.ts';
import { etcdBinDirectory } from './image/files.ts';
import { headNode } from './names.ts';
import { LabProblem } from './problem.ts';
import { hostOf, nameOption } from './record.ts';
import type { CheckReport } from './writer/check.ts';
import type { WriteReport } from './writer/write.ts';

// The client that writes all the time runs on the head node as a unit of its systemd, so it goes on when we end.

const unit = 'quorate-writer.service';
const directory = '/var/lib/quorate-writer';
const log = `${directory}/acknowledged`;
const reportFile = `${directory}/report.json`;
const program = ['/opt/quorate-node', '/opt/quorate/dist/writer.js'];

export async function startWriter(lab: Lab): Promise<string> {
  const head = hostOf(lab.record, headNode.name);
  if (await isWriting(lab))
    throw new LabProblem('usage', 'it is writing already', `quorate lab writer stop${nameOption(lab.record.name)}`);
  await mustIn(lab, head, ['sh', '-c', `rm -rf ${directory} && mkdir -m 700 ${directory}`]);
  // Each start has keys of its own, so that an earlier one's are not taken for its.
  const prefix = `quorate-writer-${lab.machine.nowMs()}`;
  await mustIn(lab, head, ['sh', '-c', `echo ${prefix} > ${directory}/prefix`]);
  await mustIn(lab, head, [
    ...['systemd-run', '--quiet', '--collect', `--unit=${unit}`, `--property=StandardOutput=file:${reportFile}`],
    ...[...program, 'run', ...(await writerArguments(lab))],
  ]);
  const deadlineMs = lab.machine.nowMs() + 10_000;
  while ((await runIn(lab, head, ['test', '-s', log])).exitCode !== 0) {
    if (lab.machine.nowMs() > deadlineMs || !(await isWriting(lab))) {
      throw new LabProblem(
        'failed',
        'nothing that it writes is acknowledged',
        `quorate lab exec${nameOption(lab.record.name)} headnode -- journalctl --no-pager -u ${unit}`,
      );
    }
    await lab.machine.sleep(100);
  }
  return 'a client on the head node writes to etcd all the time';
}

/** Ends it; answers what it saw, or undefined where it died with its host: then only its log is there. */
export async function stopWriter(lab: Lab): Promise<WriteReport | undefined> {
  const head = hostOf(lab.record, headNode.name);
  await mustIn(lab, head, ['sh', '-c', `systemctl stop ${unit} 2>/dev/null || true`]);
  const text = await runIn(lab, head, ['cat', reportFile]);
  if (text.exitCode === 0 && text.stdout.trim() !== '') return JSON.parse(text.stdout);
  if ((await runIn(lab, head, ['test', '-s', log])).exitCode === 0) return undefined;
  throw new LabProblem(
    'usage',
    'no client was started that writes',
    `quorate lab writer start${nameOption(lab.record.name)}`,
  );
}

/** After it was ended: whether each voter has all that was acknowledged. */
export async function checkWriter(lab: Lab): Promise<CheckReport> {
  const head = hostOf(lab.record, headNode.name);
  const result = await runIn(lab, head, [...program, 'check', ...(await writerArguments(lab))]);
  if (result.exitCode !== 0 && result.exitCode !== 4) {
    throw new LabProblem('failed', `what was written could not be checked: ${result.stderr.trim().split('\n').at(-1)}`);
  }
  return JSON.parse(result.stdout);
}

export function writtenText(report: WriteReport | undefined): string {
  if (report === undefined) return 'it ended with its host, so the longest time without a write is not known';
  const { acknowledged, unknown, refused, seconds, longestGapMs, longestGapAt } = report;
  const others = [unknown > 0 && `${unknown} of unknown outcome`, refused > 0 && `${refused} refused`].filter(Boolean);
  return [
    `${acknowledged} writes acknowledged in ${seconds} s${others.length === 0 ? '' : ` (besides ${others.join(', ')})`}`,
    `longest time without one: ${(longestGapMs / 1000).toFixed(2)} s, at ${longestGapAt}`,
  ].join('\n');
}

export function foundText(report: CheckReport): string {
  const { lost, examples, voters, revision, hashesEqual } = report;
  return [
    lost === 0 ? 'none of them lost' : `LOST: ${lost} of them, such as ${examples.join(', ')}`,
    `contents of ${voters.join(', ')} at revision ${revision}: ${hashesEqual ? 'equal' : 'DIFFERENT'}`,
  ].join('\n');
}

async function isWriting(lab: Lab): Promise<boolean> {
  return (await runIn(lab, hostOf(lab.record, headNode.name), ['systemctl', 'is-active', unit])).exitCode === 0;
}

async function writerArguments(lab: Lab): Promise<string[]> {
  const prefix = await mustIn(lab, hostOf(lab.record, headNode.name), ['cat', `${directory}/prefix`]);
  const nodes = lab.record.hosts.filter(host => host.name !== headNode.name);
  const endpoints = nodes.map(host => `https://${host.ip}:2379`);
  const etcdctl = `${etcdBinDirectory(lab.record.etcdVersion)}/etcdctl`;
  return ['--endpoints', endpoints.join(','), '--log', log, '--prefix', prefix.trim(), '--etcdctl', etcdctl];
}
