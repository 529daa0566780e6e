import type { Doubt } from '../doubt.ts';
import type { TypeScope } from '../template.ts';
import { anything, type Type, union } from '../types.ts';

/** The names that a template sets, with what is known of them before it is rendered, and around them those that it is given. */
export class Env implements TypeScope {
  readonly #outer: TypeScope;
  readonly #own = new Map<string, Type>();

  constructor(outer: TypeScope) {
    this.#outer = outer;
  }

  get(name: string): Type | undefined {
    return this.#own.get(name) ?? this.#outer.get(name);
  }

  unset(name: string): Doubt | undefined {
    return this.#own.has(name) ? undefined : this.#outer.unset?.(name);
  }

  names(): Iterable<string> {
    return [...this.#own.keys(), ...this.#outer.names()];
  }

  /** True where the template itself may have set it. */
  sets(name: string): boolean {
    return this.#own.has(name) || (this.#outer instanceof Env && this.#outer.sets(name));
  }

  set(name: string, type: Type): void {
    this.#own.set(name, type);
  }

  /**
   * Takes over what the branches of a condition set, of which one was gone through: of a name that not each of them sets
   * nothing is known, unless it was set before.
   */
  join(branches: readonly Env[]): void {
    const names = new Set(branches.flatMap(branch => [...branch.#own.keys()]));
    for (const name of names) {
      const types = branches.map(branch => branch.#own.get(name) ?? (this.sets(name) ? this.get(name) : undefined));
      const found = types.filter(type => type !== undefined);
      this.set(name, found.length === types.length ? union(...found) : anything);
    }
  }
}
