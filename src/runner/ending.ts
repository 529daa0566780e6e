import type { ErrorReport, RunResult, Where } from '../core/event.ts';
import type { MembershipView } from '../core/guard.ts';
import type { Trouble } from '../core/trouble.ts';
import { type Fault, reportOf, worstOf } from './fault.ts';
import type { Session } from './session.ts';

/** What a run that did not come to its goal says at its end. */
export interface LastWords {
  readonly outcome: RunResult;
  readonly error?: ErrorReport;
  /** What to type next. */
  readonly next: readonly string[];
}

/** How a session ended, the worst of its hosts deciding. */
export function lastWords(session: Session, before?: Fault): LastWords {
  const halted = before ?? session.halted(false);
  const faults = [...(halted ? [halted] : []), ...session.lost.values()];
  const fault = worstOf(faults);
  if (!fault) return { outcome: 'done', next: [] };
  const { kind } = fault;

  const report = reportOf(fault.failure);
  const error = kind === 'interrupted' ? { ...report, message: `${report.message}; ${standOf(session)}` } : report;
  return { outcome: kind, error, next: nextCommands(kind, session) };
}

export function mayComeOfTrouble(outcome: RunResult): boolean {
  return outcome === 'failed' || outcome === 'unreachable' || outcome === 'refused';
}

/**
 * With what is wrong with the machine that quorate runs on: what fails on a node then (BCM starts nothing there, say) does not
 * tell it. Left as they are where the cause says it already.
 */
export function withTrouble(words: LastWords, { why, hint }: Trouble): LastWords {
  const { error } = words;
  if (!error || NO_ROOM.test(error.message)) return words;
  const then = error.hint === undefined ? hint : `${hint}; then ${error.hint}`;
  return { ...words, error: { ...error, message: `${error.message}; ${why}, which may be why`, hint: then } };
}

/**
 * With the voters for lack of which there is no quorum, as they were seen last: what waits for a quorum (a member that starts, say) does not
 * tell it. Left as they are where the cause names one of them already.
 */
export function withoutQuorum(words: LastWords, view: MembershipView | undefined): LastWords {
  const { error } = words;
  if (!error || !view || view.standing.margin >= 0) return words;
  const voters = view.members.filter(({ role, health }) => role === 'voter' && health !== 'healthy');
  const down = voters.map(({ name, id }) => name || id);
  if (down.length === 0 || down.some(name => error.message.includes(name))) return words;
  return {
    ...words,
    error: {
      ...error,
      message: `${error.message}; there is no quorum, which may be why: ${down.join(', ')} ${down.length === 1 ? 'does' : 'do'} not answer`,
    },
  };
}

/** As the C library says ENOSPC. */
const NO_ROOM = /no space left on device/i;

/** What was done and what was under way, in a sentence. */
function standOf({ changed, underWay }: Session): string {
  const last = changed.at(-1);
  const done = last ? `${changed.length} changed, the last one: ${titled(last)}` : 'nothing was changed';
  const open = underWay.map(titled);
  return open.length === 0
    ? `${done}; nothing was under way`
    : `${done}; under way, its outcome not seen: ${open.join(', ')}`;
}

function titled(where: Where): string {
  const rounds = [...where.within, ...(where.item === undefined ? [] : [where.item])];
  return `${where.name}${rounds.length === 0 ? '' : ` (${rounds.join(', ')})`} on ${where.on}`;
}

/** Where something was begun, the same run is gone on with; else there is nothing to remember. */
function nextCommands(kind: Fault['kind'], { deps, changed, underWay }: Session): readonly string[] {
  if (deps.options.check || kind === 'defect') return ['quorate status'];
  const begun = deps.recall !== undefined || changed.length > 0 || underWay.length > 0;
  return ['quorate status', (begun ? deps.resume : undefined) ?? deps.again];
}
