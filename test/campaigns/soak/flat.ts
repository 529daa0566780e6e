// Whether what was measured scenario after scenario stays as it is. Pure.

/** What one scenario is compared by. */
export interface Measured {
  readonly playbook: string;
  /** How it came to its end: what goes on with a run reads its journal besides. */
  readonly end: string;
  /** The most memory that a process of quorate took, in MB; 0 where none lived to tell. */
  readonly peakMb: number;
  /** What was there on all hosts and had not been before, by its kind. */
  readonly left: Readonly<Record<string, number>>;
}

/** By how much of its median memory may rise over all scenarios: 4 MB of 85, or less than a tenth of one in each of fifty. Chance makes 1 or 2. */
const MOST_RISE = 0.05;
/** One thing more in so many scenarios is a rise. */
const LEAST_RISE = 20;
/** Fewer tell nothing of a course: within them chance makes memory rise and fall by more. */
const FEWEST = 20;

/**
 * By how much a measure rises from the first to the last scenario: the median of the slopes between any two of them that can be compared (Theil
 * and Sen), so that neither a single outlier nor the draw of the scenarios makes a rise. 0 where none can be compared.
 */
export function riseOf<T>(
  measures: readonly T[],
  value: (one: T) => number,
  comparable: (a: T, b: T) => boolean,
): number {
  const slopes = measures.flatMap((early, from) =>
    measures
      .slice(from + 1)
      .flatMap((late, gap) => (comparable(early, late) ? [(value(late) - value(early)) / (gap + 1)] : [])),
  );
  return medianOf(slopes) * Math.max(0, measures.length - 1);
}

/** Memory over all scenarios: a playbook is compared with itself, where it came to its end in the same way, because each takes its own. */
export function memoryOf(measured: readonly Measured[]): {
  readonly medianMb: number;
  readonly riseMb: number;
  readonly flat: boolean;
} {
  const tells = ({ peakMb }: Measured) => peakMb > 0;
  const medianMb = medianOf(measured.filter(tells).map(({ peakMb }) => peakMb));
  const riseMb = riseOf(
    measured,
    ({ peakMb }) => peakMb,
    (a, b) => a.playbook === b.playbook && wayOf(a) === wayOf(b) && tells(a) && tells(b),
  );
  return { medianMb, riseMb, flat: measured.length < FEWEST || riseMb <= medianMb * MOST_RISE };
}

/** A fault that found nothing to harm disturbed nothing. */
const wayOf = ({ end }: Measured): string => (end === 'not struck' ? 'goal' : end);

/** The kinds of things of which ever more is left. */
export function growing(measured: readonly Measured[]): readonly string[] {
  const kinds = new Set(measured.flatMap(({ left }) => Object.keys(left)));
  return [...kinds].filter(kind => {
    const of = ({ left }: Measured) => left[kind] ?? 0;
    return measured.length >= FEWEST && riseOf(measured, of, () => true) * LEAST_RISE >= measured.length;
  });
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
