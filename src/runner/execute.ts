import { Failure } from '../core/failure.ts';
import { Unknown } from '../core/value.ts';
import { attempts } from './attempts.ts';
import { conditionsOf, dependsOn, type Execution, failed, skipped } from './execution.ts';
import { loginOf, placeFor } from './login.ts';
import { type Ending, registered, withReach } from './result.ts';
import { allHold, textOf } from './values.ts';

/** A task once: its conditions, its host, its tries. Never throws. */
export async function execute(execution: Execution): Promise<Ending> {
  const { names, where } = execution;
  let on = where.on;
  try {
    const holds = allHold(conditionsOf(execution), names);
    if (holds === false) return skipped(execution);
    if (holds instanceof Unknown) return dependsOn(execution, holds);
    const delegate = delegateOf(execution);
    if (delegate instanceof Unknown) return dependsOn(execution, delegate);
    const login = loginOf(execution.task, names);
    if (login instanceof Unknown) return dependsOn(execution, login);
    const place = placeFor(delegate, login, execution.session.deps.inventory);
    on = place.on;
    return { ...(await tried({ ...execution, where: { ...where, ...place } })), ...place };
  } catch (error) {
    return { ...failed(execution, error), on };
  }
}

async function tried(execution: Execution): Promise<Ending> {
  const performed = await attempts(execution);
  const { changes, text } = performed;
  if (performed.kind === 'unknown') {
    return { status: 'unknown', changes, register: performed.because, text: text ?? 'not run in check mode' };
  }
  const { changed, result, facts, notMade, open } = performed;
  const register = withReach(execution.task, { ...registered({ changed }, result), ...open?.fields }, false);
  const said = [text, open?.text].filter(one => one !== undefined);
  // What a change leads to is foreseen in any case, so it is told as one.
  const isOpen = open !== undefined && execution.task.module.kind !== 'converge';
  return {
    status: isOpen ? 'unknown' : changed ? 'changed' : 'ok',
    changes,
    register,
    ...(facts ? { facts } : {}),
    ...(said.length > 0 ? { text: said.join('\n') } : {}),
    ...(notMade ? { notMade } : {}),
  };
}

/** The host to work on: `delegate_to`, or the task's own. */
function delegateOf({ task, names, where }: Execution): string | Unknown {
  if (!task.delegateTo) return where.host;
  const value = task.delegateTo.render(names);
  if (typeof value === 'string' || value instanceof Unknown) return value;
  throw new Failure('invalid-value', `delegate_to needs the name of a host, not ${textOf(value)}`, {
    span: task.delegateTo.span,
  });
}
