import { byLevel, type Level, placed } from '../core/precedence.ts';
import type { Span } from '../core/source.ts';
import { Circumstances } from './circumstances.ts';
import { Doubts, factSet, type Registered } from './doubts.ts';
import { certain, type Doubt, doubted, isOfSetting } from './expression/doubt.ts';
import type { Conjunct, TypedTemplate, TypeScope } from './expression/template.ts';
import {
  anyMap,
  anything,
  booleanType,
  listOf,
  mapOf,
  recordOf,
  stringType,
  type Type,
  union,
} from './expression/types.ts';
import type { Reading } from './reading.ts';

/** What a name stands for: a type, or a var, whose type is worked out where it is used. */
export type Named = Type | TypedTemplate;
export type Layer = ReadonlyMap<string, Named>;

/** Names of one origin, and how near they are. */
export interface PlacedLayer {
  readonly level: Level;
  readonly names: Layer;
}

/** Always there, and nothing can be called so. */
export const magicNames: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['inventory_hostname', stringType],
  ['groups', mapOf(listOf(stringType))],
  ['group_names', listOf(stringType)],
  ['play_hosts', listOf(stringType)],
  [
    'hostvars',
    mapOf({ kind: 'map', properties: new Map([['address', { type: stringType, optional: false }]]), rest: anything }),
  ],
  ['check_mode', booleanType],
  ['omit', anything],
]);

/** There in a `rescue` besides. */
export const rescueNames: Layer = new Map<string, Named>([
  ['ansible_failed_task', recordOf({ name: stringType })],
  ['ansible_failed_result', anyMap],
]);

/** What hides a value that is written down where it stands already. */
const hiding: ReadonlySet<Level> = new Set<Level>(['found', 'params', 'role-params', 'handed']);

const hidingWords: Partial<Record<Level, string>> = {
  found: 'the register or fact',
  params: 'the param',
  'role-params': 'what the role is given as',
};

/** Registers and facts so far. */
export interface Results {
  readonly types: ReadonlyMap<string, Type>;
  /** Of those that may lack what their modules return. */
  readonly doubts: ReadonlyMap<string, Registered>;
  /** What `include_vars` gave. */
  readonly included: Layer;
}

export const noResults: Results = { types: new Map(), doubts: new Map(), included: new Map() };

/** What a play begins with. */
export interface NamesStart {
  /** What all of it sees: play vars, params, the inventory's vars. */
  readonly outer: readonly PlacedLayer[];
  /** Registers and facts of earlier plays. */
  readonly results: Results;
  /** All registers of the play, where they stand. */
  readonly registers: ReadonlyMap<string, Span>;
  /** Filled with every name that is used. */
  readonly used: Set<string>;
  /** True for a tasks file that is read by itself: any name may come from who includes it. */
  readonly open: boolean;
}

/**
 * The names that are visible at a place of a play: magic names, then layers by their level, the nearest first. A var is worked out where it is used, so what it may name is what is visible there; itself it does not see.
 * Long, because every question about a name needs the same layers.
 */
export class Names implements TypeScope {
  private readonly r: Reading;
  private layers: readonly PlacedLayer[];
  private readonly assumed: Map<string, Type>[] = [];
  private readonly results: Map<string, Type>;
  private readonly doubts: Doubts;
  private readonly circumstances = new Circumstances();
  private readonly included: Map<string, Named>;
  /** Of this play. */
  private readonly includedHere = new Map<string, Named>();
  private readonly start: NamesStart;
  private readonly underway = new Set<Named>();
  private readonly workedOut = new Set<Named>();
  private types = new Map<Named, Type>();
  /** True for handlers: what notifies them knows what it did. */
  private trusting = false;

  constructor(r: Reading, start: NamesStart) {
    this.r = r;
    this.start = start;
    this.results = new Map(start.results.types);
    this.doubts = new Doubts(start.results.doubts);
    this.included = new Map(start.results.included);
    const found: PlacedLayer = { level: 'found', names: this.results };
    const included: PlacedLayer = { level: 'included-vars', names: this.included };
    this.layers = [...start.outer, included, found].reduce<readonly PlacedLayer[]>(placed, []);
    for (const layer of start.outer) this.warnOfHidden(layer);
  }

