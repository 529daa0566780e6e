import { readdir, readFile, readlink } from 'node:fs/promises';
import { LabProblem } from './problem.ts';

/** inotify instances of one user, which is root: those of all hosts of all labs count together. */
export interface Watchers {
  readonly used: number;
  readonly limit: number;
}

/** systemd has three and dbus one; a host that gets none does not come up, and nothing says why. */
const PER_HOST = 4;

/** What stands in the way of so many hosts more; undefined where there is room. The kernel's default limit is 128. */
export function watchersProblem({ used, limit }: Watchers, hosts: number): LabProblem | undefined {
  const needed = used + hosts * PER_HOST;
  if (needed <= limit) return undefined;
  return new LabProblem(
    'missing',
    `${hosts} hosts need ${hosts * PER_HOST} inotify instances, and of the ${limit} that root may have ${used} are in use`,
    `take another lab down, or: sysctl fs.inotify.max_user_instances=${Math.max(1024, 2 * needed)}`,
  );
}

/** Counts them, in all processes that can be seen; in about 10 ms for a hundred processes. */
export async function readWatchers(): Promise<Watchers> {
  const limit = await readFile('/proc/sys/fs/inotify/max_user_instances', 'utf8').catch(() => 'Infinity');
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const counts = await Promise.all(pids.map(watchersOf));
  return { used: counts.reduce((sum, one) => sum + one, 0), limit: Number(limit) };
}

/** A process may end meanwhile. */
async function watchersOf(pid: string): Promise<number> {
  const open = await readdir(`/proc/${pid}/fd`).catch((): string[] => []);
  const targets = await Promise.all(open.map(fd => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return targets.filter(target => target === 'anon_inode:inotify').length;
}
