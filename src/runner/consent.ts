import { Failure } from '../core/failure.ts';
import type { CourseStep } from '../core/guard.ts';
import { consentKey, stepText } from './course.ts';
import type { Session } from './session.ts';

/**
 * Asks once for the whole course. Returns where it was accepted, by `--yes` or by a typed yes; else throws Failure
 * `consent-missing`.
 */
export async function consentTo(course: readonly CourseStep[], session: Session): Promise<void> {
  const { options } = session.deps;
  if (!options.yes) await typedYes(course, session);
  for (const step of course) session.consented.add(consentKey(step));
  session.emit({ type: 'consent', how: options.yes ? '--yes' : 'typed', to: course.map(stepText) });
}

/** A step that was not in the course, or with another verdict, needs a yes of its own: `--yes` accepted what was shown. */
export async function askAgain(step: CourseStep, session: Session): Promise<void> {
  await typedYes([step], session);
  session.consented.add(consentKey(step));
  session.emit({ type: 'consent', how: 'typed', to: [stepText(step)] });
}

async function typedYes(steps: readonly CourseStep[], session: Session): Promise<void> {
  const { consent } = session.deps;
  const what =
    steps.length === 1 && steps[0] ? `${stepText(steps[0])}: ${steps[0].verdict.reason}` : 'the course above';
  if (!consent.ask) {
    throw new Failure('consent-missing', `nobody can be asked for a yes to ${what}`, {
      hint: 'run it at a terminal, or add --yes to accept the course that is shown',
    });
  }
  if (!(await consent.ask(steps))) throw new Failure('consent-missing', `there was no yes to ${what}`);
}