  get(name: string): Type | undefined {
    const magic = magicNames.get(name);
    if (magic) return magic;
    for (const { names } of this.layers) {
      const named = names.get(name);
      if (named && !this.underway.has(named)) return this.inDoubt(name, this.typeOf(named), names === this.results);
    }
    const conceivable =
      this.start.open ||
      this.r.lacksNames ||
      this.r.hosts === 'broken' ||
      this.start.registers.has(name) ||
      this.assumed.some(a => a.has(name));
    return conceivable ? anything : undefined;
  }

  names(): Iterable<string> {
    const all = new Set(magicNames.keys());
    for (const { names } of this.layers) for (const name of names.keys()) all.add(name);
    return all;
  }

  get hint(): string | undefined {
    return this.r.hosts === 'unknown' ? 'where it is a var of hosts, name their inventory with -i' : undefined;
  }

  /** Checks a template at this place, reports what is wrong, and gives its type. */
  check(template: TypedTemplate): Type {
    for (const use of template.uses) {
      this.start.used.add(use.name);
      const set = this.start.registers.get(use.name);
      if (!use.tolerant && set && !this.isSet(use.name)) {
        this.r.error('unset-register', use.span, `\`${use.name}\` is used before the task that registers it`, {
          related: [{ span: set, message: 'registered here' }],
          hint: `move the task up, or test it with \`${use.name} is defined\``,
        });
      }
    }
    const { type, diagnostics } = template.check(this);
    this.r.report(...diagnostics);
    return type;
  }

  /** Checks conditions one after the other: what one tests with `is defined` counts as defined for those after it. */
  checkConditions(conditions: readonly TypedTemplate[]): void {
    for (const condition of conditions) {
      this.check(condition);
      this.suppose(condition);
    }
  }

  /** What is inside is done only where these conditions hold, which are checked elsewhere. */
  supposing<T>(conditions: readonly TypedTemplate[], inside: () => T): T {
    this.enter();
    for (const condition of conditions) this.suppose(condition);
    const result = inside();
    this.leave();
    return result;
  }

  /** This is only done where a tag of it is asked for. */
  supposeTagged(): void {
    this.circumstances.supposeTagged();
    this.changed();
  }

  private suppose(condition: TypedTemplate): void {
    for (const name of condition.definedWhenTrue) this.assumed.at(-1)?.set(name, anything);
    this.circumstances.suppose(condition, name => this.doubts.conditionsOf(name));
    this.changed();
  }

  /** The conditions under which this place is reached. */
  get conditions(): readonly Conjunct[] {
    return this.circumstances.conditions;
  }

  /** Runs `inside` with more names; what `checkConditions` finds holds until its end. */
  within<T>(level: Level, names: Layer, inside: () => T): T {
    const before = this.layers;
    const layer = { level, names };
    this.warnOfHidden(layer);
    this.layers = placed(before, layer);
    this.enter();
    const result = inside();
    this.checkUnused(names);
    this.layers = before;
    this.leave();
    return result;
  }

  private enter(): void {
    this.assumed.push(new Map());
    this.circumstances.enter();
    this.changed();
  }

  private leave(): void {
    this.assumed.pop();
    this.circumstances.leave();
    this.changed();
  }

  /** Runs `inside` with the names that a role adds. */
  inRole<T>(role: Readonly<Record<'params' | 'around' | 'vars' | 'defaults', Layer>>, inside: () => T): T {
    const before = this.layers;
    const added: readonly PlacedLayer[] = [
      { level: 'role-params', names: role.params },
      { level: 'block', names: role.around },
      { level: 'role-vars', names: role.vars },
      { level: 'role-defaults', names: role.defaults },
    ];
    this.layers = added.reduce<readonly PlacedLayer[]>(placed, before);
    this.changed();
    const result = inside();
    for (const { names } of added) this.checkUnused(names);
    this.layers = before;
    this.changed();
    return result;
  }

  /** Without doubts about results: for handlers, which are done only where a task that changed something names them. */
  trustingly<T>(inside: () => T): T {
    this.trusting = true;
    this.changed();
    const result = inside();
    this.trusting = false;
    this.changed();
    return result;
  }

