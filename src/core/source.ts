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

/** 1-based line and column (in code units) of an offset. */
export function positionOf(source: Source, offset: number): { line: number; column: number } {
  const before = source.text.slice(0, Math.max(0, offset));
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (const character of before) if (character === '\n') line += 1;
  return { line, column: before.length - lineStart + 1 };
}
