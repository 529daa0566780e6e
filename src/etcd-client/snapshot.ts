import { Failure } from '../core/failure.ts';
import type { Host } from '../core/host.ts';
import { SNAPSHOT_SUMS } from '../core/read-command.ts';
import type { Client } from './client.ts';
import { etcdctlArgv, lastLine } from './client.ts';
import { contentsOf, SAVE_TIMEOUT_MS, soundSnapshot } from './snapshot-check.ts';

/**
 * Writes `$1` out to the disk, gives it the name `$2` and writes that out; prints the name. Where it is taken, because two snapshots
 * were taken in a second, it gets the next of `$2-2` … `$2-9`. coreutils before 8.24 write out everything instead.
 */
const KEEP = [
  'sync -- "$1" || exit 1',
  'to=$2; n=1; mv -n -T -- "$1" "$to"',
  'while [ -e "$1" ]; do n=$((n + 1)); [ "$n" -lt 10 ] || exit 1; to=$2-$n; mv -n -T -- "$1" "$to"; done',
  'sync -- "${2%/*}" || exit 1',
  'printf %s "$to"',
].join('\n');

export interface SavedSnapshot {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** 0 where no tool on the host tells it. */
  readonly revision: number;
  /** Of the database in it, in hex. */
  readonly sha256: string;
}

/**
 * Takes a snapshot on `host` from one member and verifies it; only then it gets its name. Throws Failure `command-failed` where
 * a command fails, `task-failed` where the file is not a whole snapshot; nothing is left behind then.
 */
export async function saveSnapshot(
  host: Host,
  client: Client,
  o: { readonly endpoint: string; readonly directory: string; readonly name: string },
): Promise<SavedSnapshot> {
  const directory = o.directory.replace(/\/+$/, '');
  const partial = `${directory}/.${o.name}.partial`;
  // Secrets of Kubernetes lie in it.
  await must(host, ['mkdir', '-p', '-m', '0700', o.directory]);
  try {
    host.progress({ text: `taking a snapshot on ${host.name}` });
    const save = etcdctlArgv(client, ['snapshot', 'save', partial], { endpoints: [o.endpoint] });
    await must(host, save, SAVE_TIMEOUT_MS);
    const sums = await must(host, ['sh', '-c', SNAPSHOT_SUMS, 'sh', partial], SAVE_TIMEOUT_MS);
    const measured = soundSnapshot(
      partial,
      sums,
      'is there room on that file system? df -h; then run the playbook again',
    );
    const { revision } = await contentsOf(client, partial, argv => host.run(argv, { timeoutMs: SAVE_TIMEOUT_MS }));
    const path = await must(host, ['sh', '-c', KEEP, 'sh', partial, `${directory}/${o.name}`], SAVE_TIMEOUT_MS);
    return { path, revision, ...measured };
  } catch (error) {
    await host.run(['rm', '-f', '--', partial, `${partial}.part`], { timeoutMs: 30_000 }).catch(() => undefined);
    throw error;
  }
}

async function must(host: Host, argv: readonly string[], timeoutMs = 30_000): Promise<string> {
  const out = await host.run(argv, { timeoutMs });
  if (out.code === 0) return out.stdout;
  throw new Failure('command-failed', `${host.name}: ${argv[0]} ended with ${out.code}: ${lastLine(out.stderr)}`, {
    hint: `is the directory there and writable, and is there room? ssh ${host.name} df -h`,
  });
}
