import type { Code } from '../core/codes.ts';
import { type ErrorReport, executionKey, type StampedEvent, unreachable, type Where } from '../core/event.ts';
import type { MembershipView } from '../core/guard.ts';
import type { Change } from '../core/module.ts';

/** What of a run its last lines tell. */
export interface Story {
  readonly check: boolean;
  readonly before?: MembershipView;
  readonly after?: MembershipView;
  readonly changed: readonly { readonly where: Where; readonly changes: readonly Change[] }[];
  /** Changes that were announced and whose end was not seen. */
  readonly underWay: readonly Where[];
  /** What ended the run on some host: failures that nothing caught. */
  readonly failures: readonly { readonly where: Where; readonly error: ErrorReport }[];
  readonly warnings: readonly string[];
}

export const beginning: Story = { check: false, changed: [], underWay: [], failures: [], warnings: [] };

/** The story after one more event. */
export function tell(story: Story, event: StampedEvent): Story {
  switch (event.type) {
    case 'run-started':
      return { ...story, check: event.check };
    case 'resumed':
      return { ...story, underWay: event.underWay };
    case 'recalled':
      return event.status === 'changed' ? { ...story, changed: withChange(story, event) } : story;
    case 'membership':
      return event.moment === 'between' ? story : { ...story, [event.moment]: event.view };
    case 'changing':
      // A try that is repeated announces its change again.
      return { ...story, underWay: [...story.underWay.filter(w => !sameExecution(w, event.where)), event.where] };
    case 'ended':
      return ended(story, event);
    case 'warning':
      return { ...story, warnings: [...story.warnings, event.message] };
    case 'rehearsing':
    case 'course':
    case 'consent':
    case 'decided':
    case 'play-started':
    case 'task-started':
    case 'include-entered':
    case 'progress':
    case 'retry':
    case 'judged':
    case 'settling':
    case 'run-ended':
      return story;
    default:
      return unreachable(event);
  }
}

const unseen: ReadonlySet<Code> = new Set(['interrupted', 'answer-lost', 'unknown-state'] as const);

function ended(story: Story, event: StampedEvent & { type: 'ended' }): Story {
  const { where, status, error } = event;
  // Where it was stopped, or its answer lost, nobody saw whether the change was made.
  const seen = error === undefined || !unseen.has(error.code);
  const underWay = seen ? story.underWay.filter(other => !sameExecution(other, where)) : story.underWay;
  const changed = status === 'changed' ? withChange(story, event) : story.changed;
  const fatal =
    error?.code !== 'interrupted' && (status === 'failed' || status === 'unreachable') && error !== undefined;
  const known = story.failures.some(f => isRoundOf(f.where, where));
  const failures = fatal && !known ? [...story.failures, { where, error }] : story.failures;
  return { ...story, underWay, changed, failures };
}

/** A loop is told by its items; what it says at its end repeats them. */
function withChange({ changed }: Story, { where, changes }: Story['changed'][number]): Story['changed'] {
  const told = changed.some(c => isRoundOf(c.where, where) || sameExecution(c.where, where));
  return told ? changed : [...changed, { where, changes }];
}

function sameExecution(a: Where, b: Where): boolean {
  return executionKey(a) === executionKey(b);
}

/** True where `item` is one round of the loop of `whole`. */
function isRoundOf(item: Where, whole: Where): boolean {
  return (
    item.item !== undefined &&
    whole.item === undefined &&
    executionKey({ ...item, item: '' }) === executionKey({ ...whole, item: '' })
  );
}
