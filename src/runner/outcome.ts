import { executionKey } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { UnderWay } from '../core/recall.ts';
import type { Trial } from './trial.ts';

/** What a person said of something that must happen once, and how. */
export interface Decision {
  readonly decision: 'done' | 'again';
  readonly how: 'typed' | '--assume-done' | '--repeat';
}

/**
 * Whether something that must happen once was done by an earlier process of the run, as a person says. Asked once: the
 * rehearsal's answer holds in the run. Throws Failure `outcome-unknown` where nobody says it.
 */
export async function wasDoneBefore(open: UnderWay, trial: Trial): Promise<boolean> {
  const { session, where } = trial;
  const key = executionKey(where);
  const said = session.decisions.get(key) ?? (await decide(open, trial));
  session.decisions.set(key, said);
  if (!session.check) session.emit({ type: 'decided', where, ...said });
  return said.decision === 'done';
}

async function decide({ begunAtMs }: UnderWay, { session, where }: Trial): Promise<Decision> {
  const { options, consent, resume } = session.deps;
  const named = (names: readonly string[] = []) => names.includes(where.task) || names.includes(where.name);
  if (named(options.assumeDone)) return { decision: 'done', how: '--assume-done' };
  if (named(options.repeat)) return { decision: 'again', how: '--repeat' };
  const at = new Date(begunAtMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const rounds = [...where.within, ...(where.item === undefined ? [] : [where.item])];
  const name = rounds.length === 0 ? where.name : `${where.name} (${rounds.join(', ')})`;
  const what = `“${name}” on ${where.on} must happen once; it was begun at ${at}, and its end was not seen`;
  // Hosts work at the same time; people are asked one thing at a time.
  const answer = await session.questions.take(async () => await consent.decide?.(what, where));
  if (answer === 'done' || answer === 'again') return { decision: answer, how: 'typed' };
  const command = resume ?? 'quorate resume';
  throw new Failure('outcome-unknown', what, {
    hint: `look whether it was done; then ${command} --assume-done ${where.task}, or ${command} --repeat ${where.task}`,
  });
}
