import type { HandTask, RunResult } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { CourseStep } from '../core/guard.ts';
import { type Plan, tasksOfPlay } from '../core/plan.ts';
import type { Json } from '../core/value.ts';
import { Connections } from './connections.ts';
import { consentTo } from './consent.ts';
import { refusals } from './course.ts';
import type { RunDeps, RunOutcome } from './deps.ts';
import { type LastWords, lastWords, mayComeOfTrouble, withoutQuorum, withTrouble } from './ending.ts';
import { type Fault, faultOf } from './fault.ts';
import { loginOfRun } from './login.ts';
import { membershipNow } from './membership.ts';
import { runPlays } from './plays.ts';
import { isWeighed, rehearse } from './rehearse.ts';
import { resumed, settleUnderWay } from './resumed.ts';
import { Session } from './session.ts';
import { holdLocks, refusal } from './weigh.ts';

/**
 * Runs a plan, or in check mode only goes through it. Everything that happens is an event; what is returned is how it ended.
 * Never throws for what happens on hosts: that ends in `run-ended`. Closes the connections it opened.
 */
export async function run(plan: Plan, deps: RunDeps): Promise<RunOutcome> {
  const startMs = deps.clock.now();
  const hosts = [...new Set(plan.plays.flatMap(play => play.hosts))];
  const connections = new Connections(deps.inventory, startMs.toString(36), (host, signal) =>
    deps.connect(host, signal),
  );
  connections.lookAs = loginOfRun(plan.plays.flatMap(play => [...tasksOfPlay(play)]));
  const session = new Session(deps, { check: deps.options.check, hosts, connections, emit: event => deps.emit(event) });
  const inputs = hideSecrets(plan, deps);
  const about = { run: deps.run, playbook: plan.source.name, inputs, hosts };
  session.emit(deps.recall ? resumed(about, deps.recall) : { type: 'run-started', check: session.check, ...about });
  try {
    const { pass, stopped } = await goThrough(plan, session, hosts).catch(error => ({
      pass: session,
      stopped: faultOf(error),
    }));
    const { outcome, error, next } = await withWhatMayBeWhy(lastWords(pass, stopped), session);
    const { left: waiting } = pass.waiting;
    const durationMs = deps.clock.now() - startMs;
    const totals = pass.totals.get();
    session.emit({
      type: 'run-ended',
      outcome,
      durationMs,
      totals,
      next,
      ...(error === undefined ? {} : { error }),
      ...remainingAfter(outcome, pass),
      ...(waiting.length === 0 || pass.check ? {} : { waiting }),
    });
    return { outcome };
  } finally {
    await session.locks.release(deps.recall !== undefined && isWeighed(plan));
    await connections.close();
  }
}

async function withWhatMayBeWhy(words: LastWords, { deps, known }: Session): Promise<LastWords> {
  if (!mayComeOfTrouble(words.outcome)) return words;
  const trouble = await deps.ownTrouble?.();
  return withoutQuorum(trouble ? withTrouble(words, trouble) : words, known.of(deps.access)?.view);
}

/** Which pass over the plan counts, and where it was halted: why. */
interface Passed {
  readonly pass: Session;
  readonly stopped?: Fault;
}

/** Membership, course and yes, the plays, membership. Throws why nothing was begun, where that is so. */
async function goThrough(plan: Plan, session: Session, hosts: readonly string[]): Promise<Passed> {
  const weighed = isWeighed(plan);
  await settleUnderWay(session);
  if (weighed) await showMembership(session, 'before');
  if (session.check) {
    await runPlays(plan, session);
    if (session.course.length > 0) session.emit({ type: 'course', steps: session.course });
    throwRefused(plan, session.course, session);
    return { pass: session };
  }
  if (weighed && !session.halted(false)) {
    const rehearsal = await rehearse(plan, session, hosts);
    if (rehearsal.events) {
      for (const event of rehearsal.events) session.emit(event);
      await showMembership(session, 'after');
      const stopped = session.halted(false);
      return { pass: rehearsal.session, ...(stopped ? { stopped } : {}) };
    }
    if (!session.halted(false)) await agreeOn(plan, rehearsal.session.course, session);
    session.follows(rehearsal.session);
  }
  await runPlays(plan, session);
  if (weighed && !session.deps.abort.aborted) await showMembership(session, 'after');
  return { pass: session };
}

/** What of a run that was begun is not done. What a guard refuses is not to be typed either. */
function remainingAfter(outcome: RunResult, { check, remaining }: Session): { remaining?: readonly HandTask[] } {
  return check || ['done', 'refused', 'locked'].includes(outcome) || remaining.length === 0 ? {} : { remaining };
}

/** Shows the course, refuses what is refused, and asks for the yes. Nothing to change: nothing to ask. */
async function agreeOn(plan: Plan, course: readonly CourseStep[], session: Session): Promise<void> {
  const [first] = course;
  if (!first) return;
  // Before the course is shown, so that nobody else changes what is being asked about.
  for (const { host, verdict } of course) await holdLocks({ host }, [verdict.risk], session);
  session.emit({ type: 'course', steps: course });
  throwRefused(plan, course, session);
  await consentTo(course, session);
}

function throwRefused(plan: Plan, course: readonly CourseStep[], session: Session): void {
  const [refused] = refusals(course, session.deps.options.allow);
  if (!refused) return;
  const tasks = plan.plays.flatMap(play => [...tasksOfPlay(play)]);
  const foreseen = tasks.find(task => task.id === refused.task)?.allow ?? [];
  const cause = refusal(refused.verdict, foreseen);
  const where = [refused.name, ...refused.within].join(', ');
  throw new Failure(
    'guard-refused',
    `${where}: ${cause.message}`,
    cause.hint === undefined ? {} : { hint: cause.hint },
  );
}

async function showMembership(session: Session, moment: 'before' | 'after'): Promise<void> {
  const view = await membershipNow(session);
  if (!view) return;
  session.known.sees(session.deps.access, view, moment);
}

/** The inputs of all plays, for the first event; what is secret among them is masked from here on. */
function hideSecrets(plan: Plan, deps: RunDeps): Readonly<Record<string, Json>> {
  const inputs: Record<string, Json> = {};
  for (const play of plan.plays) {
    for (const name of play.secretParams) deps.hide(play.params[name] ?? null);
    Object.assign(inputs, play.params);
  }
  return inputs;
}
