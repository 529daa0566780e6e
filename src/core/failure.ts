import type { Code } from './codes.ts';
import type { Span } from './source.ts';
import type { Json } from './value.ts';

/**
 * Why a task did not come to its goal: what a module, a guard, a transport or an expression throws. Everything a user
 * needs at three in the morning: the cause, and the next command to type. Any other exception is a defect of ours.
 */
export class Failure extends Error {
  readonly code: Code;
  readonly hint: string | undefined;
  readonly span: Span | undefined;
  /** What was found out all the same; becomes part of the registered result. */
  readonly result: { readonly [key: string]: Json };

  constructor(
    code: Code,
    message: string,
    more: { hint?: string; span?: Span; result?: { readonly [key: string]: Json }; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Failure';
    this.code = code;
    this.hint = more.hint;
    this.span = more.span;
    this.result = more.result ?? {};
  }
}

/** The host, or each of several (`node001, node002`), could not be reached and nothing was sent to it: nothing was done. */
export class Unreachable extends Failure {
  readonly host: string;
  constructor(host: string, why: string, hint?: string) {
    super(
      'unreachable',
      `${host} ${host.includes(', ') ? 'are' : 'is'} unreachable: ${why}`,
      hint === undefined ? {} : { hint },
    );
    this.name = 'Unreachable';
    this.host = host;
  }
}

/** A command was sent and its answer lost, and its job could not be found again: what it did is unknown, not failed. */
export class AnswerLost extends Failure {
  readonly host: string;
  constructor(host: string, what: string, why: string) {
    super('answer-lost', `${host}: the answer to ${what} was lost (${why}); whether it was done is unknown`, {
      hint: 'run the playbook again: it looks at what is before it changes anything',
    });
    this.name = 'AnswerLost';
    this.host = host;
  }
}

/** The run, or this task, was told to stop. */
export class Cancelled extends Failure {
  constructor(why: string) {
    super('interrupted', why);
    this.name = 'Cancelled';
  }
}
