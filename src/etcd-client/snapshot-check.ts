// What makes a file a whole snapshot, for the one that was just taken and for the one that is to be restored.
import { Failure } from '../core/failure.ts';
import type { Out, Probe } from '../core/host.ts';
import { readCommand, SNAPSHOT_SUMS } from '../core/read-command.ts';
import type { Client } from './client.ts';
import { mapIn, numberIn, parseEtcdJson } from './json.ts';

/** A big database over a slow network; etcdctl itself sets no limit. */
export const SAVE_TIMEOUT_MS = 30 * 60 * 1000;

export interface SnapshotSums {
  /** Bytes. */
  readonly size: number;
  /** Of the database in it, in hex. */
  readonly sha256: string;
}

/** What SNAPSHOT_SUMS printed of the file at `path`. Throws Failure `task-failed` where it is not a whole snapshot. */
export function soundSnapshot(path: string, sums: string, hint: string): SnapshotSums {
  const [bytes = '', sum = '', end = ''] = sums.trim().split(' ');
  const size = Number(bytes);
  const broken = (why: string) => new Failure('task-failed', `${path} is not a whole snapshot: ${why}`, { hint });
  // A database is whole pages of 512 bytes or a multiple; etcd appends the 32 bytes of its SHA-256.
  if (size % 512 !== 32) throw broken(`its size, ${size} bytes, is not that of a database and a checksum`);
  if (sum !== end) throw broken(`the checksum at its end, ${end}, is not that of its content, ${sum}`);
  return { size, sha256: sum };
}

/** The sums of a snapshot as this host reads it. Throws Failure `task-failed` where it is not there, or not whole. */
export async function checkSnapshot(probe: Probe, path: string): Promise<SnapshotSums> {
  const out = await probe.read(readCommand(['sh', '-c', SNAPSHOT_SUMS, 'sh', path], { timeoutMs: SAVE_TIMEOUT_MS }));
  if (out.code === 0) return soundSnapshot(path, out.stdout, 'take another one, such as the one before it');
  const why = out.stderr.trim().split('\n')[0] || `status ${out.code}`;
  throw new Failure('task-failed', `the snapshot ${path} cannot be read on ${probe.name}: ${why}`, {
    hint: `is the shared storage mounted there? ssh ${probe.name} ls -l ${path}`,
  });
}

/**
 * The revision and the number of keys in a snapshot; 0 where no tool tells. etcdctl does up to 3.5; from 3.6 on etcdutl does, and
 * etcdctl prints its usage with status 0.
 */
export async function contentsOf(
  client: Client,
  path: string,
  run: (argv: readonly string[]) => Promise<Out>,
): Promise<{ readonly revision: number; readonly keys: number }> {
  for (const tool of [client.etcdctl, etcdutlBeside(client)]) {
    const out = await run([tool, 'snapshot', 'status', path, '--write-out=json']);
    const status = mapIn(parseEtcdJson(out.stdout));
    if (out.code === 0 && status.totalSize !== undefined)
      return { revision: numberIn(status.revision), keys: numberIn(status.totalKey) };
  }
  return { revision: 0, keys: 0 };
}

export const etcdutlBeside = ({ etcdctl }: Pick<Client, 'etcdctl'>): string => etcdctl.replace(/etcdctl$/, 'etcdutl');
