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

/** The registers and facts of a play so far that may lack what they are used for. */
export class Doubts {
  readonly #known: Map<string, Registered>;

  constructor(earlier: ReadonlyMap<string, Registered>) {
    this.#known = new Map(earlier);
  }

  get known(): ReadonlyMap<string, Registered> {
    return this.#known;
  }

  /** Without `registered` it is as sure as can be. */
  set(name: string, registered?: Registered): void {
    if (registered) this.#known.set(name, registered);
    else this.#known.delete(name);
  }

  /** What holds where the task that gave the name was not skipped. */
  conditionsOf(name: string): readonly Conjunct[] {
    return this.#known.get(name)?.conditions ?? [];
  }

  /** From here on the tasks of these registers may have failed, or not have been reached. Gives what takes that back. */
  shake(registers: Iterable<string>, how: Pick<Registered, 'mayFail'> | Pick<Registered, 'mayBeUnset'>): () => void {
    const shaken = new Map<Registered, Registered>();
    for (const name of registers) {
      const before = this.#known.get(name);
      if (!before) continue;
      const after = { ...before, ...how };
      shaken.set(after, before);
      this.#known.set(name, after);
    }
    return () => {
      for (const [name, now] of this.#known) this.#known.set(name, shaken.get(now) ?? now);
    };
  }

  /** The doubt about a result, or a fact, that is used under these circumstances, where there is one. */
  about(name: string, what: 'result' | 'fact', circumstances: Circumstances): Doubt | undefined {
    const registered = this.#known.get(name);
    if (!registered || (what === 'fact') !== (registered.isFact === true)) return undefined;
    const { conditions, mayBeUntagged, mayFail, mayBeUnset, at } = registered;
    if (mayBeUntagged && !circumstances.isTagged) return { because: 'untagged', at };
    const unless = circumstances.missing(conditions);
    if (unless.length > 0) return { because: 'skipped', at, unless };
    if (mayFail) return { because: 'failed', at };
    return mayBeUnset ? { because: 'unreached', at } : undefined;
  }
}

/** Of a fact: where one of its conditions asks for it (`x is not defined`), it is there in any case. */
export function factSet(
  name: string,
  given: Pick<Registered, 'conditions' | 'mayBeUntagged' | 'at'>,
): Registered | undefined {
  const asksForItself = given.conditions.some(({ text }) => text.split(/\W+/).includes(name));
  return asksForItself ? undefined : { ...given, mayFail: false, mayBeUnset: false, isFact: true };
}
