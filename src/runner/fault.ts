import type { ErrorReport } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { Span } from '../core/source.ts';
import { positionOf } from '../core/source.ts';

/** Why a host went no further. */
export interface Fault {
  readonly kind: 'failed' | 'unreachable' | 'refused' | 'locked' | 'interrupted' | 'defect';
  readonly failure: Failure;
  /** The name of the task that it happened in. */
  readonly task?: string;
}

/** By host. */
export type Faults = Map<string, Fault>;

/** Sorts what was thrown. Anything but a `Failure` is a defect of ours. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Failure)) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'defect', failure: new Failure('defect', message, { cause: error }) };
  }
  switch (error.code) {
    case 'unreachable':
      return { kind: 'unreachable', failure: error };
    case 'guard-refused':
    case 'consent-missing':
    case 'outcome-unknown':
      return { kind: 'refused', failure: error };
    case 'locked':
      return { kind: 'locked', failure: error };
    case 'interrupted':
      return { kind: 'interrupted', failure: error };
    case 'defect':
      return { kind: 'defect', failure: error };
    default:
      return { kind: 'failed', failure: error };
  }
}

const order: readonly Fault['kind'][] = ['defect', 'refused', 'locked', 'interrupted', 'failed', 'unreachable'];

/** The one that decides how a run ends; unreachable only where nothing failed. */
export function worstOf(faults: readonly Fault[]): Fault | undefined {
  const kind = order.find(wanted => faults.some(fault => fault.kind === wanted));
  return faults.find(fault => fault.kind === kind);
}

/**
 * True where `rescue`, `ignore_errors` and `failed_when` may deal with it. Not a refusal, nor a host that can't be
 * reached, nor an answer that was lost: what is there is then not known, and no playbook can know better.
 */
export function catchable(fault: Fault): boolean {
  return fault.kind === 'failed' && fault.failure.code !== 'answer-lost' && fault.failure.code !== 'journal-failed';
}

/** True where nothing new may be started on any host: the other kinds concern one host alone. */
export function halting(fault: Fault): boolean {
  return (
    fault.kind === 'refused' ||
    fault.kind === 'locked' ||
    fault.kind === 'interrupted' ||
    fault.kind === 'defect' ||
    fault.failure.code === 'journal-failed' ||
    fault.failure.code === 'too-many-failed'
  );
}

/** A failure as events tell it; `span` is where it happened if the failure itself doesn't say. */
export function reportOf(failure: Failure, span?: Span): ErrorReport {
  const at = failure.span ?? span;
  return {
    code: failure.code,
    message: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(at === undefined ? {} : { place: placeOf(at) }),
  };
}

function placeOf(span: Span): string {
  const { line, column } = positionOf(span.source, span.start);
  return `${span.source.name}:${line}:${column}`;
}
