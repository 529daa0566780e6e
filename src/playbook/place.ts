import type { Loop, RoleScope } from '../core/plan.ts';
import { entry, holdsExpression, type MapNode, type Node } from './document.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anyList, anything, describe, fits, integerType, numberType, type Type } from './expression/types.ts';
import type { Files } from './files.ts';
import type { Handlers } from './handlers.ts';
import type { Inherited } from './inherited.ts';
import { type Keywords, loopControlKeywords } from './keywords.ts';
import type { ModuleDefaults } from './module-defaults.ts';
import type { Names } from './names.ts';
import {
  readConditions,
  readIdentifier,
  readLabel,
  readNames,
  readNumber,
  readTemplate,
  readVars,
} from './read-values.ts';
import type { Reading } from './reading.ts';

/** Where steps stand: the names they see, what they inherit, and the files they are in, innermost last. */
export interface Place {
  readonly r: Reading;
  readonly files: Files;
  readonly names: Names;
  readonly handlers: Handlers;
  readonly path: readonly string[];
  readonly tags: readonly string[];
  readonly moduleDefaults: ModuleDefaults;
  /** Where roles are looked for. */
  readonly roots: readonly string[];
  /** The folders of the roles around it, outermost first, and what they add to the names. */
  readonly roleDirs: readonly string[];
  readonly scopes: readonly TypedScope[];
  readonly rolesOfPlay: RolesOfPlay;
  /** What its tasks take over from around them. */
  readonly inherited: Inherited;
}

/** What a role adds to the names, before the run. */
export type TypedScope = RoleScope &
  Readonly<Record<'params' | 'around' | 'vars' | 'defaults', ReadonlyMap<string, TypedTemplate>>>;

/** What reading the roles of a play fills. */
export interface RolesOfPlay {
  readonly vars: Map<string, TypedTemplate>;
  readonly defaults: Map<string, TypedTemplate>;
  /** What its roles were read from, so that each is read once. */
  readonly read: Map<Node, ReadonlyMap<string, TypedTemplate>>;
  /** The names of roles, where they stand, whose vars and defaults all of the play sees. */
  readonly exposed: Set<Node>;
  /** By folder: the place inside of its last entry, which its handlers are read at. */
  readonly entered: Map<string, Place>;
}

function noRoles(): RolesOfPlay {
  return { vars: new Map(), defaults: new Map(), read: new Map(), exposed: new Set(), entered: new Map() };
}

/** A place with nothing around it. */
export function placeIn(start: Pick<Place, 'r' | 'files' | 'names' | 'handlers' | 'path' | 'roots'>): Place {
  const nothing = { tags: [], roleDirs: [], scopes: [], inherited: {}, moduleDefaults: new Map() };
  return { ...start, ...nothing, rolesOfPlay: noRoles() };
}

/** What a block, an include and a task have in common. */
export function readBase(place: Place, map: MapNode, keywords: Keywords, what: string) {
  const { r } = place;
  const value = (key: string): Node | undefined => (Object.hasOwn(keywords, key) ? entry(map, key)?.value : undefined);
  const name = value('name');
  const tags = value('tags');
  const vars = value('vars');
  const when = value('when');
  return {
    value,
    name: name && readLabel(r, name, `\`name\` of ${what}`),
    vars: vars ? readVars(r, vars, `\`vars\` of ${what}`) : new Map<string, TypedTemplate>(),
    when: when ? readConditions(r, when, '`when`') : [],
    tags: [...new Set([...place.tags, ...(tags ? readNames(r, tags, '`tags`') : [])])],
  };
}

/** Reads a loop and what is inside it, which sees the loop's names. `item` is absent where there is no loop. `when`: without these the loop does not matter. */
export function withLoop<T>(
  place: Place,
  over: Node | undefined,
  control: Node | undefined,
  inside: (loop: Loop | undefined, item: Type | undefined) => T,
  when: readonly TypedTemplate[] = [],
): T {
  const { r, names } = place;
  if (!over) {
    if (control) r.error('invalid-value', control.span, '`loop_control` without a `loop`');
    return names.within('handed', new Map(), () => inside(undefined, undefined));
  }
  if (over.kind === 'scalar' && !holdsExpression(over)) {
    r.invalid(over, '`loop`', 'a list, or an expression for one', 'write "{{ name }}", or a list');
  }
  if (over.kind === 'map') r.invalid(over, '`loop`', 'a list', 'for a map, use `| dict2items`');
  const template = readTemplate(r, over);
  const type = names.supposing(when, () => names.check(template));
  if (holdsExpression(over) && !fits(type, anyList)) {
    r.error('type-mismatch', over.span, `\`loop\` must be a list; this is ${describe(type)}`, {
      hint: type.kind === 'map' ? 'for a map, use `| dict2items`' : undefined,
    });
  }
  const item = type.kind === 'list' ? type.items : anything;
  if (control && control.kind !== 'map') r.invalid(control, '`loop_control`', 'a map');
  const map: MapNode = control?.kind === 'map' ? control : { kind: 'map', span: over.span, entries: [] };
  r.checkKeywords(map, loopControlKeywords, '`loop_control`');
  const named = (key: string): string | undefined => {
    const node = entry(map, key)?.value;
    return node && readIdentifier(r, node, `\`${key}\``);
  };
  const variable = named('loop_var') ?? 'item';
  const indexVariable = named('index_var');
  const label = entry(map, 'label')?.value;
  const pause = entry(map, 'pause')?.value;
  const layer = new Map<string, Type>([[variable, item]]);
  if (indexVariable) layer.set(indexVariable, integerType);
  return names.within('handed', layer, () => {
    const loop: Loop = {
      over: template,
      variable,
      ...(indexVariable ? { indexVariable } : {}),
      ...optional('label', label && checked(place, readLabel(r, label, '`label`'))),
      ...optional('pause', pause && checked(place, readNumber(r, pause, '`pause`', false), numberType, '`pause`')),
    };
    return inside(loop, item);
  });
}

/** Checks a template at this place, and that it gives what is wanted. */
export function checked(
  { r, names }: Place,
  template: TypedTemplate | undefined,
  wanted?: Type,
  what = '',
): TypedTemplate | undefined {
  if (!template) return undefined;
  const type = names.check(template);
  if (wanted && !fits(type, wanted)) {
    r.error('type-mismatch', template.span, `${what} must be ${describe(wanted)}; this is ${describe(type)}`);
  }
  return template;
}

/** An object with the key, or without it where there is no value. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  const object: { [P in K]?: V } = {};
  if (value !== undefined) object[key] = value;
  return object;
}
