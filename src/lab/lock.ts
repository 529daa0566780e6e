import { execa } from 'execa';
import { LabProblem } from './problem.ts';

/**
 * Holds the kernel's lock on `path` while `work` runs. The lock is held by a child that lives as long as its standard
 * input, our end of a pipe: however this process ends, the lock is gone with it. The empty file stays. Where somebody
 * else holds it, `busy` is thrown; a signal instead means to wait, until it fires.
 */
export async function withFileLock<T>(
  path: string,
  busy: LabProblem | AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const waits = busy instanceof AbortSignal;
  const holder = execa('flock', [...(waits ? [] : ['--nonblock']), path, 'sh', '-c', 'echo held && exec cat'], {
    reject: false,
    stdin: 'pipe',
    // A Ctrl-C in the terminal must not end the lock before the work that it protects has been undone.
    detached: true,
  });
  const giveUp = () => holder.kill();
  if (waits) busy.addEventListener('abort', giveUp);
  const held = await new Promise<boolean>(resolve => {
    holder.stdout.once('data', () => resolve(true));
    holder.then(() => resolve(false)).catch(() => resolve(false));
  });
  if (waits) busy.removeEventListener('abort', giveUp);
  if (!held) {
    if (!waits) throw busy;
    busy.throwIfAborted();
    throw new LabProblem('failed', `${path} cannot be locked`);
  }
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
}
