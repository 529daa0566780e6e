import pRetry from 'p-retry';
import type { Template } from '../core/template.ts';
import { attempt } from './attempt.ts';
import type { Execution } from './execution.ts';
import { catchable, type Fault, faultOf } from './fault.ts';
import { failedResult, type Performed } from './result.ts';
import { allHold, knownNumber, withRegister } from './values.ts';

/** Ansible's, where a task has `until` and no `retries`. */
const RETRIES_OF_UNTIL = 3;
const DELAY_S = 5;

/**
 * Does a task, again where `retries` or `until` ask for it. Never again: what must happen once and has begun, a refusal,
 * an unreachable host. Throws the last failure.
 */
export async function attempts(execution: Execution): Promise<Performed> {
  const { task, names, where, around, session } = execution;
  const asked = knownNumber(task.retries, names, 'retries') ?? (task.until.length > 0 ? RETRIES_OF_UNTIL : 0);
  // In check mode, waiting for what no longer comes about by itself would be in vain.
  const retries = session.notMade > 0 ? 0 : Math.floor(asked);
  const delayMs = 1000 * (knownNumber(task.delay, names, 'delay') ?? DELAY_S);
  const backoff = knownNumber(task.backoff, names, 'backoff') ?? 1;
  let begun = false;
  const once = {
    begin: () => {
      begun = true;
    },
    isBegun: () => begun,
  };
  const mayRepeat = (error: Error) => !begun && isRepeatable(execution, faultOf(error));

  // p-retry counts and decides; the waiting is the clock's, which the tests hold and a stop interrupts.
  return await pRetry(async () => await attempt(execution, once), {
    retries,
    minTimeout: 0,
    shouldRetry: ({ error }) => mayRepeat(error),
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (retriesLeft === 0 || !mayRepeat(error)) return;
      const waitMs = delayMs * backoff ** (attemptNumber - 1);
      session.emit({
        type: 'retry',
        where,
        attempt: attemptNumber,
        attempts: retries + 1,
        waitMs,
        because: error.message,
      });
      await session.deps.clock.sleep(waitMs, session.patience(around.cleaning));
    },
  });
}

/** A lost answer may be followed by another try, which looks first; a failure that fulfils the `until` is not, as in Ansible. */
function isRepeatable({ task, names }: Execution, fault: Fault): boolean {
  if (!catchable(fault) && fault.failure.code !== 'answer-lost') return false;
  return task.until.length === 0 || !surelyHold(task.until, withRegister(task, names, failedResult(fault)));
}

function surelyHold(conditions: readonly Template[], names: Execution['names']): boolean {
  try {
    return allHold(conditions, names) === true;
  } catch {
    return false;
  }
}
