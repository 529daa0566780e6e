import type { Module } from '../core/module.ts';
import type { Task } from '../core/plan.ts';
import type { Span } from '../core/source.ts';
import type { Template } from '../core/template.ts';
import type { Circumstances } from './circumstances.ts';
import type { Doubt } from './expression/doubt.ts';
import type { Conjunct } from './expression/template.ts';

/** What may have become of a result by the time it is used. */
export interface Registered {
  /** Where one of these was false, its task was skipped. */
  readonly conditions: readonly Conjunct[];
  /** Only a run that asks for a tag of its task does that. */
  readonly mayBeUntagged: boolean;
  /** Its task may have failed without what its module returns, and the run went on. */
  readonly mayFail: boolean;
  /** A task before it in its block may have failed, and the run went on. */
  readonly mayBeUnset: boolean;
  readonly at: Span;
  /** Not a result: a skipped task leaves it unset. */
  readonly isFact?: true;
}

/** Whether the run goes on after a failure of the task that leaves its result without what the module returns. */
export function mayFail(
  module: Module,
  { ignoreErrors, ignoreUnreachable, failedWhen }: Pick<Task, 'ignoreErrors' | 'ignoreUnreachable' | 'failedWhen'>,
): boolean {
  if (ignoreUnreachable && !isNo(ignoreUnreachable)) return true;
  if (module.failureKeeps) return false;
  return (ignoreErrors !== undefined && !isNo(ignoreErrors)) || (failedWhen ?? []).some(isNo);
}

function isNo(template: Template): boolean {
  return template.literal && template.render({ get: () => undefined }) === false;
}

/** The doubt about a result that is used under these circumstances, where there is one. */
export function doubtAbout(
  { conditions, mayBeUntagged, mayFail, mayBeUnset, at }: Registered,
  circumstances: Circumstances,
): Doubt | undefined {
  if (mayBeUntagged && !circumstances.isTagged) return { because: 'untagged', at };
  const unless = circumstances.missing(conditions);
  if (unless.length > 0) return { because: 'skipped', at, unless };
  if (mayFail) return { because: 'failed', at };
  return mayBeUnset ? { because: 'unreached', at } : undefined;
}
