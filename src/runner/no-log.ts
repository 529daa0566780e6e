import type { RunEvent } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { Fault } from './fault.ts';

const HIDDEN = '(hidden by no_log)';

/** What may be told of a task with `no_log`: that it ran, where, and how it ended. Not why, not with what. */
export function withoutDetails(event: RunEvent): RunEvent | undefined {
  switch (event.type) {
    case 'progress':
      return undefined;
    case 'retry':
      return { ...event, because: HIDDEN };
    case 'changing':
      return { type: event.type, where: event.where, changes: [{ what: HIDDEN }] };
    case 'ended': {
      const { text: _text, facts: _facts, ...rest } = event;
      return { ...rest, changes: [], result: {}, withheld: true };
    }
    default:
      return event;
  }
}

/** What is changed, not what was there before and what is after it. */
export function withoutDiff(event: RunEvent): RunEvent {
  if (event.type !== 'changing' && event.type !== 'ended' && event.type !== 'recalled') return event;
  return { ...event, changes: event.changes.map(({ what }) => ({ what })) };
}

/** The label of a loop's item: the item itself may be the secret. */
export function hiddenLabel(index: number): string {
  return `#${index + 1}`;
}

/** The code stays, what was said goes; what a guard or a connection says holds no parameters, and stays. */
export function hiddenFault(fault: Fault): Fault {
  const { kind, failure } = fault;
  if (kind !== 'failed' && kind !== 'defect') return fault;
  const { code, span } = failure;
  return { kind, failure: new Failure(code, `failed: ${code} ${HIDDEN}`, span === undefined ? {} : { span }) };
}
