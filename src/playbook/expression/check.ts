import type { Code } from '../../core/codes.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { bind } from './bind.ts';
import {
  certain,
  type Doubt,
  type DoubtWords,
  doubtfulName,
  doubtfulUse,
  isOfSetting,
  isSure,
  tellsOfEnd,
} from './doubt.ts';
import { stringCondition } from './evaluate.ts';
import { didYouMean } from './nearest.ts';
import { otherName } from './other-names.ts';
import {
  type Around,
  filtersByFilter,
  filtersByTest,
  isLookupCall,
  literalText,
  nameParameter,
  nothingAround,
  withDefined,
} from './resolve.ts';
import type { ArgumentTypes, FilterSpec, ParameterSpec } from './signature.ts';
import {
  type Arguments,
  type AttributeNode,
  type CallNode,
  type CompareNode,
  type FilterNode,
  type IndexNode,
  type Node,
  pathOf,
} from './syntax.ts';
import type { Checked, Locate, TypeScope } from './template.ts';
import {
  arithmeticType,
  comparisonHint,
  comparisonIs,
  conversionHint,
  deeper,
  propertyNames,
  propertyType,
} from './type-rules.ts';
import {
  alternatives,
  anyList,
  anyMap,
  anything,
  booleanType,
  describe,
  fits,
  integerType,
  itemsOf,
  listOf,
  nothing,
  numberType,
  type Property,
  stringType,
  type Type,
  typeOfValue,
  union,
} from './types.ts';
import { filterNamed, functionsByName, methodsByName, testNamed } from './vocabulary.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** How a part of an expression is looked at; see `resolve.ts`. */
interface View {
  readonly tolerant: boolean;
  readonly defined: ReadonlySet<string>;
}

/**
 * Works out the type of an expression, and reports what is surely wrong in it, each with its place. As in `evaluate.ts`,
 * there is one case for each kind of node, and so one long file; the rules about types are in `type-rules.ts`.
 */
export function check(
  node: Node,
  types: TypeScope,
  locate: Locate,
  condition: boolean,
  around = nothingAround,
): Checked {
  const checker = new Checker(types, locate, around);
  const view: View = { tolerant: false, defined: around.defined };
  const type = condition ? checker.condition(node, view) : checker.type(node, view);
  return { type, diagnostics: checker.diagnostics };
}

class Checker {
  readonly diagnostics: Diagnostic[] = [];
  readonly #types: TypeScope;
  readonly #locate: Locate;
  readonly #around: Around;

  constructor(types: TypeScope, locate: Locate, around: Around) {
    this.#types = types;
    this.#locate = locate;
    this.#around = around;
  }

