import type { Value } from '../../core/value.ts';

/** In the place of a value that is undefined: a name, an attribute, an index. Using it is a failure; testing for it is not. */
export class Missing {
  /** Makes the `Failure`, or the `Fault`; only asked where the value is used. */
  readonly failure: () => Error;
  constructor(failure: () => Error) {
    this.failure = failure;
  }
}

/** What an expression gives before anything is made of it. */
export type Slot = Value | Missing;

/** The value, or the failure that says what is undefined. */
export function need(slot: Slot): Value {
  if (slot instanceof Missing) throw slot.failure();
  return slot;
}
