/** A text that was read, and the name a user knows it by (a path as typed, or `-e` for the command line). */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** A stretch of a source. Offsets count UTF-16 code units from 0; `end` is exclusive. Lines are worked out when printed. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Where the lines of a source begin: worked out once, as thousands of findings may ask for it. */
const lineStarts = new WeakMap<Source, readonly number[]>();

function linesOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known) return known;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1);
  lineStarts.set(source, starts);
  return starts;
}

/** 1-based line and column (in code units) of an offset. */
export function positionOf(source: Source, offset: number): { line: number; column: number } {
  const at = Math.min(Math.max(0, offset), source.text.length);
  const starts = linesOf(source);
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}
