import type { Diagnostic } from '../core/diagnostic.ts';
import { type Step, tasksOf } from '../core/plan.ts';
import { didYouMean } from './expression/nearest.ts';

/** What `--tags` and `--skip-tags` ask for. Empty `tags`: everything that is not tagged `never`. */
export interface Selection {
  readonly tags: readonly string[];
  readonly skip: readonly string[];
}

const special = new Set(['all', 'tagged', 'untagged', 'always', 'never']);

/**
 * Leaves out the tasks that are not selected, with Ansible's meaning: `always` is in unless skipped, `never` is out unless
 * it, or another tag of the task, is asked for. Blocks and includes of which nothing is left go too.
 */
export function selectSteps(steps: readonly Step[], selection: Selection): readonly Step[] {
  return steps.flatMap(step => selectStep(step, selection) ?? []);
}

function selectStep(step: Step, selection: Selection): Step | undefined {
  switch (step.kind) {
    case 'task':
    case 'flush':
    case 'end':
      return isSelected(step.tags, selection) ? step : undefined;
    case 'include': {
      const body = selectSteps(step.body, selection);
      return body.length > 0 ? { ...step, body } : undefined;
    }
    case 'block': {
      const body = selectSteps(step.body, selection);
      const rescue = body.length > 0 ? selectSteps(step.rescue, selection) : [];
      const always = selectSteps(step.always, selection);
      return body.length + always.length > 0 ? { ...step, body, rescue, always } : undefined;
    }
  }
}

function isSelected(tags: readonly string[], { tags: wanted, skip }: Selection): boolean {
  const has = (tag: string): boolean => {
    if (tag === 'all') return true;
    if (tag === 'tagged') return tags.some(t => !special.has(t));
    return tag === 'untagged' ? !tags.some(t => !special.has(t)) : tags.includes(tag);
  };
  if (skip.some(tag => (tag === 'all' ? !tags.includes('always') : has(tag)))) return false;
  if (tags.includes('never')) return wanted.some(tag => (tag === 'never' || !special.has(tag)) && has(tag));
  return wanted.length === 0 || tags.includes('always') || wanted.some(has);
}

/** Tags that were asked for and stand on no task. */
export function unknownTags(steps: readonly Step[], { tags, skip }: Selection): readonly Diagnostic[] {
  const known = new Set([...tasksOf(steps)].flatMap(task => task.tags));
  return [...new Set([...tags, ...skip])]
    .filter(tag => !special.has(tag) && !known.has(tag))
    .map((tag): Diagnostic => {
      const hint =
        didYouMean(tag, known) ?? (known.size > 0 ? `there are ${[...known].join(', ')}` : 'no task has a tag');
      return { code: 'unknown-tag', severity: 'error', message: `no task has the tag \`${tag}\``, hint };
    });
}
