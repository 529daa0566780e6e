import { type Static, Type } from 'typebox';
import type { ModuleFinding } from '../core/module.ts';
import type { Json } from '../core/value.ts';

const NAME = { pattern: '^[A-Za-z0-9_.:][A-Za-z0-9_.:-]*$' };
const name = (description: string) => Type.String({ ...NAME, description });
const names = (description: string) => Type.Array(Type.String(NAME), { uniqueItems: true, description });
/** What cmsh can be given between quotes. */
const options = (description: string) =>
  Type.Array(Type.String({ minLength: 1, pattern: '^[^"`;\\n\\r\\t]*$' }), { uniqueItems: true, description });

const role = Type.Object(
  {
    name: name('The role; assigned where the overlay does not have it.'),
    options: Type.Optional(options('Its options: exactly these.')),
    options_present: Type.Optional(options('Options that it must have.')),
    options_absent: Type.Optional(options('Options that it must not have.')),
  },
  { additionalProperties: false },
);

/** One entry of `overlays`. */
export const wish = Type.Object(
  {
    name: name('The overlay. An entry that holds nothing but a name is only looked at.'),
    state: Type.Enum(['present', 'absent'], { default: 'present', description: '`absent` removes it.' }),
    clone_from: Type.Optional(
      name(
        'Where it does not exist: the overlay to clone, for its priority and roles; the clone begins without nodes.',
      ),
    ),
    priority: Type.Optional(
      Type.Integer({ minimum: -1, maximum: 1000, description: 'The highest priority wins; -1 switches it off.' }),
    ),
    all_head_nodes: Type.Optional(Type.Boolean({ description: 'Whether it applies to head nodes.' })),
    categories: Type.Optional(names('The categories to whose nodes it applies: exactly these.')),
    nodes: Type.Optional(names('The nodes that it names: exactly these.')),
    nodes_present: Type.Optional(names('Nodes that it must name, among others.')),
    nodes_absent: Type.Optional(names('Nodes that it must not name; an overlay that does not exist names none.')),
    roles: Type.Optional(Type.Array(role, { minItems: 1, description: 'Roles, each with its options.' })),
  },
  { additionalProperties: false },
);

export type Wish = Static<typeof wish>;

/** True for an entry that asks for nothing. */
export function onlyLooks(given: Wish): boolean {
  return given.state === 'present' && Object.keys(given).every(key => key === 'name' || key === 'state');
}

/** True for an entry that an overlay which does not exist fulfils: nobody is in it. */
export function fulfilledByNone(given: Wish): boolean {
  return given.state === 'absent' || Object.keys(given).every(key => /^(name|state|nodes_absent)$/.test(key));
}

/** Wishes that contradict each other. Takes what was written, before or after it was validated. */
export function contradictions(overlays: Json | undefined): readonly ModuleFinding[] {
  if (!Array.isArray(overlays)) return [];
  const findings: ModuleFinding[] = [];
  const seen = new Set<Json>();
  overlays.forEach((overlay: Json, index) => {
    if (typeof overlay !== 'object' || overlay === null || Array.isArray(overlay)) return;
    const wished = new Map(Object.entries(overlay));
    const error = (key: string, message: string, hint: string): void => {
      findings.push({ at: ['overlays', index, key], severity: 'error', message, hint });
    };
    const itsName = wished.get('name');
    if (itsName !== undefined && seen.has(itsName)) {
      error('name', `the overlay ${itsName} is named twice`, 'put all that is wanted of it into one entry');
    }
    if (itsName !== undefined) seen.add(itsName);
    if (wished.has('clone_from') && wished.get('clone_from') === itsName) {
      error('clone_from', 'an overlay cannot be cloned from itself', 'name the overlay to copy');
    }
    if (wished.has('nodes')) {
      for (const key of ['nodes_present', 'nodes_absent']) {
        if (wished.has(key)) error(key, `nodes says exactly which nodes; ${key} adds nothing`, 'leave one of them out');
      }
    }
    const both = common(wished.get('nodes_present'), wished.get('nodes_absent'));
    if (both !== undefined) error('nodes_absent', `${both} cannot be both present and absent`, 'leave it out of one');
    if (wished.get('state') === 'absent') {
      const other = [...wished.keys()].find(key => key !== 'name' && key !== 'state');
      if (other !== undefined) error(other, `an overlay that is to be absent has no ${other}`, 'leave it out');
    }
  });
  return findings;
}

function common(a: Json | undefined, b: Json | undefined): Json | undefined {
  return Array.isArray(a) && Array.isArray(b) ? a.find((item: Json) => b.includes(item)) : undefined;
}
