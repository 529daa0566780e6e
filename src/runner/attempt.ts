import pRetry from 'p-retry';
import type { Where } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { Task } from '../core/plan.ts';
import { Unknown, unknownIn } from '../core/value.ts';
import { foreseeFacts } from './facts.ts';
import { catchable, faultOf } from './fault.ts';
import { probeOf, type Reach } from './host.ts';
import { perform } from './kinds/perform.ts';
import { limited } from './limit.ts';
import { type Done, failedResult, type Performed, registered, secretsOf } from './result.ts';
import { type Names, valuesLayer } from './scope.ts';
import type { Session } from './session.ts';
import { allHold, jsonOf, numberOf, withoutOmitted } from './values.ts';

/** Ansible's, where a task has `until` and no `retries`. */
const RETRIES_OF_UNTIL = 3;
const DELAY_S = 5;

/**
 * Does a task, again where `retries` or `until` ask for it. Never again: what must happen once and has begun, a refusal,
 * an unreachable host. Throws the last failure.
 */
export async function attempts(
  task: Task,
  names: Names,
  where: Where,
  session: Session,
  cleaning: boolean,
): Promise<Performed> {
  const { deps } = session;
  const asked = known(numberOf(task.retries, names, 'retries')) ?? (task.until.length > 0 ? RETRIES_OF_UNTIL : 0);
  // In check mode, waiting for what no longer comes about by itself would be in vain.
  const retries = session.notMade > 0 ? 0 : Math.floor(asked);
  const delayMs = 1000 * (known(numberOf(task.delay, names, 'delay')) ?? DELAY_S);
  const backoff = known(numberOf(task.backoff, names, 'backoff')) ?? 1;
  let begun = false;
  const begin = () => {
    begun = true;
  };
  const mayRepeat = (error: Error) => {
    const fault = faultOf(error);
    return !begun && (catchable(fault) || fault.failure.code === 'answer-lost');
  };

  // p-retry counts and decides; the waiting is the clock's, which the tests hold and a stop interrupts.
  return await pRetry(
    async () => await attempt(task, names, where, session, { cleaning, begin, isBegun: () => begun }),
    {
      retries,
      minTimeout: 0,
      shouldRetry: ({ error }) => mayRepeat(error),
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
        if (retriesLeft === 0 || !mayRepeat(error)) return;
        const waitMs = delayMs * backoff ** (attemptNumber - 1);
        const attempt = attemptNumber + 1;
        session.emit({ type: 'retry', where, attempt, attempts: retries + 1, waitMs, because: error.message });
        await deps.clock.sleep(waitMs, AbortSignal.any([deps.abort, deps.stop]));
      },
    },
  );
}

/** What the tries of an execution have in common. */
interface Once {
  readonly cleaning: boolean;
  /** Something began that must not be begun a second time. */
  begin(): void;
  isBegun(): boolean;
}

async function attempt(task: Task, names: Names, where: Where, session: Session, once: Once): Promise<Performed> {
  const { module } = task;
  const args = withoutOmitted(task.args.render(names));
  const unknown = unknownIn(args);
  if (unknown) {
    foreseeFacts(task, args, where.host, session);
    return { kind: 'unknown', because: unknown, changes: [], text: `depends on ${unknown.dependsOn}` };
  }
  const performed = await moduleWork(task, names, where, session, jsonOf(args), once);
  if (performed.kind === 'unknown') return performed;
  for (const secret of secretsOf(module, performed.result)) session.deps.hide(jsonOf(secret));

  const seen = withRegister(task, names, registered({ changed: performed.changed }, performed.result));
  const changed = task.changedWhen ? known(allHold(task.changedWhen, seen)) : undefined;
  const done: Done = { ...performed, changed: changed ?? performed.changed };
  const register = registered({ changed: done.changed }, done.result);
  const inScope = withRegister(task, names, register);
  const result = resultJson(done);
  if (task.failedWhen && known(allHold(task.failedWhen, inScope)) === true) {
    throw new Failure('condition-not-met', 'its failed_when is true', {
      result,
      span: task.failedWhen[0]?.span ?? task.span,
    });
  }
  if (task.until.length > 0 && known(allHold(task.until, inScope)) === false) {
    const why = once.isBegun() ? ', and it is not repeated, because it must happen once' : '';
    throw new Failure('condition-not-met', `its until was not fulfilled${why}`, {
      result,
      span: task.until[0]?.span ?? task.span,
    });
  }
  return done;
}

/** The module's work, its failure left out where `failed_when` says that it is none. */
async function moduleWork(
  task: Task,
  names: Names,
  where: Where,
  session: Session,
  args: ReturnType<typeof jsonOf>,
  once: Once,
): Promise<Performed> {
  const { deps, connections } = session;
  const limitS = known(numberOf(task.timeout, names, 'timeout'));
  // What only looks leaves nothing half done, so a stop need not wait for it.
  const signal = task.module.kind === 'observe' ? AbortSignal.any([deps.abort, deps.stop]) : deps.abort;
  const params = deps.validate(task.module, args);
  try {
    return await limited(limitS === undefined ? undefined : limitS * 1000, deps.clock, signal, async limit => {
      const reach: Reach = {
        connections,
        task: where.task,
        signal: limit,
        clock: deps.clock,
        assumed: session.assumed,
        progress: progress => session.emit({ type: 'progress', where, progress }),
      };
      return await perform({
        session,
        task,
        where,
        params,
        probe: probeOf(where.on, reach),
        reach,
        cleaning: once.cleaning,
        onceOnly: once.begin,
      });
    });
  } catch (error) {
    const fault = faultOf(error);
    for (const secret of secretsOf(task.module, fault.failure.result)) deps.hide(jsonOf(secret));
    if (!task.failedWhen || !catchable(fault)) throw error;
    const result = failedResult(fault);
    if (known(allHold(task.failedWhen, withRegister(task, names, result))) !== false) throw error;
    const changed = fault.failure.result.changed !== false && task.module.kind === 'act';
    return { kind: 'done', changed, changes: [], result: fault.failure.result };
  }
}

function withRegister(task: Task, names: Names, result: ReturnType<typeof registered>): Names {
  return task.register === undefined ? names : names.near(valuesLayer({ [task.register]: result }));
}

function resultJson(done: Done): { readonly [key: string]: ReturnType<typeof jsonOf> } {
  const fields = Object.entries({ ...done.result, changed: done.changed });
  return Object.fromEntries(fields.map(([key, value]) => [key, jsonOf(value)]));
}

function known<T>(value: T | Unknown): T | undefined {
  return value instanceof Unknown ? undefined : value;
}
