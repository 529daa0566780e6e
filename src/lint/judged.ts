import type { Diagnostic } from '../core/diagnostic.ts';
import { isAdjustable } from './adjustable.ts';

/** Why a finding counts for nothing. */
export type Suppression = { readonly kind: 'ignored'; readonly reason: string } | { readonly kind: 'baseline' };

/** A finding, and what was decided about it. */
export interface Judged {
  readonly finding: Diagnostic;
  readonly suppressed?: Suppression;
}

/** All that a format shows. */
export interface LintReport {
  /** Of quorate. */
  readonly version: string;
  /** The files that were checked, as they were named; what they include is not among them. */
  readonly files: readonly string[];
  /** Files below a folder that are none of ours. */
  readonly passedOver: readonly string[];
  readonly judged: readonly Judged[];
}

export interface Counts {
  readonly errors: number;
  readonly warnings: number;
  readonly ignored: number;
  readonly baselined: number;
}

export function countsOf(judged: readonly Judged[]): Counts {
  const open = judged.filter(({ suppressed }) => !suppressed);
  const of = (kind: Suppression['kind']) => judged.filter(({ suppressed }) => suppressed?.kind === kind).length;
  return {
    errors: open.filter(({ finding }) => finding.severity === 'error').length,
    warnings: open.filter(({ finding }) => finding.severity === 'warning').length,
    ignored: of('ignored'),
    baselined: of('baseline'),
  };
}

/** What `run` refuses too, so that neither a comment nor a baseline can take it away. */
export function isRefused({ severity, code }: Diagnostic): boolean {
  return severity === 'error' && !isAdjustable(code);
}

/** Files in the order in which they first appear, then by place; what has no place comes first. */
export function inOrder(judged: readonly Judged[]): readonly Judged[] {
  const files = new Map<string | undefined, number>([[undefined, -1]]);
  const nameOf = ({ finding }: Judged): string | undefined => finding.span?.source.name;
  for (const one of judged) if (!files.has(nameOf(one))) files.set(nameOf(one), files.size);
  const file = (one: Judged): number => files.get(nameOf(one)) ?? 0;
  const start = ({ finding }: Judged): number => finding.span?.start ?? 0;
  return judged.toSorted((a, b) => file(a) - file(b) || start(a) - start(b));
}
