import { isList, isMap, type Unknown, type Value, type ValueMap } from '../../core/value.ts';
import { Fault } from './fault.ts';
import { need, type Slot } from './missing.ts';
import { kindOf } from './text.ts';

/** The arguments of a call by the names of the parameters they are for; worked out when asked for. */
export interface BoundArguments {
  /** `undefined`: not given, and there is no default. */
  get(name: string): Slot | undefined;
  readonly rest: () => readonly Value[];
  readonly named: () => ReadonlyMap<string, Value>;
}

/** Filters and tests by name, for those that apply others: `map('upper')`, `select('match', '^a')`. */
export interface Vocabulary {
  filter(name: string, input: Slot, positional: readonly Value[], named: ReadonlyMap<string, Value>): Slot;
  test(name: string, input: Slot, positional: readonly Value[], named: ReadonlyMap<string, Value>): boolean | Unknown;
  /** True where there is one of that name. */
  has(kind: 'filter' | 'test', name: string): boolean;
}

/** One call of a filter, test, function or method: what it works on, narrowed to the kind it wants or refused. */
export class Call {
  readonly name: string;
  readonly slot: Slot;
  readonly vocabulary: Vocabulary;
  readonly #args: BoundArguments;

  constructor(name: string, slot: Slot, args: BoundArguments, vocabulary: Vocabulary) {
    this.name = name;
    this.slot = slot;
    this.vocabulary = vocabulary;
    this.#args = args;
  }

  get input(): Value {
    return need(this.slot);
  }

  #refuse(value: Value, wanted: string, parameter?: string, hint?: string): never {
    const what = parameter === undefined ? `\`${this.name}\` wants` : `\`${parameter}\` of \`${this.name}\` must be`;
    throw new Fault(`${what} ${wanted}, not ${kindOf(value)}`, hint);
  }

  text(): string {
    const { input } = this;
    return typeof input === 'string' ? input : this.#refuse(input, 'a string', undefined, textHint(input));
  }

  number(): number {
    const { input } = this;
    const hint = typeof input === 'string' ? 'make a number of it with `| int` or `| float`' : undefined;
    return typeof input === 'number' ? input : this.#refuse(input, 'a number', undefined, hint);
  }

  /** A list; of a map its keys, as Python goes through one. A text is not a list of characters. */
  items(): readonly Value[] {
    const { input } = this;
    if (isList(input)) return input;
    if (isMap(input)) return Object.keys(input);
    const hint =
      typeof input === 'string' ? 'make a list of it with `| split`, or `| list` for its characters' : undefined;
    return this.#refuse(input, 'a list', undefined, hint);
  }

  map(): ValueMap {
    const { input } = this;
    return isMap(input) ? input : this.#refuse(input, 'a map');
  }

  argumentSlot(name: string): Slot {
    const slot = this.#args.get(name);
    if (slot === undefined) throw new Fault(`\`${this.name}\` needs \`${name}\``);
    return slot;
  }

  /** What was given for a parameter that may be left out. */
  given(name: string): Value | undefined {
    const slot = this.#args.get(name);
    return slot === undefined ? undefined : need(slot);
  }

  argument(name: string): Value {
    return need(this.argumentSlot(name));
  }

  textArgument(name: string): string {
    const value = this.argument(name);
    return typeof value === 'string' ? value : this.#refuse(value, 'a string', name);
  }

  optionalText(name: string): string | undefined {
    return this.argument(name) === null ? undefined : this.textArgument(name);
  }

  numberArgument(name: string): number {
    const value = this.argument(name);
    return typeof value === 'number' ? value : this.#refuse(value, 'a number', name);
  }

  wholeArgument(name: string): number {
    const value = this.argument(name);
    return Number.isInteger(value) ? this.numberArgument(name) : this.#refuse(value, 'a whole number', name);
  }

  flag(name: string): boolean {
    const value = this.argument(name);
    return typeof value === 'boolean' ? value : this.#refuse(value, 'true or false', name);
  }

  listArgument(name: string): readonly Value[] {
    const value = this.argument(name);
    return isList(value) ? value : this.#refuse(value, 'a list', name);
  }

  rest(): readonly Value[] {
    return this.#args.rest();
  }

  named(): ReadonlyMap<string, Value> {
    return this.#args.named();
  }
}

function textHint(input: Value): string | undefined {
  if (isList(input)) return "make a text of it with `| join(',')`, or apply it to each item with `| map('…')`";
  return typeof input === 'number' || typeof input === 'boolean' ? 'make a text of it with `| string`' : undefined;
}
