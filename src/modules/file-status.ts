import type { Probe } from '../core/host.ts';
import { readCommand } from '../core/read-command.ts';

/** What `stat` says of a file; times are seconds since the epoch. */
export interface FileStatus {
  readonly type: 'file' | 'directory' | 'link' | 'character' | 'block' | 'fifo' | 'socket';
  /** Octal, without leading zeros. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
}

const FORMAT = '%f %a %U %G %u %g %s %i %d %h %X %Y %Z';

/** The bits of a raw mode that say what it is (stat(2)). */
const TYPES: Readonly<Record<number, FileStatus['type']>> = {
  1: 'fifo',
  2: 'character',
  4: 'directory',
  6: 'block',
  8: 'file',
  10: 'link',
  12: 'socket',
};

/** Undefined where there is nothing at the path; `why` where that can't be told. `follow`: of what a link leads to. */
export async function fileStatus(
  probe: Probe,
  path: string,
  follow: boolean,
): Promise<FileStatus | { readonly why: string } | undefined> {
  const out = await probe.read(readCommand(['stat', ...(follow ? ['-L'] : []), `--format=${FORMAT}`, '--', path]));
  if (out.code !== 0) {
    if (/No such file|Not a directory/.test(out.stderr)) return undefined;
    return { why: `${path} on ${probe.name}: ${out.stderr.trim()}` };
  }
  const [raw = '', mode = '', owner = '', group = '', ...numbers] = out.stdout.trim().split(' ');
  const [uid = 0, gid = 0, size = 0, inode = 0, device = 0, links = 0, atime = 0, mtime = 0, ctime = 0] =
    numbers.map(Number);
  const type = TYPES[Number.parseInt(raw, 16) >> 12];
  if (type === undefined) return { why: `${path} on ${probe.name}: stat says ${out.stdout.trim()}` };
  return { type, mode, owner, group, uid, gid, size, inode, device, links, atime, mtime, ctime };
}
