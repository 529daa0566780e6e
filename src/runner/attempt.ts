import { Failure } from '../core/failure.ts';
import type { Template } from '../core/template.ts';
import { Unknown, unknownIn, type Value } from '../core/value.ts';
import { noteKnownByHand } from './by-hand.ts';
import { environmentOf } from './environment.ts';
import type { Execution } from './execution.ts';
import { foreseeFacts } from './facts.ts';
import { moduleWork } from './module-work.ts';
import { type Done, type Open, type Performed, registered, secretsOf } from './result.ts';
import { allHold, jsonOf, known, withoutOmitted, withRegister } from './values.ts';

/** Whether something began that must not be begun a second time. */
export interface Once {
  begin(): void;
  isBegun(): boolean;
}

/** A task once: its parameters, the module's work, and what `changed_when`, `failed_when` and `until` make of it. */
export async function attempt(execution: Execution, once: Once): Promise<Performed> {
  const { task, names, session } = execution;
  const args = withoutOmitted(task.args.render(names));
  const unknown = unknownIn(args);
  if (unknown) return leftOpen(execution, args, unknown);
  const variables = environmentOf(task, names);
  if (variables instanceof Unknown) return leftOpen(execution, args, variables);
  const performed = await moduleWork(execution, { args: jsonOf(args), variables }, once);
  if (performed.kind === 'unknown' || performed.assumed) return performed;
  for (const secret of secretsOf(task.module, performed.result)) session.deps.hide(jsonOf(secret));

  const changes = task.changedWhen && holds(task.changedWhen, execution, performed);
  const done = { ...performed, changed: known(changes ?? performed.changed) ?? performed.changed };
  const fails = task.failedWhen && holds(task.failedWhen, execution, done);
  if (task.failedWhen && fails === true) throw notMet('its failed_when is true', task.failedWhen, done);
  const ends = holds(task.until, execution, done);
  if (ends === false) {
    const why = once.isBegun() ? ', and it is not repeated, because it must happen once' : '';
    throw notMet(`its until was not fulfilled${why}`, task.until, done);
  }
  const open = leftOpenBy({ changes, fails, ends });
  return open ? { ...done, open } : done;
}

type Held = boolean | Unknown | undefined;

/** Check mode: what conditions on the result leave open that depend on what was not run. */
function leftOpenBy({ changes, fails, ends }: { changes: Held; fails: Held; ends: Held }): Open | undefined {
  const found = [
    ['it changes something', changes],
    ['it fails', fails],
    ['it is tried again', ends],
  ] as const;
  const texts = found.flatMap(([what, held]) =>
    held instanceof Unknown ? [`whether ${what} depends on ${held.dependsOn}`] : [],
  );
  if (texts.length === 0) return undefined;
  const fields = {
    ...(changes instanceof Unknown ? { changed: changes } : {}),
    ...(fails instanceof Unknown ? { failed: fails } : {}),
  };
  return { fields, text: texts.join(', ') };
}

/** Check mode: what it would work with is not known. */
function leftOpen(execution: Execution, args: Value, because: Unknown): Performed {
  foreseeFacts(execution, args);
  noteKnownByHand(execution, args);
  return { kind: 'unknown', because, changes: [], text: `depends on ${because.dependsOn}` };
}

/** Conditions on the result, which they see by the task's register. */
function holds(conditions: readonly Template[], { task, names }: Execution, done: Done): boolean | Unknown {
  const register = registered({ changed: done.changed }, done.result);
  return allHold(conditions, withRegister(task, names, register));
}

function notMet(message: string, [first]: readonly Template[], { result, changed }: Done): Failure {
  const fields = Object.entries({ ...result, changed }).map(([key, value]) => [key, jsonOf(value)]);
  return new Failure('condition-not-met', message, {
    result: Object.fromEntries(fields),
    ...(first ? { span: first.span } : {}),
  });
}
