import type { Value } from '../../core/value.ts';

/** In the place of a value that is undefined: a name, an attribute, an index. Using it is a failure; testing for it is not. */
export class Missing {
  /** Makes the `Failure`, or the `Fault`; only asked where the value is used. */
  readonly failure: () => Error;
  /** True where it reads as nothing when it is all that is put into a text, as in Jinja: `{{ ',' if not loop.last }}`. */
  readonly silent: boolean;
  constructor(failure: () => Error, silent = false) {
    this.failure = failure;
    this.silent = silent;
  }
}

/** What an expression gives before anything is made of it. */
export type Slot = Value | Missing;

/** The value, or the failure that says what is undefined. */
export function need(slot: Slot): Value {
  if (slot instanceof Missing) throw slot.failure();
  return slot;
}

/** The same for what is put into a text. */
export function needInText(slot: Slot): Value {
  return slot instanceof Missing && slot.silent ? '' : need(slot);
}
