import type { Derived, Machine, Scope } from '../../../core/template.ts';
import type { Value } from '../../../core/value.ts';
import { Fault } from '../fault.ts';
import { longest } from '../operators.ts';

/** Most rounds of all loops of a template together, and deepest calls of macros by each other. */
const mostRounds = 100_000;
const deepestCalls = 50;

/** What one rendering of a template may use up, all in all. Its methods throw `Fault`. */
export class Budget {
  #rounds = 0;
  #characters = 0;
  #calls = 0;

  round(): void {
    this.#rounds += 1;
    if (this.#rounds > mostRounds) throw new Fault(`the loops of the template have more than ${mostRounds} rounds`);
  }

  text(length: number): void {
    this.#characters += length;
    if (this.#characters > longest) throw new Fault(`the text becomes longer than ${longest} characters`);
  }

  call<T>(work: () => T): T {
    this.#calls += 1;
    if (this.#calls > deepestCalls) throw new Fault('the macros call each other too deeply');
    try {
      return work();
    } finally {
      this.#calls -= 1;
    }
  }
}

/**
 * The names that a template sets, and around them those that it is given. A loop's round, a macro's call and a block have
 * frames of their own: what is set in one is gone with it, as in Jinja.
 */
export class Frame implements Scope {
  readonly budget: Budget;
  readonly root: Frame;
  readonly #outer: Scope;
  readonly #values = new Map<string, Value>();

  private constructor(outer: Scope, root: Frame | undefined) {
    this.#outer = outer;
    this.root = root ?? this;
    this.budget = root?.budget ?? new Budget();
  }

  static of(names: Scope): Frame {
    return new Frame(names, undefined);
  }

  inner(): Frame {
    return new Frame(this, this.root);
  }

  get derived(): Derived | undefined {
    return this.#outer.derived;
  }

  get machine(): Machine | undefined {
    return this.#outer.machine;
  }

  get(name: string): Value | undefined {
    const value = this.#values.get(name);
    return value === undefined ? this.#outer.get(name) : value;
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** Sets it where it was set first: for a namespace, which outlives the rounds of a loop. */
  change(name: string, value: Value): void {
    if (this.#values.has(name) || !(this.#outer instanceof Frame)) this.#values.set(name, value);
    else this.#outer.change(name, value);
  }
}