  /** Something that layers hold is another now. */
  renewed(): void {
    this.changed();
  }

  /** Checks the play vars that no task has used. */
  finish(): void {
    for (const { names } of this.start.outer) this.checkUnused(names);
    this.checkUnused(this.includedHere);
  }

  /** A value that is written down here and never seen, because a nearer one of the same name is there already. */
  private warnOfHidden({ level, names }: PlacedLayer): void {
    for (const [name, named] of names) {
      if (!('check' in named)) continue;
      // Elsewhere a nearer value is what levels are for: a file of vars, say, over the play's own.
      const nearer = this.layers.find(
        other => byLevel(other.level, level) > 0 && hiding.has(other.level) && other.names.has(name),
      );
      if (nearer) this.hidden(name, named.span, nearer.level);
    }
  }

  private hidden(name: string, span: Span, by: Level): void {
    const what = hidingWords[by] ?? 'what the include is handed as';
    this.r.warning('hidden-name', span, `this value of \`${name}\` is never seen: ${what} \`${name}\` is nearer`, {
      hint: 'give one of them another name',
    });
  }

  private checkUnused(layer: Layer): void {
    for (const named of layer.values()) if (!this.workedOut.has(named)) this.typeOf(named);
  }

  /** A register or a fact, from here on. `span` is where it gets its name; `how`, how sure a register is. */
  set(name: string, type: Type, span: Span, how?: Omit<Registered, 'at' | 'mayBeUnset'>): void {
    const isParam = this.layers.some(({ level, names }) => level === 'params' && names.has(name));
    if (isParam) this.hidden(name, span, 'params');
    const before = this.results.get(name);
    this.results.set(name, before ? union(before, type) : type);
    this.doubts.set(name, how && { ...how, mayBeUnset: false, at: span });
    this.changed();
  }

  /** A fact, from here on. What several tasks set counts as set by one of them. */
  setFact(name: string, type: Type, span: Span, mayBeUntagged: boolean): void {
    const isFirst = !this.results.has(name);
    this.set(name, type, span);
    if (isFirst) this.doubts.set(name, factSet(name, { conditions: this.conditions, mayBeUntagged, at: span }));
  }

  /** Of a fact that nothing else gives a value. */
  unset(name: string): Doubt | undefined {
    if (this.trusting || this.assumed.some(a => a.has(name))) return undefined;
    if (this.layers.some(({ names }) => names !== this.results && names.has(name))) return undefined;
    return this.doubts.about(name, 'fact', this.circumstances);
  }

  /** As `Doubts.shake`. */
  shake(...[registers, how]: Parameters<Doubts['shake']>): () => void {
    const calm = this.doubts.shake(registers, how);
    this.changed();
    return () => {
      calm();
      this.changed();
    };
  }

  /** What a file has for names, from here on. */
  include(vars: Layer): void {
    this.warnOfHidden({ level: 'included-vars', names: vars });
    for (const [name, named] of vars) {
      // What was there before may be there still, where a condition left this out.
      const before = this.included.get(name);
      this.included.set(name, before ? anything : named);
      this.includedHere.set(name, named);
    }
    this.changed();
  }

  /** What later plays see of this one, so far. */
  get known(): Results {
    return { types: this.results, doubts: this.doubts.known, included: this.included };
  }

  private inDoubt(name: string, type: Type, isResult: boolean): Type {
    if (this.trusting || this.circumstances.isAsked(name)) return certain(type);
    const doubt = isResult ? this.doubts.about(name, 'result', this.circumstances) : undefined;
    if (!doubt || (isOfSetting(doubt) && this.assumed.some(a => a.has(name)))) return type;
    return doubted(type, doubt);
  }

  private isSet(name: string): boolean {
    return this.layers.some(({ names }) => names.has(name)) || this.assumed.some(a => a.has(name));
  }

  private typeOf(named: Named): Type {
    if (!('check' in named)) return named;
    const known = this.types.get(named);
    if (known) return known;
    this.workedOut.add(named);
    this.underway.add(named);
    const type = this.check(named);
    this.underway.delete(named);
    this.types.set(named, type);
    return type;
  }

  private changed(): void {
    this.types = new Map();
  }
}
