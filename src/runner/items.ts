import type { Loop } from '../core/plan.ts';
import { Unknown } from '../core/value.ts';
import { execute } from './execute.ts';
import { conditionsOf, dependsOn, type Execution, failed, isLive, reported, skipped } from './execution.ts';
import { catchable, type Fault } from './fault.ts';
import { type Round, roundsOf } from './loop.ts';
import { nameOf } from './name.ts';
import { hiddenLabel } from './no-log.ts';
import { type Ending, loopResult, loopStatus, withItem } from './result.ts';
import { allHold, knownNumber } from './values.ts';

/** All items of a task's loop, one after the other. Never throws. */
export async function executeItems(execution: Execution, loop: Loop): Promise<Ending> {
  const { names } = execution;
  try {
    const rounds = roundsOf(loop, names);
    if (rounds instanceof Unknown) return isLeftOut(execution) ? skipped(execution) : dependsOn(execution, rounds);
    return await inTurn(execution, rounds, 1000 * (knownNumber(loop.pause, names, 'pause') ?? 0));
  } catch (error) {
    // A list that can't be had does not matter where the condition leaves the task out anyway.
    return isLeftOut(execution) ? skipped(execution) : failed(execution, error);
  }
}

/** A failed item does not stop the others, as in Ansible; what is no matter of one item does. */
async function inTurn(execution: Execution, rounds: readonly Round[], pauseMs: number): Promise<Ending> {
  const { around, session, where } = execution;
  const { clock } = session.deps;
  const live = isLive(execution);
  const endings: Ending[] = [];
  let uncaught: Fault | undefined;
  let halted: Fault | undefined;
  for (const [index, round] of rounds.entries()) {
    if (index > 0 && pauseMs > 0 && session.memory.isLive(where.host))
      await clock.sleep(pauseMs, session.patience(around.cleaning)).catch(() => {});
    halted = session.halted(around.cleaning);
    if (halted) break;
    const ending = await reported(itemOf(execution, round, index), execute, live);
    endings.push({ ...ending, register: withItem(ending.register, round.item ?? null) });
    if (!ending.fault || ending.status === 'ignored') continue;
    uncaught ??= ending.fault;
    if (!catchable(ending.fault)) {
      uncaught = ending.fault;
      break;
    }
  }
  const fault = halted ?? uncaught;
  return {
    status: halted ? 'failed' : loopStatus(endings.map(ending => ending.status)),
    changes: endings.flatMap(ending => ending.changes),
    register: loopResult(endings.map(ending => ending.register)),
    ...(fault === undefined ? {} : { fault }),
  };
}

function itemOf(execution: Execution, { names, label = '' }: Round, index: number): Execution {
  const { task, where } = execution;
  const item = task.noLog ? hiddenLabel(index) : label;
  return { ...execution, names, where: { ...where, name: nameOf(task, task.module.name, names), item } };
}

/** True where the conditions leave the task out, whatever its items are. */
function isLeftOut(execution: Execution): boolean {
  try {
    return allHold(conditionsOf(execution), execution.names) === false;
  } catch {
    return false;
  }
}
