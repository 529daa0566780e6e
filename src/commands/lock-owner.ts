import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LockOwner } from '../etcd-client/lock.ts';
import type { Io } from './io.ts';

/** This process, as the holder of a lock. */
export function lockOwner(io: Io, run: string): LockOwner {
  return {
    run,
    who: `${io.user} on ${hostname()}`,
    sinceMs: io.clock.now(),
    process: processName('self') ?? '',
    isDead,
  };
}

/**
 * `<boot>:<host>:<pid>:<start>`: another process that gets the same number has another start time. Undefined where there is
 * no such process, or this system has no /proc.
 */
export function processName(number: string): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${number}/stat`, 'utf8');
    // The second field, the program's name in parentheses, may hold anything; the start time is the 22nd.
    const started = stat.replace(/^.*\) /s, '').split(' ')[19];
    return [boot, hostname(), stat.split(' ')[0], started].join(':');
  } catch {
    return undefined;
  }
}

/** Of another host, or of another boot of this one, nothing can be told for sure. */
export function isDead(holder: string): boolean {
  const [boot, host, number = ''] = holder.split(':');
  const own = processName('self')?.split(':');
  return own?.[0] === boot && own?.[1] === host && /^\d+$/.test(number) && processName(number) !== holder;
}

/**
 * Whether this host was started anew since: then it is as good as certain that the holder is gone, but another host might have the
 * same name.
 */
export function isOfEarlierBoot(holder: string): boolean {
  const [boot, host] = holder.split(':');
  const own = processName('self')?.split(':');
  return own?.[1] === host && own?.[0] !== boot;
}
