import { positionOf, type Span } from '../../core/source.ts';

/** Lines and columns from 1, columns in UTF-16 code units; the end is that of what follows. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function regionOf({ source, start, end }: Span): Region {
  const from = positionOf(source, start);
  const to = positionOf(source, Math.max(start, end));
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