  #report(severity: 'error' | 'warning', code: Code, at: Place, message: string, hint?: string): void {
    const span = this.#locate(at.start, at.end);
    this.diagnostics.push({ code, severity, message, span, ...(hint ? { hint } : {}) });
  }

  #mismatch(at: Place, message: string, hint?: string): void {
    this.#report('error', 'type-mismatch', at, message, hint);
  }

  condition(node: Node, view: View): Type {
    const strict: View = { ...view, tolerant: false };
    switch (node.kind) {
      case 'not':
        this.condition(node.of, strict);
        break;
      case 'logic': {
        this.condition(node.left, strict);
        const defined = withDefined(view.defined, node.left, node.operator === 'and');
        this.condition(node.right, { ...strict, defined });
        break;
      }
      case 'ternary':
        this.type(node.condition, strict);
        this.condition(node.value, { ...strict, defined: withDefined(view.defined, node.condition, true) });
        if (node.otherwise) {
          this.condition(node.otherwise, { ...strict, defined: withDefined(view.defined, node.condition, false) });
        }
        break;
      default: {
        const kinds = alternatives(this.type(node, strict));
        if (kinds.length > 0 && kinds.every(t => t.kind === 'string')) this.#mismatch(node, ...stringCondition);
      }
    }
    return booleanType;
  }

  type(node: Node, view: View): Type {
    const strict: View = view.tolerant ? { ...view, tolerant: false } : view;
    switch (node.kind) {
      case 'literal':
        return node.decimal ? numberType : typeOfValue(node.value);
      case 'name':
        return this.#name(node.name, node, view);
      case 'list':
        return listOf(union(...node.items.map(item => this.type(item, strict))));
      case 'map':
        return this.#map(node.entries, strict);
      case 'attribute':
        return this.#property(node, this.type(node.of, view), node.name.text, node.name, view);
      case 'index':
        return this.#index(node, view, strict);
      case 'slice': {
        const of = this.type(node.of, strict);
        for (const bound of [node.from, node.to, node.step]) if (bound) this.type(bound, strict);
        if (!fits(of, union(anyList, stringType)))
          this.#mismatch(node, `only a list or a text has parts, not ${describe(of)}`);
        return union(...alternatives(of).map(t => (t.kind === 'string' ? stringType : t)));
      }
      case 'call': {
        const spec = this.#around.own(node.name.text) ?? functionsByName.get(node.name.text);
        const argument = this.#arguments(node.name.text, spec?.parameters ?? [], node.args, strict);
        return (isLookupCall(node) && this.#lookedUp(node, view)) || (spec?.returns(argument) ?? anything);
      }
      case 'method': {
        const spec = methodsByName.get(node.name.text);
        const of = this.type(node.of, view);
        const argument = this.#arguments(node.name.text, spec?.parameters ?? [], node.args, strict);
        if (!spec) return anything;
        this.#wants(node.name, `\`.${spec.name}()\` wants`, of, spec.input);
        return spec.returns(of, argument);
      }
      case 'filter':
        return this.#filter(node, view);
      case 'test': {
        const spec = testNamed(node.name.text);
        const of = this.type(node.of, spec?.takesUndefined ? { ...view, tolerant: true } : strict);
        this.#arguments(node.name.text, spec?.parameters ?? [], node.args, strict);
        if (spec) this.#wants({ start: node.name.start, end: node.end }, `\`is ${spec.name}\` wants`, of, spec.input);
        return booleanType;
      }
      case 'sign': {
        const of = this.type(node.of, strict);
        this.#wants(node, `\`${node.operator}\` wants`, of, numberType);
        return alternatives(of).every(t => t.kind === 'integer') ? integerType : numberType;
      }
      case 'not':
        this.type(node.of, strict);
        return booleanType;
      case 'logic': {
        const left = this.type(node.left, strict);
        const defined = withDefined(view.defined, node.left, node.operator === 'and');
        return union(left, this.type(node.right, { ...strict, defined }));
      }
      case 'arithmetic': {
        const left = this.type(node.left, strict);
        const right = this.type(node.right, strict);
        const result = arithmeticType(node.operator, left, right);
        if (result) return result;
        const text = left.kind === 'string' || right.kind === 'string';
        const hint =
          text && node.operator === '+' ? 'join texts with ~, or make a number of a text with `| int`' : undefined;
        this.#mismatch(node, `\`${node.operator}\` cannot take ${describe(left)} and ${describe(right)}`, hint);
        return anything;
      }
      case 'join':
        for (const item of node.items) this.type(item, strict);
        return stringType;
      case 'compare':
        return this.#compare(node, strict);
      case 'ternary': {
        this.type(node.condition, strict);
        const value = this.type(node.value, { ...view, defined: withDefined(view.defined, node.condition, true) });
        if (!node.otherwise) return value;
        const defined = withDefined(view.defined, node.condition, false);
        return union(value, this.type(node.otherwise, { ...view, defined }));
      }
    }
  }

  #name(name: string, at: Place, view: View): Type {
    const known = this.#types.get(name);
    if (known) {
      const doubt = view.tolerant || view.defined.has(name) ? undefined : this.#types.unset?.(name);
      if (doubt && !isDealtWith(name, doubt, view.defined)) this.#unsure(at, doubtfulName(name, doubt), doubt);
      return known;
    }
    if (view.defined.has(name)) return anything;
    if (view.tolerant) return nothing;
    const hint = otherName(name) ?? didYouMean(name, this.#types.names()) ?? this.#types.hint;
    this.#report('error', 'undefined-name', at, `\`${name}\` is not defined`, hint);
    return anything;
  }

  /** The type of what a lookup finds, where it is written out. */
  #lookedUp({ name, args }: CallNode, view: View): Type | undefined {
    const [plugin, ...terms] = args.positional;
    const by = literalText(plugin);
    if (by === undefined) return undefined;
    const fallback = args.named.find(argument => argument.name.text === 'default')?.value;
    const types = terms.map(term => {
      const text = literalText(term);
      if (by === 'vars' && text === undefined) return anything;
      const named = by === 'vars' && text !== undefined;
      const type = named ? this.#name(text, term, fallback ? { ...view, tolerant: true } : view) : stringType;
      return fallback ? union(type, this.type(fallback, view)) : type;
    });
    const all = types.length === 0 ? anything : union(...types);
    return name.text === 'lookup' ? all : listOf(all);
  }

  #map(entries: readonly (readonly [Node, Node])[], view: View): Type {
    const properties = new Map<string, Property>();
    let open = false;
    for (const [key, value] of entries) {
      const keyType = this.type(key, view);
      const type = this.type(value, view);
      if (!fits(keyType, union(stringType, integerType)))
        this.#mismatch(key, `a key must be a string, not ${describe(keyType)}`);
      if (key.kind === 'literal') properties.set(String(key.value), { type, optional: false });
      else open = true;
    }
    return { kind: 'map', properties, ...(open ? { rest: anything } : {}) };
  }

  #property(node: AttributeNode | IndexNode, of: Type, name: string, at: Place, view: View): Type {
    const found = propertyType(of, name);
    const path = pathOf(node);
    if (found) {
      if (!view.tolerant) this.#doubt(of, name, at, pathOf(node.of), view.defined);
      return found;
    }
    if (path !== undefined && view.defined.has(path)) return anything;
    if (view.tolerant) return nothing;
    const near = didYouMean(name, propertyNames(of)) ?? deeper(of, name);
    const method = methodsByName.has(name) ? `write .${name}() to call it` : undefined;
    const each = of.kind === 'list' ? `of each item: | map(attribute='${name}')` : undefined;
    this.#report('error', 'unknown-attribute', at, `${describe(of)} has no \`${name}\``, near ?? method ?? each);
    return anything;
  }

  /** Warns where a result may lack what is asked of it. `path`: what stands before the name, where it can be tested. */
  #doubt(of: Type, name: string, at: Place, path: string | undefined, defined: ReadonlySet<string>): void {
    const doubt = doubtOf(of);
    if (!doubt || isSure(name)) return;
    if (isDealtWith(path, doubt, defined)) return;
    this.#unsure(at, doubtfulUse(path, name, doubt), doubt);
  }

  #unsure(place: Place, { message, hint, here }: DoubtWords, { at }: Doubt): void {
    const span = this.#locate(place.start, place.end);
    const related = [{ span: at, message: here }];
    this.diagnostics.push({ code: 'unsure-result', severity: 'warning', message, span, hint, related });
  }

  #index(node: IndexNode, view: View, strict: View): Type {
    const of = this.type(node.of, view);
    const index = this.type(node.index, strict);
    if (node.index.kind === 'literal' && typeof node.index.value === 'string') {
      return this.#property(node, of, node.index.value, node.index, view);
    }
    if (!fits(index, union(stringType, integerType))) {
      this.#mismatch(node.index, `an index is a string or a whole number, not ${describe(index)}`);
      return anything;
    }
    const kinds = alternatives(of);
    const indexable = union(anyList, anyMap, stringType);
    if (kinds.length > 0 && !view.tolerant && !fits(of, indexable)) {
      this.#report('error', 'unknown-attribute', node.index, `${describe(of)} has no items`);
      return anything;
    }
    const types = kinds.flatMap(t => {
      if (t.kind !== 'map') return [itemsOf(t)];
      return [...[...t.properties.values()].map(p => p.type), ...(t.rest ? [t.rest] : [])];
    });
    return types.length === 0 ? anything : union(...types);
  }

  #wants(at: Place, what: string, actual: Type, wanted: Type): void {
    if (fits(actual, wanted)) return;
    this.#mismatch(at, `${what} ${describe(wanted)}, not ${describe(actual)}`, conversionHint(actual, wanted));
  }

  /** Checks the arguments against their parameters, and gives the type of each by the name of its parameter. */
  #arguments(name: string, parameters: readonly ParameterSpec[], args: Arguments, view: View): ArgumentTypes {
    const named = args.named.map(argument => [argument.name.text, argument.value] as const);
    const { byName, rest, restNamed } = bind(name, parameters, { positional: args.positional, named });
    const types = new Map<string, Type>();
    const see = (parameter: ParameterSpec | undefined, value: Node): Type => {
      const type = this.type(value, view);
      if (parameter) this.#wants(value, `\`${parameter.name}\` of \`${name}\` must be`, type, parameter.type);
      return type;
    };
    for (const [key, value] of byName)
      types.set(
        key,
        see(
          parameters.find(p => p.name === key),
          value,
        ),
      );
    const open = parameters.find(p => p.takes !== undefined);
    const others = [...rest, ...restNamed.values()].map(value => see(open, value));
    if (open) types.set(open.name, union(...others));
    return key => {
      const given = types.get(key);
      if (given) return given;
      const usual = parameters.find(p => p.name === key)?.default;
      return usual === undefined ? anything : typeOfValue(usual);
    };
  }

  #filter(node: FilterNode, view: View): Type {
    const spec = filterNamed(node.name.text);
    const strict: View = { ...view, tolerant: false };
    const of = this.type(node.of, spec?.takesUndefined ? { ...view, tolerant: true } : strict);
    const lazy = spec?.takesUndefined && view.tolerant ? view : strict;
    const argument = this.#arguments(node.name.text, spec?.parameters ?? [], node.args, lazy);
    if (!spec) return anything;
    this.#wants({ start: node.name.start, end: node.end }, `\`${spec.name}\` wants`, of, spec.input);
    if (filtersByFilter.has(spec.name) || filtersByTest.has(spec.name))
      return this.#itemFilter(node, spec.name, of, view);
    this.#attributeOfItems(node, spec, of, view);
    return spec.returns(of, argument);
  }

  /** `sum(attribute='size')`, `sort(attribute='name,id')`. */
  #attributeOfItems({ args }: FilterNode, { name, parameters }: FilterSpec, of: Type, { defined }: View): void {
    if (!parameters.some(parameter => parameter.name === 'attribute')) return;
    const named = args.named.map(argument => [argument.name.text, argument.value] as const);
    const { byName } = bind(name, parameters, { positional: args.positional, named });
    const place = byName.get('attribute');
    const paths = literalText(place);
    if (!place || paths === undefined) return;
    for (const path of paths.split(',')) this.#path(itemsOf(of), path, place, byName.has('default'), defined);
  }

  /** `map`, `select` and their like: what they do to each item is known where it is said by a literal. */
  #itemFilter(node: FilterNode, name: string, of: Type, { defined }: View): Type {
    const parameters = filterNamed(name)?.parameters ?? [];
    const named = node.args.named.map(argument => [argument.name.text, argument.value] as const);
    const { byName } = bind(name, parameters, { positional: node.args.positional, named });
    const literal = (key: string): string | undefined => {
      const argument = byName.get(key);
      return argument?.kind === 'literal' && typeof argument.value === 'string' ? argument.value : undefined;
    };
    const inner = literal(nameParameter(name));
    const path = literal('attribute');
    const place = byName.get('attribute') ?? node;
    const items = itemsOf(of);
    const copes = byName.has('default') || inner === 'defined' || inner === 'undefined';
    const subject = path === undefined ? items : this.#path(items, path, place, copes, defined);
    if (filtersByTest.has(name)) {
      const spec = inner === undefined ? undefined : testNamed(inner);
      if (spec) this.#wants(byName.get('test') ?? node, `\`${spec.name}\` wants`, subject, spec.input);
      const tells = copes || tellsOfEnd(path ?? inner ?? '');
      return listOf(tells ? certain(items) : items);
    }
    if (byName.has('attribute')) return listOf(copes ? anything : subject);
    const spec = inner === undefined ? undefined : filterNamed(inner);
    if (!spec) return anyList;
    this.#wants(byName.get('filter') ?? node, `\`${spec.name}\` wants`, subject, spec.input);
    return listOf(
      spec.returns(subject, key => typeOfValue(spec.parameters.find(p => p.name === key)?.default ?? null)),
    );
  }

  #path(of: Type, path: string, at: Place, copes: boolean, defined: ReadonlySet<string>): Type {
    let type = of;
    for (const name of path.split('.')) {
      const found = propertyType(type, name);
      if (found) {
        if (!copes) this.#doubt(type, name, at, undefined, defined);
        type = found;
        continue;
      }
      if (!copes) {
        const hint = didYouMean(name, propertyNames(type));
        this.#report('error', 'unknown-attribute', at, `${describe(type)} has no \`${name}\``, hint);
      }
      return anything;
    }
    return type;
  }

  #compare(node: CompareNode, view: View): Type {
    let left = this.type(node.first, view);
    let start = node.first.start;
    for (const { operator, operand } of node.rest) {
      const right = this.type(operand, view);
      const at = { start, end: operand.end };
      const is = comparisonIs(operator, left, right);
      const [a, b] = [describe(left), describe(right)];
      if (is === 'illegal') {
        const message = operator.endsWith('in')
          ? `\`${operator}\` cannot look for ${a} in ${b}`
          : `${a} and ${b} have no order`;
        this.#mismatch(at, message, comparisonHint(left, right));
      } else if (is === 'never') {
        const outcome = operator === '==' || operator === 'in' ? 'always false' : 'always true';
        const hint = this.#neverHint(left, right);
        this.#report('warning', 'type-mismatch', at, `this is ${outcome}: ${a} against ${b}`, hint);
      }
      left = right;
      start = operand.start;
    }
    return booleanType;
  }

  #neverHint(left: Type, right: Type): string | undefined {
    if (left.kind === 'string' && right.kind === 'string') {
      const [few, many] = (left.values?.length ?? 0) === 1 ? [left, right] : [right, left];
      const [word] = few.values ?? [];
      return word === undefined ? undefined : didYouMean(word, many.values ?? []);
    }
    if (left.kind === 'null' || right.kind === 'null') return undefined;
    return comparisonHint(left, right);
  }
}

function doubtOf(type: Type): Doubt | undefined {
  return alternatives(type).flatMap(one => (one.kind === 'map' && one.doubt ? [one.doubt] : []))[0];
}

/** True where it was asked how the task ended, or for something that the result holds; of one that may not be set at all, whether it is. */
function isDealtWith(path: string | undefined, doubt: Doubt, defined: ReadonlySet<string>): boolean {
  const { because, unless = [] } = doubt;
  if (because === 'skipped' && unless.every(({ identity }) => defined.has(identity))) return true;
  if (path === undefined) return false;
  return (isOfSetting(doubt) && defined.has(path)) || [...defined].some(one => one.startsWith(`${path}.`));
}
