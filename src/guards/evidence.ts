import type { Evidence, GuardContext } from '../core/guard.ts';

/** A snapshot older than this does not count. */
const MAX_AGE_MS = 10 * 60 * 1000;

/** True where a verified snapshot was taken since the last change of the membership, and no more than ten minutes ago. */
export function hasFreshSnapshot({ evidence, probe, nowMs }: GuardContext, membership: string): boolean {
  const isFresh = ({ takenAtMs, assumedAfter, ...e }: Evidence): boolean => {
    if (nowMs - takenAtMs > MAX_AGE_MS) return false;
    if (assumedAfter === undefined) return e.membership === membership;
    return !probe.assumed.slice(assumedAfter).some(risk => risk.kind === 'membership');
  };
  return evidence.some(isFresh);
}
