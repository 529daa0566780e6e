import type { RoleScope } from '../core/plan.ts';
import type { Scope, Template } from '../core/template.ts';
import type { Value } from '../core/value.ts';

/** Names of one origin. `values` are what they are, `vars` are rendered anew at each use, as in Ansible. */
export type Layer =
  | { readonly kind: 'values'; readonly values: ReadonlyMap<string, Value> }
  | { readonly kind: 'vars'; readonly vars: ReadonlyMap<string, Template> };

/** The origins of names besides the fixed ones, the nearest first; in each the nearest layer first. */
interface Groups {
  /** What stands beside the name of a role. */
  readonly params: readonly Layer[];
  /** Loops, tasks, blocks, includes. */
  readonly near: readonly Layer[];
  readonly found: readonly Layer[];
  readonly roleVars: readonly Layer[];
  readonly play: readonly Layer[];
  readonly defaults: readonly Layer[];
}

/**
 * The names that a task sees. `fixed` names cannot be shadowed. A var is rendered in the scope
 * that asks for it, so that a play's vars may use a loop's item; one that names itself means the next one further out.
 */
export class Names implements Scope {
  readonly #fixed: ReadonlyMap<string, () => Value>;
  readonly #groups: Groups;
  readonly #rendering = new Set<Template>();

  constructor(fixed: ReadonlyMap<string, () => Value>, groups: Partial<Groups>) {
    this.#fixed = fixed;
    this.#groups = { params: [], near: [], found: [], roleVars: [], play: [], defaults: [], ...groups };
  }

  get(name: string): Value | undefined {
    const fixed = this.#fixed.get(name);
    if (fixed) return fixed();
    const { params, near, found, roleVars, play, defaults } = this.#groups;
    for (const layer of [params, near, found, roleVars, play, defaults].flat()) {
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

  /** The same names with nearer ones before them. */
  near(...layers: readonly Layer[]): Names {
    return new Names(this.#fixed, { ...this.#groups, near: [...layers, ...this.#groups.near] });
  }

  /** The same names inside a role. */
  inRole({ params, vars, defaults }: RoleScope): Names {
    const groups = this.#groups;
    return new Names(this.#fixed, {
      ...groups,
      params: [...varsLayer(params), ...groups.params],
      roleVars: [...varsLayer(vars), ...groups.roleVars],
      defaults: [...varsLayer(defaults), ...groups.defaults],
    });
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

export function varsLayer(vars: ReadonlyMap<string, Template>): readonly Layer[] {
  return vars.size === 0 ? [] : [{ kind: 'vars', vars }];
}

export function valuesLayer(values: Readonly<Record<string, Value>>): Layer {
  return { kind: 'values', values: new Map(Object.entries(values)) };
}
