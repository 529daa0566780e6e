import type { LocalFiles } from '../core/host.ts';
import type { Json } from '../core/value.ts';
import type { Once } from './attempt.ts';
import { forModule, type Variables } from './environment.ts';
import type { Execution } from './execution.ts';
import { catchable, faultOf } from './fault.ts';
import { probeOf, type Reach } from './host.ts';
import { perform } from './kinds/perform.ts';
import { limited } from './limit.ts';
import { modeOf } from './mode.ts';
import { failedResult, type Performed, secretsOf } from './result.ts';
import { allHold, jsonOf, known, knownNumber, withRegister } from './values.ts';

/** The module's work within the task's `timeout`. A failure of which `failed_when` says that it is none becomes a result. */
export async function moduleWork(
  execution: Execution,
  { args, variables }: { readonly args: Json; readonly variables: Variables },
  once: Once,
): Promise<Performed> {
  const { task, names, where, around, session } = execution;
  const { deps, connections } = session;
  const limitS = knownNumber(task.timeout, names, 'timeout');
  const params = deps.validate(task.module, args);
  const environment = forModule(task, variables);
  const { module } = task;
  const mode = modeOf(task, names, session.check, () => module.kind === 'act' && module.onlyLooks?.(params) === true);
  // What only looks leaves nothing half done, so a stop need not wait for it.
  const signal =
    task.module.kind === 'observe' || task.module.kind === 'control' ? session.patience(around.cleaning) : deps.abort;
  try {
    return await limited(limitS === undefined ? undefined : limitS * 1000, deps.clock, signal, async limit => {
      const reach: Reach = {
        connections,
        task: where.task,
        signal: limit,
        clock: deps.clock,
        check: mode !== 'real',
        ...(connections.still ? { still: true } : {}),
        ...((task.diff ?? deps.options.diff) ? { diff: true } : {}),
        assumed: session.assumed,
        ...(where.as ? { login: where.as } : {}),
        ...(Object.keys(environment).length > 0 ? { environment } : {}),
        files: await filesOf(execution, params),
        progress: progress => session.emit({ type: 'progress', where, progress }),
      };
      const probe = probeOf(where.on, reach);
      return await perform({
        session,
        task,
        where,
        params,
        probe,
        reach,
        mode,
        cleaning: around.cleaning,
        onceOnly: once.begin,
      });
    });
  } catch (error) {
    const performed = excused(execution, error);
    if (performed) return performed;
    throw error;
  }
}

/** Throws Failure `file-not-found`. */
async function filesOf({ task, session }: Execution, params: Readonly<Record<string, Json>>): Promise<LocalFiles> {
  const named = Object.entries(task.module.localFiles?.(params) ?? {});
  const read = named.map(async ([at, name]) => [at, await session.deps.localFile(name, task.folders)] as const);
  return new Map(await Promise.all(read));
}

function excused({ task, names, session }: Execution, error: unknown): Performed | undefined {
  const fault = faultOf(error);
  const { result } = fault.failure;
  for (const secret of secretsOf(task.module, result)) session.deps.hide(jsonOf(secret));
  if (!task.failedWhen || !catchable(fault)) return undefined;
  const fails = known(allHold(task.failedWhen, withRegister(task, names, failedResult(fault))));
  if (fails !== false) return undefined;
  return { kind: 'done', changed: result.changed !== false && task.module.kind === 'act', changes: [], result };
}
