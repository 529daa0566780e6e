import { Failure } from '../core/failure.ts';
import type { Host } from '../core/host.ts';
import type { Client } from './client.ts';
import { etcdctlArgv, lastLine } from './client.ts';
import { mapIn, numberIn, parseEtcdJson } from './json.ts';

/** A big database over a slow network; etcdctl itself sets no limit. */
const SAVE_TIMEOUT_MS = 30 * 60 * 1000;

/**
 * Prints the size of `$1`, the SHA-256 of all but its last 32 bytes, and these in hex. `snapshot status` checks none of it:
 * a corrupted file passed, and a truncated one crashed etcdctl 3.5.
 */
const MEASURE =
  'size=$(stat -c %s -- "$1") && ' +
  'sum=$(head -c "$((size - 32))" -- "$1" | sha256sum | cut -d " " -f 1) && ' +
  'end=$(tail -c 32 -- "$1" | od -An -v -tx1 | tr -d " \\n") && ' +
  'printf "%s %s %s\\n" "$size" "$sum" "$end"';

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
    const measured = await measure(host, partial);
    const revision = await revisionIn(host, client, partial);
    const path = await must(host, ['sh', '-c', KEEP, 'sh', partial, `${directory}/${o.name}`], SAVE_TIMEOUT_MS);
    return { path, revision, ...measured };
  } catch (error) {
    await host.run(['rm', '-f', '--', partial, `${partial}.part`], { timeoutMs: 30_000 }).catch(() => undefined);
    throw error;
  }
}

async function measure(host: Host, path: string): Promise<{ size: number; sha256: string }> {
  const text = await must(host, ['sh', '-c', MEASURE, 'sh', path], SAVE_TIMEOUT_MS);
  const [bytes = '', sum = '', end = ''] = text.trim().split(' ');
  const size = Number(bytes);
  // A database is whole pages of 512 bytes or a multiple; etcd appends the 32 bytes of its SHA-256.
  if (size % 512 !== 32) throw broken(path, `its size, ${size} bytes, is not that of a database and a checksum`);
  if (sum !== end) throw broken(path, `the checksum at its end, ${end}, is not that of its content, ${sum}`);
  return { size, sha256: sum };
}

function broken(path: string, why: string): Failure {
  return new Failure('task-failed', `${path} is not a whole snapshot: ${why}`, {
    hint: 'is there room on that file system? df -h; then run the playbook again',
  });
}

/** etcdctl tells the revision up to 3.5; from 3.6 on etcdutl does, and etcdctl prints its usage with status 0. */
async function revisionIn(host: Host, client: Client, path: string): Promise<number> {
  for (const tool of [client.etcdctl, client.etcdctl.replace(/etcdctl$/, 'etcdutl')]) {
    const out = await host.run([tool, 'snapshot', 'status', path, '--write-out=json'], { timeoutMs: SAVE_TIMEOUT_MS });
    const status = mapIn(parseEtcdJson(out.stdout));
    if (out.code === 0 && status.totalSize !== undefined) return numberIn(status.revision);
  }
  return 0;
}

async function must(host: Host, argv: readonly string[], timeoutMs = 30_000): Promise<string> {
  const out = await host.run(argv, { timeoutMs });
  if (out.code === 0) return out.stdout;
  throw new Failure('command-failed', `${host.name}: ${argv[0]} ended with ${out.code}: ${lastLine(out.stderr)}`, {
    hint: `is the directory there and writable, and is there room? ssh ${host.name} df -h`,
  });
}
