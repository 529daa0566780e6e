import { Cancelled, Failure } from '../core/failure.ts';
import type { Clock } from '../core/host.ts';

/** Runs `work` with a signal that fires with `signal`, or when the time is up; then it throws Failure `timed-out`. */
export async function limited<T>(
  limitMs: number | undefined,
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limitMs === undefined) return await work(signal);
  const over = new AbortController();
  const ended = new AbortController();
  const alarm = clock.sleep(limitMs, ended.signal).then(
    () => over.abort(),
    () => {},
  );
  try {
    return await work(AbortSignal.any([signal, over.signal]));
  } catch (error) {
    if (!over.signal.aborted || signal.aborted || !(error instanceof Cancelled)) throw error;
    throw new Failure('timed-out', `it was not done within the task's ${limitMs / 1000} s`, { cause: error });
  } finally {
    ended.abort();
    await alarm;
  }
}
