import { executionKey, type RunEvent } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { Login } from '../core/inventory.ts';
import { isOver, type Recall } from '../core/recall.ts';
import type { Session } from './session.ts';

/** The first event of a process that goes on with a run. */
export function resumed(
  about: Omit<RunEvent & { readonly type: 'resumed' }, 'type' | 'begunAtMs' | 'done' | 'underWay' | 'failed'>,
  { begunAtMs, ended, underWay }: Recall,
): RunEvent {
  const tasks = ended.filter(({ where }) => where.item === undefined);
  const open = new Set(underWay.map(({ where }) => executionKey(where)));
  const failed = tasks.filter(({ where, status }) => !isOver(status) && !open.has(executionKey(where)));
  return {
    type: 'resumed',
    ...about,
    begunAtMs,
    done: tasks.filter(({ status }) => isOver(status)).length,
    underWay: underWay.map(({ where }) => where),
    failed: failed.map(({ where }) => where),
  };
}

/**
 * Connects to every host on which something was under way: a connection of a resume first sees to what earlier processes
 * left running there. Throws Failure `unreachable` where one can't be asked, because what runs there could meet with what
 * comes next.
 */
export async function settleUnderWay({ deps, connections }: Session): Promise<void> {
  const open = deps.recall?.underWay ?? [];
  await Promise.all(
    [...new Set(open.map(({ where }) => JSON.stringify([where.on, where.as ?? {}])))].map(async key => {
      const [host, login]: [string, Login] = JSON.parse(key);
      try {
        await connections.to(host, login);
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'unreachable') throw error;
        const what = open.find(({ where }) => where.on === host)?.where.name ?? '';
        throw new Failure('unreachable', `${error.message}; “${what}” was under way there, so nothing else is begun`, {
          hint: 'start it; or, where it is gone for good, run the playbook anew instead of resuming it',
          cause: error,
        });
      }
    }),
  );
}
