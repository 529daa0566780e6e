import type { RoleScope } from '../core/plan.ts';
import { type Level, placed } from '../core/precedence.ts';
import type { Derived, Scope, Template } from '../core/template.ts';
import type { Value } from '../core/value.ts';

/** Names of one origin. `values` are what they are, `vars` are rendered anew at each use, as in Ansible. */
export type Layer = { readonly level: Level } & (
  | { readonly kind: 'values'; readonly values: ReadonlyMap<string, Value> }
  | { readonly kind: 'vars'; readonly vars: ReadonlyMap<string, Template> }
);

/**
 * The names that a task sees: layers by their level, the nearest first. `fixed` names cannot be shadowed. A var is rendered in the scope
 * that asks for it, so that a play's vars may use a loop's item; one that names itself means the next one further out.
 */
export class Names implements Scope {
  readonly #fixed: ReadonlyMap<string, () => Value>;
  readonly #layers: readonly Layer[];
  readonly #rendering = new Set<Template>();

  readonly derived: Derived | undefined;

  constructor(fixed: ReadonlyMap<string, () => Value>, layers: readonly Layer[], derived?: Derived) {
    this.#fixed = fixed;
    this.derived = derived;
    this.#layers = layers.reduce<readonly Layer[]>(placed, []);
  }

  get(name: string): Value | undefined {
    const fixed = this.#fixed.get(name);
    if (fixed) return fixed();
    for (const layer of this.#layers) {
      if (layer.kind === 'values') {
        const value = layer.values.get(name);
        if (value !== undefined) return value;
      } else {
        const template = layer.vars.get(name);
        if (template !== undefined && !this.#rendering.has(template)) return this.#render(template);
      }
    }
    return undefined;
  }

  /** The same names and more, each nearer than those of its own level. */
  with(...layers: readonly Layer[]): Names {
    return new Names(this.#fixed, [...this.#layers.toReversed(), ...layers], this.derived);
  }

  /** The same names inside a role. */
  inRole({ params, around, vars, defaults }: RoleScope): Names {
    return this.with(
      ...varsLayer('role-params', params),
      ...varsLayer('block', around),
      ...varsLayer('role-vars', vars),
      ...varsLayer('role-defaults', defaults),
    );
  }

  #render(template: Template): Value {
    this.#rendering.add(template);
    try {
      return template.render(this);
    } finally {
      this.#rendering.delete(template);
    }
  }
}

export function varsLayer(level: Level, vars: ReadonlyMap<string, Template>): readonly Layer[] {
  return vars.size === 0 ? [] : [{ level, kind: 'vars', vars }];
}

export function valuesLayer(level: Level, values: Readonly<Record<string, Value>>): Layer {
  return { level, kind: 'values', values: new Map(Object.entries(values)) };
}
