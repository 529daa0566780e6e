import type { RoleScope } from '../core/plan.ts';
import type { Template } from '../core/template.ts';
import type { Layer } from './scope.ts';

/** What the roles that a play entered by `include_role` with `public` have given to the rest of it; of two roles the later one's. */
export class ExposedNames {
  readonly #vars = new Map<string, Template>();
  readonly #defaults = new Map<string, Template>();

  take({ vars, defaults }: RoleScope): void {
    for (const [name, template] of vars) this.#vars.set(name, template);
    for (const [name, template] of defaults) this.#defaults.set(name, template);
  }

  /** They grow as roles are entered. */
  get layers(): readonly Layer[] {
    return [
      { level: 'role-vars', kind: 'vars', vars: this.#vars },
      { level: 'role-defaults', kind: 'vars', vars: this.#defaults },
    ];
  }
}
