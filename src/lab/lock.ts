import { execa } from 'execa';
import { LabProblem } from './problem.ts';

/**
 * Holds the kernel's lock on `path` while `work` runs. The lock is held by a child that lives as long as its standard
 * input, our end of a pipe: however this process ends, the lock is gone with it. The empty file stays.
 */
export async function withFileLock<T>(path: string, busy: LabProblem | 'wait', work: () => Promise<T>): Promise<T> {
  const holder = execa(
    'flock',
    [...(busy === 'wait' ? [] : ['--nonblock']), path, 'sh', '-c', 'echo held && exec cat'],
    {
      reject: false,
      stdin: 'pipe',
      // A Ctrl-C in the terminal must not end the lock before the work that it protects has been undone.
      detached: true,
      cleanup: true,
    },
  );
  const held = await new Promise<boolean>(resolve => {
    holder.stdout.once('data', () => resolve(true));
    holder.then(() => resolve(false)).catch(() => resolve(false));
  });
  if (!held) throw busy === 'wait' ? new LabProblem('failed', `${path} cannot be locked`) : busy;
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
}
