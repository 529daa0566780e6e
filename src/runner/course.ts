import type { Where } from '../core/event.ts';
import type { CourseStep, Verdict } from '../core/guard.ts';

/** The step that a judged risk is in the course. */
export function courseStep(where: Where, verdict: Verdict): CourseStep {
  return {
    task: where.task,
    name: where.name,
    within: where.item === undefined ? where.within : [...where.within, where.item],
    host: where.host,
    verdict,
  };
}

/** What a yes was given to: a task, in its round, on its host, with this verdict. A worse or another one needs a new yes. */
export function consentKey(step: CourseStep): string {
  return JSON.stringify([step.task, step.within, step.host, step.verdict.kind]);
}

/** As a person reads it: "6.4 Promote node002 (fragile)". */
export function stepText(step: CourseStep): string {
  return `${step.name} (${step.verdict.kind})`;
}

/** The refused steps that no `--allow` accepts. */
export function refusals(course: readonly CourseStep[], allow: readonly string[]): readonly CourseStep[] {
  return course.filter(({ verdict }) => verdict.kind === 'refused' && !isAllowed(verdict, allow));
}

export function isAllowed(verdict: Verdict, allow: readonly string[]): boolean {
  return verdict.allowName !== undefined && allow.includes(verdict.allowName);
}
