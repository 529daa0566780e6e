import { executionKey, type RunResult } from '../core/event.ts';
import type { MembershipView, Risk } from '../core/guard.ts';
import type { Plan } from '../core/plan.ts';
import type { Connections } from './connections.ts';
import { refusals } from './course.ts';
import type { RunDeps } from './deps.ts';
import { lastWords } from './ending.ts';
import { reportOf } from './fault.ts';
import { membershipNow } from './membership.ts';
import { type Entry, PassLog } from './pass-log.ts';
import { runPlays } from './plays.ts';
import type { Remains } from './remains.ts';
import type { Remembered } from './remembered.ts';
import { Session } from './session.ts';
import { VirtualClock } from './virtual-clock.ts';
import { refusal } from './weigh.ts';
import { asStarted } from './witness.ts';

/** What all passes of a simulation have in common. */
export interface Stage {
  readonly plan: Plan;
  readonly hosts: readonly string[];
  readonly deps: RunDeps;
  /** Shared, so that what is found out once for all is. */
  readonly connections: Connections;
  readonly remembered: Remembered;
}

/** A pass through the plan in check mode, as one process of a run would go through it. */
export interface SimulatedPass {
  readonly log: readonly Entry[];
  readonly outcome: RunResult;
  /** Why it did not come to its goal, and what would help. */
  readonly message: string;
  readonly hint?: string;
  /** The risks of all changes, those before the pass included. */
  readonly made: readonly Risk[];
  /** The members at the end; absent where nothing was done about them, or none can be seen. */
  readonly members?: MembershipView;
  /** True where it asked whether what must happen once was done. */
  readonly asked: boolean;
}

/**
 * Goes through the plan from what a killed run left, as `resume` does, or `anew`, as who runs the playbook again. A question
 * whether something was done is answered by what is so.
 */
export async function simulatedPass(stage: Stage, from: Remains, anew: boolean, laterMs = 0): Promise<SimulatedPass> {
  const { plan, hosts, connections, remembered } = stage;
  const clock = new VirtualClock(from.atMs + laterMs, () => remembered.settled());
  const log = new PassLog({ clock, masked: stage.deps.masked });
  let asked = false;
  const { recall: _recall, ...common } = stage.deps;
  const deps: RunDeps = {
    ...common,
    clock,
    emit: log.emit,
    localFile: (name, folders) => remembered.localFile(name, folders),
    options: { ...stage.deps.options, check: true },
    consent: {
      decide: async (_what, where) => {
        asked = true;
        return from.reallyDone.has(executionKey(stage.deps.masked(where))) ? 'done' : 'again';
      },
    },
    ...(anew ? {} : { recall: { begunAtMs: from.atMs, ended: from.ended, underWay: from.underWay } }),
  };
  const session = new Session(deps, { check: true, hosts, connections, emit: log.emit, witness: log });
  session.assumed.push(...from.made);
  session.following.push(...from.following);
  session.notMade = from.changes;
  await runPlays(plan, session);
  const made = asStarted([...session.assumed, ...session.following]);
  const members = made.some(touchesMembers) ? await membershipNow(session, made) : undefined;
  return {
    log: log.entries,
    made,
    asked,
    ...endOf(session),
    ...(members === undefined ? {} : { members }),
  };
}

function touchesMembers({ kind }: Risk): boolean {
  return kind === 'membership' || kind === 'service' || kind === 'leadership';
}

function endOf(session: Session): Pick<SimulatedPass, 'outcome' | 'message' | 'hint'> {
  const { outcome, error } = lastWords(session);
  const [refused] = outcome === 'done' ? refusals(session.course, session.deps.options.allow) : [];
  const report = refused ? reportOf(refusal(refused.verdict, [])) : error;
  const where = refused ? `${refused.name}: ` : taskOf(session);
  return {
    outcome: refused ? 'refused' : outcome,
    message: report ? `${where}${report.message}` : '',
    ...(report?.hint === undefined ? {} : { hint: report.hint }),
  };
}

function taskOf(session: Session): string {
  const task = [...session.lost.values()].find(fault => fault.task !== undefined)?.task;
  return task === undefined ? '' : `${task}: `;
}
