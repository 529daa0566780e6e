import { executionKey } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { ClusterAccess, MembershipRisk, Risk, ServiceRisk, Standing, Verdict } from '../core/guard.ts';
import { askAgain } from './consent.ts';
import { consentKey, courseStep, isAllowed, stepText } from './course.ts';
import { faultOf } from './fault.ts';
import { bare, probeOf } from './host.ts';
import { membersText } from './known.ts';
import type { LockPlace } from './locks.ts';
import { membershipNow } from './membership.ts';
import type { Session } from './session.ts';
import type { Trial } from './trial.ts';

/** True where a guard can weigh what it costs: then changes are made one at a time. */
export function isWeighty(risks: readonly Risk[]): boolean {
  return risks.some(canCost);
}

function canCost(risk: Risk): risk is MembershipRisk | ServiceRisk {
  return risk.kind === 'membership' || risk.kind === 'service';
}

/**
 * Weighs a change against the live cluster, just before it is made. Returns where it may be made; else throws Failure
 * `guard-refused` or `consent-missing`, which nothing in a playbook catches.
 */
export async function weigh(risks: readonly Risk[], trial: Trial): Promise<void> {
  const { session, where, task } = trial;
  const { allow } = session.deps.options;
  session.foreseen.confirm(executionKey(where), risks);
  await holdLocks({ host: where.on, ...(where.as ? { login: where.as } : {}) }, risks, session);
  for (const verdict of await verdicts(risks, trial)) {
    const step = courseStep(where, verdict);
    switch (verdict.kind) {
      case 'safe':
        break;
      case 'fragile':
      case 'interrupts':
        if (!session.consented.has(consentKey(step))) await askAgain(step, session);
        break;
      case 'refused':
        if (!isAllowed(verdict, allow)) throw refusal(verdict, task.allow);
        session.emit({ type: 'consent', how: '--allow', to: [stepText(step)] });
        break;
    }
  }
  session.known.changes(risks);
}

/** How the clusters are reached that risks are about, each once. */
function accessesOf(risks: readonly Risk[]): readonly ClusterAccess[] {
  return [...new Map(risks.filter(canCost).map(({ access }) => [JSON.stringify(access), access])).values()];
}

/** Takes the locks on the memberships that risks are about, or makes sure that they are still this run's. */
export async function holdLocks(at: LockPlace, risks: readonly Risk[], session: Session): Promise<void> {
  for (const access of accessesOf(risks)) await session.locks.hold(at, access);
}

/** Check mode: weighs a change against the cluster as it would be by then. Refuses nothing. */
export async function foresee(risks: readonly Risk[], trial: Trial): Promise<void> {
  const { session, where } = trial;
  await verdicts(risks, trial);
  session.foreseen.note(executionKey(where), risks);
}

/** Each verdict takes the risks before it, of the same change, as come true. */
async function verdicts(risks: readonly Risk[], trial: Trial): Promise<readonly Verdict[]> {
  const { session, where, reach } = trial;
  const { guard, clock } = session.deps;
  const weighed: Risk[] = [];
  const found: Verdict[] = [];
  for (const risk of risks) {
    if (!canCost(risk)) continue;
    const probe = probeOf(where.on, { ...bare(reach), assumed: [...reach.assumed, ...weighed] });
    const known = session.known.of(risk.access);
    const { verdict, seen } = await guard.judge(risk, {
      probe,
      evidence: session.evidence,
      nowMs: clock.now(),
      ...(known && { known }),
    });
    if (seen) session.known.sees(risk.access, seen, 'between');
    weighed.push(risk);
    found.push(verdict);
    session.course.push(courseStep(where, verdict));
    session.emit({ type: 'judged', where, verdict });
  }
  return found;
}

/**
 * Looks at the members after a change of theirs, so that whatever is seen next can be told from it. What somebody else changed
 * meanwhile ends the run, not the task: that is done. Where nothing can be seen, the next weighing tells.
 */
export async function lookAfter(risks: readonly Risk[], { session, where, reach }: Trial): Promise<void> {
  const { guard } = session.deps;
  for (const access of accessesOf(risks)) {
    const known = session.known.of(access);
    const view = await guard.membership(probeOf(where.on, bare(reach)), access);
    if (!view) continue;
    const foreign = known && guard.foreignChange(known, view);
    session.known.sees(access, view, 'between');
    if (foreign !== undefined)
      session.halt(faultOf(new Failure('guard-refused', foreign, { hint: 'find out who: quorate status' })));
  }
}

/** A refusal as a failure. `foreseen` are the risks that the task's `allow` names: then the hint says how to accept it. */
export function refusal(verdict: Verdict, foreseen: readonly string[]): Failure {
  const { reason, next, allowName } = verdict;
  const accept =
    allowName !== undefined && foreseen.includes(allowName) ? `--allow ${allowName} accepts it` : undefined;
  const hint = [next, accept].filter(part => part !== undefined).join('; ');
  return new Failure('guard-refused', `${reason}${numbersOf(verdict)}`, hint === '' ? {} : { hint });
}

/** " (quorum-lost: 2 of 3 voters are healthy, quorum 2; after it 1 of 3, quorum 2)": the rule, and what it was weighed on. */
function numbersOf({ allowName, before, after }: Verdict): string {
  if (!before || !after) return allowName === undefined ? '' : ` (${allowName})`;
  const healthy = (s: Standing) => `${s.healthy} of ${s.voters}`;
  const now = `${healthy(before)} voters are healthy, quorum ${before.quorum}`;
  return ` (${allowName}: ${now}; after it ${healthy(after)}, quorum ${after.quorum})`;
}

/** Compares the membership before and after a command whose effect nobody knows, and warns where it changed. */
export async function watched<T>(risks: readonly Risk[], trial: Trial, work: () => Promise<T>): Promise<T> {
  const { session, where } = trial;
  if (!risks.some(risk => risk.kind === 'opaque')) return await work();
  const { access } = session.deps;
  const before = session.known.of(access)?.view ?? (await membershipNow(session));
  if (!before) return await work();
  try {
    return await work();
  } finally {
    const after = await membershipNow(session);
    if (after) session.known.sees(access, after, 'between');
    if (after && membersText(before) !== membersText(after)) {
      const message = `${where.name} on ${where.on} changed the membership: ${membersText(before)} → ${membersText(after)}`;
      session.emit({ type: 'warning', message });
    }
  }
}
