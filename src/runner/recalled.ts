import { Failure } from '../core/failure.ts';
import type { Task } from '../core/plan.ts';
import type { Recollection } from '../core/recall.ts';
import { isMap } from '../core/value.ts';
import type { Execution } from './execution.ts';
import { factsHost } from './facts.ts';
import type { Fault } from './fault.ts';
import { includeAgain } from './included.ts';
import { type Ending, skippedResult } from './result.ts';
import type { Session } from './session.ts';
import { jsonOf } from './values.ts';

/** What a task proved (a snapshot) is worth something only while it is young; a guard wants it no older than ten minutes. */
export const PROOF_MS = 5 * 60_000;

/**
 * The end to which an earlier process of the run brought this execution, with its facts and proofs restored; undefined
 * where it is to be done. `live` as in `Memory.take`.
 */
export function recalled({ session, task, where }: Execution, live: boolean): Ending | undefined {
  const { memory } = session;
  const record = memory.take(where, live);
  if (!record) return undefined;
  if (isWanting(record, task, session)) {
    if (!record.notMade) memory.reopen(where, record);
    session.recalled(record, where, true);
    return undefined;
  }
  for (const [name, value] of Object.entries(record.facts))
    session.foundOn(factsHost(task, record.where)).set(name, value);
  if (wasDone(record)) includeAgain(task, factsHost(task, record.where), record.result, session);
  if (task.module.kind === 'act' && task.module.proves && wasDone(record)) {
    session.evidence.push(...(record.proved ?? task.module.proves(record.result, record.endedAtMs)));
  }
  session.recalled(record, where, false);
  const fault = faultIn(record);
  return {
    status: record.status,
    on: record.where.on,
    changes: record.changes,
    register: record.status === 'skipped' ? skippedResult() : record.result,
    ...(fault === undefined ? {} : { fault }),
  };
}

/** True where what is needed of it is not there, so that it is looked at again: secret values, or a proof that is too old. */
function isWanting(record: Recollection, task: Task, session: Session): boolean {
  if (!wasDone(record)) return false;
  const { module } = task;
  const proves = module.kind === 'act' && module.proves !== undefined;
  if (record.notMade) return true;
  const setsFacts = module.kind === 'control' && (module.namesFacts === true || module.readsVars !== undefined);
  if (record.withheld && (task.register !== undefined || proves || setsFacts)) return true;
  return proves && session.memory.isLatest(record) && session.deps.clock.now() - record.endedAtMs > PROOF_MS;
}

function wasDone({ status }: Recollection): boolean {
  return status === 'ok' || status === 'changed';
}

/** Why it failed, where the failure was ignored or is being rescued. */
function faultIn({ error, result, where }: Recollection): Fault | undefined {
  if (!error) return undefined;
  const { code, message, hint } = error;
  const found = isMap(result) ? Object.fromEntries(Object.entries(result).map(([k, v]) => [k, jsonOf(v)])) : {};
  const failure = new Failure(code, message, { result: found, ...(hint === undefined ? {} : { hint }) });
  return { kind: 'failed', failure, task: where.name };
}
