// What `rsync_dir` looks at before it copies: the two directories, whether they are in use, and in what they differ.
import { digest } from '../core/digest.ts';
import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import { readCommand } from '../core/read-command.ts';
import { lastSegment } from '../etcd/wal.ts';

/** Beyond the article's `-r`, which `-a` implies: hard links, ACLs and extended attributes. */
export const COPY_FLAGS = ['--archive', '--hard-links', '--acls', '--xattrs'] as const;

/** Reading all of a database for its checksums takes as long as copying it. */
const READ_TIMEOUT_MS = 60 * 60 * 1000;

/** A directory and all that is in it, by paths below it; directories end with a slash. */
export interface Listing {
  readonly exists: boolean;
  readonly entries: readonly string[];
}

export async function list(probe: Probe, path: string): Promise<Listing> {
  const out = await probe.read(readCommand(['ls', '-A', '-1', '-R', '-p', '--', `${path}/`]));
  if (out.code !== 0) {
    if (/No such file/.test(out.stderr) && out.stdout === '') return { exists: false, entries: [] };
    throw new Failure('unknown-state', `${path} on ${probe.name} cannot be listed: ${out.stderr.trim()}`);
  }
  const entries: string[] = [];
  let below = '';
  for (const line of out.stdout.split('\n')) {
    if (line.startsWith(path) && line.endsWith(':')) below = line.slice(path.length, -1).replace(/^\/+|\/+$/g, '');
    else if (line !== '') entries.push(below === '' ? line : `${below}/${line}`);
  }
  return { exists: true, entries };
}

/** True for the data directory of a member: its database and its log are there. */
export const isMemberData = ({ entries }: Listing): boolean =>
  entries.includes('member/snap/db') && segmentOf(entries) !== undefined;

/** The path of the log's last segment, below the data directory. */
export function segmentOf(entries: readonly string[]): string | undefined {
  const log = 'member/wal/';
  const last = lastSegment(entries.filter(e => e.startsWith(log)).map(e => e.slice(log.length)));
  return last === undefined ? undefined : `${log}${last}`;
}

/** The path with all links followed; what is not there stays as it is written. */
export async function realPath(probe: Probe, path: string): Promise<string> {
  const out = await probe.read(readCommand(['readlink', '-m', '--', path]));
  if (out.code !== 0) throw new Failure('unknown-state', `${path} on ${probe.name}: ${out.stderr.trim()}`);
  return out.stdout.trim();
}

/** Why etcd may be at work in this directory; undefined where it is not. */
export async function inUse(probe: Probe, path: string, listing: Listing, unit: string): Promise<string | undefined> {
  const shown = await probe.read(readCommand(['systemctl', 'show', '--property=ActiveState', '--', unit]));
  const state = /^ActiveState=(.*)$/m.exec(shown.stdout)?.[1] ?? 'unknown';
  if (state !== 'inactive' && state !== 'failed') return `${unit} on ${probe.name} is ${state}`;
  if (!listing.entries.includes('member/snap/db')) return undefined;
  // etcd started by other means: its database holds a lock while it is open.
  const database = `${path}/member/snap/db`;
  const [inode, locks] = await Promise.all([
    probe.read(readCommand(['stat', '--format=%i', '--', database])),
    probe.read(readCommand(['cat', '/proc/locks'])),
  ]);
  const held = locks.stdout.split('\n').some(line => / FLOCK /.test(line) && line.includes(`:${inode.stdout.trim()} `));
  return held ? `a process on ${probe.name} has ${database} open` : undefined;
}

/** In what the two differ, by rsync with checksums: a line a file. Empty: the same. */
export async function differences(probe: Probe, from: string, to: string, exact: boolean): Promise<readonly string[]> {
  const argv = [
    'rsync',
    ...COPY_FLAGS,
    ...(exact ? ['--delete'] : []),
    ...['--checksum', '--dry-run', '--itemize-changes', '--', `${from}/`, `${to}/`],
  ];
  const out = await probe.read(readCommand(argv, { timeoutMs: READ_TIMEOUT_MS }));
  if (out.code !== 0) {
    throw new Failure(
      'unknown-state',
      `rsync on ${probe.name} cannot compare ${from} and ${to}: ${out.stderr.trim()}`,
      {
        hint: `is rsync there? ssh ${probe.name} rsync --version`,
      },
    );
  }
  return out.stdout.split('\n').filter(line => line !== '' && !line.startsWith('created directory '));
}

/** The SHA-256 of the list of all files with their SHA-256, by paths below the directory. */
export async function digestOf(probe: Probe, path: string, { entries }: Listing): Promise<string> {
  const files = entries.filter(entry => !entry.endsWith('/')).sort();
  const words = ['sha256sum', '--', ...files.map(file => `${path}/${file}`)];
  const out = await probe.read(readCommand(words, { timeoutMs: READ_TIMEOUT_MS }));
  if (out.code !== 0) {
    throw new Failure('unknown-state', `${path} on ${probe.name} cannot be read: ${out.stderr.trim()}`);
  }
  return digest('sha256', out.stdout.replaceAll(`${path}/`, '')).toString('hex');
}
