// The entry point of the practice cluster's CMDaemon. A process of its own: it may use `process`.
import { mkdirSync } from 'node:fs';
import { localApiServer } from './api-server.ts';
import { openAuthority } from './certificates.ts';
import { CERTIFICATE_DIR } from './etcd-unit.ts';
import { Reconciler } from './reconciler.ts';
import { monitor } from './remote-shell.ts';
import { applySetting, formatSettings } from './settings.ts';
import { sshNode } from './ssh-node.ts';
import { ETCD_CLUSTER, STATE_FILE } from './state.ts';
import { openStore, type Store } from './store.ts';

const USAGE = `Usage: cmdaemon [--state <file>] [--get | --set <name>=<value> ...]
  without --get or --set it stays and does CMDaemon's work`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  let path = STATE_FILE;
  let get = false;
  const assignments: string[] = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const value = word === '--state' || word === '--set' ? rest.shift() : undefined;
    if (word === '--get') get = true;
    else if (word === '--state' && value !== undefined) path = value;
    else if (word === '--set' && value !== undefined) assignments.push(value);
    else {
      process.stderr.write(`${USAGE}\n`);
      return 2;
    }
  }
  const store = openStore(path);
  if (assignments.length > 0) return change(store, assignments);
  if (get) process.stdout.write(`${formatSettings(await store.load())}\n`);
  else await serve(store);
  return 0;
}

async function change(store: Store, assignments: readonly string[]): Promise<number> {
  let problem: string | undefined;
  await store.update(state => {
    for (const assignment of assignments) problem ??= applySetting(state, assignment);
    return problem === undefined;
  });
  if (problem === undefined) return 0;
  process.stderr.write(`${problem}\n`);
  return 2;
}

/** Works until it is told to end. */
async function serve(store: Store): Promise<void> {
  const ending = new AbortController();
  mkdirSync('/run/cmd', { recursive: true, mode: 0o700 });
  const authority = openAuthority(CERTIFICATE_DIR, ETCD_CLUSTER);
  const { objects, headNode } = await store.update(state => {
    // What was so when CMDaemon last ran says nothing now.
    for (const device of state.objects.device) device.values.status = device.name === state.headNode ? 'UP' : 'DOWN';
    return true;
  });
  const nodes = objects.device.map(device => sshNode(device.name));
  const clock = {
    now: () => Date.now(),
    after: (delayMs: number, action: () => void) => void setTimeout(action, delayMs),
  };
  const head = objects.device.find(device => device.name === headNode);
  const apiServer = localApiServer(authority, { name: headNode, ip: String(head?.values.ip ?? '127.0.0.1') });
  const reconciler = new Reconciler(store, nodes, authority, apiServer, clock);
  const attempt = (work: Promise<void>): void => void work.catch(error => process.stderr.write(`${error}\n`));
  attempt(authority.prepare());
  attempt(reconciler.stateChanged());
  for (const { name } of nodes) monitor(name, news => attempt(reconciler.heard(name, news)), ending.signal);
  store.watch(() => attempt(reconciler.stateChanged()), ending.signal);
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  await promise;
  ending.abort();
  process.exit(0);
}
