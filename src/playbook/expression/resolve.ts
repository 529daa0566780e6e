import type { Code } from '../../core/codes.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Span } from '../../core/source.ts';
import { EVERY_NAME, type NameUse } from '../../core/template.ts';
import { respelt } from '../fixes.ts';
import { insteadOf } from './absent.ts';
import { bind } from './bind.ts';
import { askedIn } from './doubt.ts';
import { insteadOfLookup, isLookup } from './lookups.ts';
import { didYouMean } from './nearest.ts';
import type { Callable, ParameterSpec } from './signature.ts';
import {
  type Arguments,
  type AttributeNode,
  type CallNode,
  definedWhere,
  type FilterNode,
  type IndexNode,
  identityOf,
  type Node,
  partsWhere,
  type Word,
} from './syntax.ts';
import type { Locate } from './template.ts';
import { filterNamed, filtersByName, functionsByName, methodsByName, testNamed, testsByName } from './vocabulary.ts';

/** What of the names in an expression does not depend on where it stands. */
export interface Resolved {
  readonly uses: readonly NameUse[];
  readonly lookups: readonly LookupUse[];
  /** Unknown filters, tests, functions and methods, and arguments that these do not take. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A lookup that an expression makes. */
export interface LookupUse {
  /** What is not written out is absent. */
  readonly plugin: string | undefined;
  readonly term?: string;
  readonly span: Span;
  /** True where the expression copes with nothing being found. */
  readonly tolerant: boolean;
}

export const isLookupCall = ({ name }: CallNode): boolean => ['lookup', 'query', 'q'].includes(name.text);

export function literalText(node: Node | undefined): string | undefined {
  return node?.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** How a part of an expression is looked at. */
interface View {
  /** What is undefined here is coped with. */
  readonly tolerant: boolean;
  /** Paths that are surely defined here, because a condition around it asked. */
  readonly defined: ReadonlySet<string>;
}

/**
 * `added.*` stands for whatever the result `added` may lack: how its task ended was asked, whatever came of it. Besides, there is
 * what makes each part of the condition that holds known again.
 */
export function withDefined(defined: ReadonlySet<string>, condition: Node, outcome: boolean): ReadonlySet<string> {
  const asked = askedIn(condition).map(path => `${path}.*`);
  const parts = partsWhere(condition, outcome).map(identityOf);
  return new Set([...defined, ...definedWhere(condition, outcome), ...asked, ...parts]);
}

/** The filters that apply another filter or test, which they are told by name. */
export const filtersByFilter = new Set(['map']);
export const filtersByTest = new Set(['select', 'reject', 'selectattr', 'rejectattr']);
/** Where that name stands among their arguments. */
export const nameParameter = (filter: string): string => (filtersByFilter.has(filter) ? 'filter' : 'test');

/** What stands around an expression that is looked at. */
export interface Around {
  /** Paths that are surely defined there. */
  readonly defined: ReadonlySet<string>;
  /** The functions that a template brings along. */
  own(name: string): Callable | undefined;
}

export const nothingAround: Around = { defined: new Set(), own: () => undefined };

export function resolve(node: Node, locate: Locate, around = nothingAround): Resolved {
  const resolver = new Resolver(locate, around);
  resolver.walk(node, { tolerant: false, defined: around.defined });
  return resolver;
}

class Resolver implements Resolved {
  readonly uses: NameUse[] = [];
  readonly lookups: LookupUse[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #locate: Locate;
  readonly #around: Around;

  constructor(locate: Locate, around: Around) {
    this.#locate = locate;
    this.#around = around;
  }

  #error(
    code: Code,
    at: { start: number; end: number; text?: string },
    message: string,
    hint?: string,
    known: Iterable<string> = [],
  ): void {
    const span = this.#locate(at.start, at.end);
    const fix = at.text === undefined ? undefined : respelt(span, at.text, known);
    this.diagnostics.push({
      code,
      severity: 'error',
      message,
      span,
      ...(hint ? { hint } : {}),
      ...(fix ? { fix } : {}),
    });
  }

  walk(node: Node, view: View): void {
    const strict: View = view.tolerant ? { ...view, tolerant: false } : view;
    switch (node.kind) {
      case 'literal':
        break;
      case 'name':
        this.uses.push({
          name: node.name,
          span: this.#locate(node.start, node.end),
          tolerant: view.tolerant || view.defined.has(node.name),
        });
        if (node.name === 'hostvars') this.#may(EVERY_NAME, node);
        break;
      case 'attribute':
        if (this.#ofHost(node, strict)) break;
        this.walk(node.of, view);
        break;
      case 'index':
        if (this.#ofHost(node, strict)) break;
        this.walk(node.of, view);
        this.walk(node.index, strict);
        break;
      case 'method':
        this.walk(node.of, view);
        this.#method(node.name, node.args, strict);
        break;
      case 'filter':
        this.#filter(node, view);
        break;
      case 'test': {
        const spec = testNamed(node.name.text);
        if (!spec) this.#unknownTest(node.name);
        this.walk(node.of, spec?.takesUndefined ? { ...view, tolerant: true } : strict);
        this.#arguments(node.name, spec?.parameters, node.args, strict);
        break;
      }
      case 'call':
        this.#call(node, strict);
        if (isLookupCall(node)) this.#lookup(node, view);
        break;
      case 'logic':
        this.walk(node.left, strict);
        this.walk(node.right, {
          ...strict,
          defined: withDefined(view.defined, node.left, node.operator === 'and'),
        });
        break;
      case 'ternary':
        this.walk(node.condition, strict);
        this.walk(node.value, { ...view, defined: withDefined(view.defined, node.condition, true) });
        if (node.otherwise) {
          this.walk(node.otherwise, { ...view, defined: withDefined(view.defined, node.condition, false) });
        }
        break;
      default:
        for (const child of childrenOf(node)) this.walk(child, strict);
    }
  }

  #may(name: string, { start, end }: Node): void {
    this.uses.push({ name, span: this.#locate(start, end), tolerant: true });
  }

  /** `hostvars[host].name`: what a host has by that name, where the name is written out. */
  #ofHost(node: AttributeNode | IndexNode, view: View): boolean {
    const host = node.of;
    const name = node.kind === 'attribute' ? node.name.text : literalText(node.index);
    if (name === undefined || (host.kind !== 'attribute' && host.kind !== 'index')) return false;
    if (host.of.kind !== 'name' || host.of.name !== 'hostvars') return false;
    if (host.kind === 'index') this.walk(host.index, view);
    this.#may(name, node);
    return true;
  }

  #arguments(name: Word, parameters: readonly ParameterSpec[] | undefined, args: Arguments, view: View): void {
    for (const value of args.positional) this.walk(value, view);
    for (const { value } of args.named) this.walk(value, view);
    if (!parameters) return;
    const named = args.named.map(argument => [argument.name.text, argument.value] as const);
    const { problem } = bind(name.text, parameters, { positional: args.positional, named });
    if (!problem) return;
    const word = args.named.find(argument => argument.value === problem.at)?.name;
    this.#error('type-mismatch', word ?? problem.at ?? name, problem.message, problem.hint);
  }

  #filter(node: FilterNode, view: View): void {
    const spec = filterNamed(node.name.text);
    const strict: View = { ...view, tolerant: false };
    this.walk(node.of, spec?.takesUndefined ? { ...view, tolerant: true } : strict);
    if (!spec) this.#unknownFilter(node.name);
    // `a | default(b) | default(c)`: b may be undefined where another default follows.
    const lazy = spec?.takesUndefined && view.tolerant ? view : strict;
    this.#arguments(node.name, spec?.parameters, node.args, lazy);
    if (spec) this.#inner(node, spec.name, spec.parameters);
  }

  /** `map('upper')`, `select('match', '^a')`: the inner name, and the arguments that go on to it. */
  #inner(node: FilterNode, filter: string, parameters: readonly ParameterSpec[]): void {
    const byFilter = filtersByFilter.has(filter);
    if (!byFilter && !filtersByTest.has(filter)) return;
    const named = node.args.named.map(argument => [argument.name.text, argument.value] as const);
    const binding = bind(filter, parameters, { positional: node.args.positional, named });
    const inner = binding.byName.get(nameParameter(filter));
    if (inner?.kind !== 'literal' || typeof inner.value !== 'string') return;
    const word: Word = { text: inner.value, start: inner.start, end: inner.end };
    const spec = byFilter ? filterNamed(inner.value) : testNamed(inner.value);
    if (!spec) {
      if (byFilter) this.#unknownFilter(word);
      else this.#unknownTest(word);
      return;
    }
    const { problem } = bind(spec.name, spec.parameters, { positional: binding.rest, named: binding.restNamed });
    if (problem) this.#error('type-mismatch', problem.at ?? word, problem.message, problem.hint);
  }

  #unknownFilter(name: Word): void {
    const near = didYouMean(name.text, filtersByName.keys());
    const hint = testNamed(name.text) ? `it is a test: write \`is ${name.text}\`` : (insteadOf(name.text) ?? near);
    this.#error(
      'unknown-filter',
      name,
      `there is no filter \`${name.text}\``,
      hint,
      hint === near ? filtersByName.keys() : [],
    );
  }

  #unknownTest(name: Word): void {
    const near = didYouMean(name.text, testsByName.keys());
    const hint = filterNamed(name.text) ? `it is a filter: write \`| ${name.text}\`` : (insteadOf(name.text) ?? near);
    this.#error(
      'unknown-test',
      name,
      `there is no test \`${name.text}\``,
      hint,
      hint === near ? testsByName.keys() : [],
    );
  }

  /** What is looked up is known where it is written out. */
  #lookup({ args, name }: CallNode, view: View): void {
    const [plugin, ...terms] = args.positional;
    const tolerant = view.tolerant || args.named.some(argument => argument.name.text === 'default');
    const by = literalText(plugin);
    if (plugin && by !== undefined && !isLookup(by)) {
      this.#error('undefined-name', plugin, `there is no lookup \`${by}\``, insteadOfLookup(by));
      return;
    }
    if (terms.length === 0) this.lookups.push({ plugin: by, span: this.#locate(name.start, name.end), tolerant });
    for (const node of terms) {
      const term = literalText(node);
      const span = this.#locate(node.start, node.end);
      this.lookups.push({ plugin: by, span, tolerant, ...(term === undefined ? {} : { term }) });
      if (by === 'vars' && term !== undefined) this.uses.push({ name: term, span, tolerant });
      if (by === 'vars' && term === undefined) this.#may(EVERY_NAME, node);
    }
  }

  #call({ name, args }: CallNode, view: View): void {
    const spec = this.#around.own(name.text) ?? functionsByName.get(name.text);
    this.#arguments(name, spec?.parameters, args, view);
    if (spec) return;
    const others = ['now', 'undef', 'namespace', 'cycler', 'joiner', 'lipsum'];
    const hint = filterNamed(name.text)
      ? `it is a filter: write \`value | ${name.text}\``
      : others.includes(name.text)
        ? `there are these functions: ${[...functionsByName.keys()].join(', ')}`
        : didYouMean(name.text, functionsByName.keys());
    this.#error('undefined-name', name, `there is no function \`${name.text}\``, hint);
  }

  #method(name: Word, args: Arguments, view: View): void {
    const spec = methodsByName.get(name.text);
    this.#arguments(name, spec?.parameters, args, view);
    if (spec) return;
    const hint = filterNamed(name.text)
      ? `it is a filter: write \`| ${name.text}\``
      : didYouMean(name.text, methodsByName.keys());
    this.#error('unknown-attribute', name, `there is no method \`.${name.text}()\``, hint);
  }
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'list':
    case 'join':
      return node.items;
    case 'map':
      return node.entries.flat();
    case 'slice':
      return [node.of, node.from, node.to, node.step].filter(part => part !== undefined);
    case 'sign':
    case 'not':
      return [node.of];
    case 'arithmetic':
      return [node.left, node.right];
    case 'compare':
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    default:
      return [];
  }
}
