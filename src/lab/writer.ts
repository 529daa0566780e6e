// A program of its own, run on the practice cluster's head node: `writer run` puts keys into etcd all the time and notes
// what was acknowledged, `writer check` looks whether all of that is there. Each prints one line of JSON.
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs, promisify } from 'node:util';
import { hashOf, type Voter } from './writer/answers.ts';
import { check, readAcknowledgements } from './writer/check.ts';
import { openGateway } from './writer/gateway.ts';
import { write } from './writer/write.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    endpoints: { type: 'string' },
    certs: { type: 'string', default: '/cm/local/apps/etcd/var/etc' },
    etcdctl: { type: 'string', default: 'etcdctl' },
    log: { type: 'string' },
    prefix: { type: 'string', default: 'quorate-writer' },
    writers: { type: 'string', default: '4' },
    'pause-ms': { type: 'string', default: '80' },
    seconds: { type: 'string' },
  },
});
const { endpoints: list, log, prefix, certs } = values;
const [verb] = positionals;
if (list === undefined || log === undefined || (verb !== 'run' && verb !== 'check')) {
  process.stderr.write(
    'usage: writer run|check --endpoints URL,URL --log FILE [--certs DIRECTORY] [--etcdctl PROGRAM] [--seconds N]\n',
  );
  process.exit(2);
}
const endpoints = list.split(',');
const gateway = await openGateway({
  ca: `${certs}/etcdca-kube-default.pem`,
  cert: `${certs}/client.pem`,
  key: `${certs}/client.key`,
});
process.exitCode = verb === 'run' ? await run(log) : await verify(log);
gateway.close();

async function run(file: string): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  if (values.seconds !== undefined) setTimeout(() => stop.abort(), Number(values.seconds) * 1000).unref();
  const acknowledgements = createWriteStream(file, { flags: 'w' });
  const report = await write({
    gateway,
    endpoints,
    prefix,
    writers: Number(values.writers),
    pauseMs: Number(values['pause-ms']),
    timeoutMs: 1000,
    signal: stop.signal,
    nowMs: () => Date.now(),
    sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
    acknowledged: ({ timeMs, key, revision }) => acknowledgements.write(`${timeMs} ${key} ${revision}\n`),
  });
  await new Promise(resolve => acknowledgements.end(resolve));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return 0;
}

async function verify(file: string): Promise<number> {
  const acknowledged = readAcknowledgements(await readFile(file, 'utf8'));
  const report = await check(gateway, endpoints, prefix, acknowledged, hashAt);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.lost === 0 && report.hashesEqual ? 0 : 4;
}

// By etcdctl, because 3.4's gateway answers another hash on this path, one that the members need not have in common.
async function hashAt(voter: Voter, revision: string): Promise<string> {
  const options = [
    `--endpoints=${voter.endpoint}`,
    `--cacert=${certs}/etcdca-kube-default.pem`,
    `--cert=${certs}/client.pem`,
    `--key=${certs}/client.key`,
    '--write-out=json',
  ];
  const argv = [...options, 'endpoint', 'hashkv', `--rev=${revision}`];
  const { stdout } = await promisify(execFile)(values.etcdctl, argv, { env: { ETCDCTL_API: '3' } });
  const hash = hashOf(JSON.parse(stdout));
  if (hash === undefined) throw new Error(`${voter.name} does not say the hash of its keys`);
  return hash;
}
