import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, powerOff, powerOn } from './hosts.ts';
import { must } from './machine.ts';
import { hostPaths, type LabPaths } from './paths.ts';
import { LabProblem } from './problem.ts';
import { nameOption } from './record.ts';
import { servesEtcd, waitForEtcd, waitForSsh } from './serving.ts';

/** What is told of a checkpoint beside the copies. */
interface CheckpointNote {
  /** The hosts whose etcd served then, so that a restore can wait for just them. */
  readonly serving: readonly string[];
}

/** Copies all disks, while all hosts are off for some seconds; then all goes on as it was. */
export async function checkpoint(lab: Lab, name: string): Promise<void> {
  const { paths, record } = lab;
  const directory = join(paths.checkpoints, name);
  const partial = join(paths.checkpoints, `.${name}.partial`);
  const running = record.hosts.filter(host => host.power === 'on');
  const serving = await hostsServing(lab);
  const note: CheckpointNote = { serving };
  await powerOff(lab, running);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    for (const host of record.hosts) {
      await copyTree(lab, hostPaths(paths, host.name).upper, join(partial, host.name));
    }
    await copyTree(lab, paths.shared, join(partial, 'shared'));
    await writeFile(join(partial, 'checkpoint.json'), `${JSON.stringify(note)}\n`);
    await rm(directory, { recursive: true, force: true });
    await rename(partial, directory);
  } finally {
    await powerOn(lab, running);
  }
  await waitUntilAsBefore(lab, serving);
}

/** Puts all disks back to a checkpoint and switches all hosts on; a cut cable stays cut. */
export async function restore(lab: Lab, name: string): Promise<void> {
  const { paths, record } = lab;
  const directory = join(paths.checkpoints, name);
  const note = await readNote(lab, name);
  await powerOff(lab, record.hosts);
  for (const host of record.hosts) {
    const { upper, work } = hostPaths(paths, host.name);
    await rm(work, { recursive: true, force: true });
    await mkdir(work);
    await rm(upper, { recursive: true, force: true });
    await copyTree(lab, join(directory, host.name), upper);
  }
  await rm(paths.shared, { recursive: true, force: true });
  await copyTree(lab, join(directory, 'shared'), paths.shared);
  await powerOn(lab, record.hosts);
  await waitUntilAsBefore(lab, note.serving);
}

/** The names of the lab's checkpoints. */
export async function checkpointNames(paths: LabPaths): Promise<string[]> {
  return (await readdir(paths.checkpoints).catch(() => [])).filter(name => !name.startsWith('.')).sort();
}

async function hostsServing(lab: Lab): Promise<string[]> {
  const nodes = lab.record.hosts.filter(host => host.power === 'on' && host.name !== 'headnode');
  const serving = await Promise.all(nodes.map(async host => ((await servesEtcd(lab, host)) ? [host.name] : [])));
  return serving.flat();
}

async function waitUntilAsBefore(lab: Lab, serving: readonly string[]): Promise<void> {
  await waitForSsh(lab, 60_000);
  await waitForEtcd(
    lab,
    lab.record.hosts.filter(host => serving.includes(host.name) && !host.cut),
    120_000,
  );
}

async function readNote(lab: Lab, name: string): Promise<CheckpointNote> {
  const text = await readFile(join(lab.paths.checkpoints, name, 'checkpoint.json'), 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text);
  const names = await checkpointNames(lab.paths);
  throw new LabProblem(
    'usage',
    `lab "${lab.record.name}" has no checkpoint "${name}": ${names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`}`,
    `quorate lab checkpoint ${name}${nameOption(lab.record.name)}`,
  );
}

// With all that an overlay's upper directory says by attributes and devices (what was deleted, what hides what is
// below); files with holes, such as etcd's preallocated log, stay small.
async function copyTree(lab: Lab, from: string, to: string): Promise<void> {
  await must(lab.machine, ['cp', '--archive', '--sparse=auto', '--reflink=auto', from, to], { lab: lab.record.name });
}
