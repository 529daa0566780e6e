import type { Diagnostic, Outcome } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import type { Span } from '../../core/source.ts';
import type { Scope, Template } from '../../core/template.ts';
import { unknownIn, type Value, type ValueMap } from '../../core/value.ts';
import { check } from './check.ts';
import { askedIn, type Doubt } from './doubt.ts';
import { type Evaluate, Evaluator } from './evaluate.ts';
import { need, needInText } from './missing.ts';
import { parseExpression } from './parser.ts';
import { hasExpressions, splitText } from './pieces.ts';
import { type LookupUse, resolve } from './resolve.ts';
import { definedWhere, identityOf, type Node, partsWhere } from './syntax.ts';
import { SyntaxProblem } from './syntax-error.ts';
import { textOf } from './text.ts';
import { tokenize } from './tokens.ts';
import { alternatives, listOf, oneOf, stringType, type Type, typeOfValue, union } from './types.ts';

/** Maps offsets in a text (the value of a scalar, after YAML's unquoting) to a span of the file. */
export type Locate = (start: number, end: number) => Span;

/** The types of names. `undefined`: nothing defines it. */
export interface TypeScope {
  get(name: string): Type | undefined;
  /** Why a name may not be set there, where there is a reason to doubt it. */
  unset?(name: string): Doubt | undefined;
  names(): Iterable<string>;
  /** What would help with a name that is not among them, and is near none of them. */
  readonly hint?: string | undefined;
}

export interface Checked {
  readonly type: Type;
  readonly diagnostics: readonly Diagnostic[];
}

/** A part of a condition: as it is written, and what is the same for all ways to write it. */
export interface Conjunct {
  readonly text: string;
  readonly identity: string;
}

/** A template that can be checked before the run. */
export interface TypedTemplate extends Template {
  /** Names that are surely defined where this one, as a condition, is true: those it tests with `is defined`. */
  readonly definedWhenTrue: readonly string[];
  /** Of a condition: what must all be true for it to be true. */
  readonly conjuncts?: readonly Conjunct[];
  /** Of a condition: the results of which it asks how their tasks ended, or whether they hold something. */
  readonly asks?: readonly string[];
  /** What it reads of the outside; absent where nothing. */
  readonly lookups?: readonly LookupUse[];
  check(types: TypeScope): Checked;
}

/** A value without expressions. */
export function literalTemplate(value: Value, span: Span): TypedTemplate {
  return {
    span,
    literal: true,
    uses: [],
    definedWhenTrue: [],
    render: () => value,
    outline: () => value,
    check: () => ({ type: typeOfValue(value), diagnostics: [] }),
  };
}

export const syntaxErrors = (error: unknown, locate: Locate): Outcome<never> => {
  if (!(error instanceof SyntaxProblem)) throw error;
  const { message, hint } = error;
  const span = locate(error.start, error.end);
  return { diagnostics: [{ code: 'expression-syntax', severity: 'error', message, span, ...(hint ? { hint } : {}) }] };
};

/** Runs a compiled expression; what is too large for the machine is a failure like any other. */
export function render(evaluate: Evaluate, scope: Scope, span: Span): Value {
  try {
    return need(evaluate(scope));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('evaluation-failed', 'the value becomes too large', { span, cause: error });
  }
}

function expressionTemplate(
  node: Node,
  span: Span,
  locate: Locate,
  as: 'value' | 'condition' | 'part of a text',
): Required<Outcome<TypedTemplate>> {
  const { uses, lookups, diagnostics } = resolve(node, locate);
  const evaluator = new Evaluator(locate);
  const condition = as === 'condition';
  const slot = condition ? evaluator.condition(node) : evaluator.value(node);
  const evaluate: Evaluate = as === 'part of a text' ? scope => needInText(slot(scope)) : slot;
  const value: TypedTemplate = {
    span,
    literal: false,
    uses,
    ...(lookups.length > 0 ? { lookups } : {}),
    definedWhenTrue: definedWhere(node, true).filter(path => !path.includes('.')),
    ...(condition ? { asks: asksOf(node) } : {}),
    render: scope => render(evaluate, scope, span),
    check: types => check(node, types, locate, condition),
  };
  return { value, diagnostics };
}

function asksOf(node: Node): readonly string[] {
  const within = definedWhere(node, true).filter(path => path.includes('.'));
  return [...new Set([...askedIn(node), ...within].map(path => path.replace(/\..*/s, '')))];
}

function conjunctsOf(node: Node, text: string): readonly Conjunct[] {
  return partsWhere(node, true).map(part => {
    const written = text.slice(part.start, part.end).replaceAll(/\s+/g, ' ');
    return { identity: identityOf(part), text: part.kind === 'not' ? `not ${written}` : written };
  });
}

/** Text between expressions, as one string; unknown where a part is. */
function mixedTemplate(parts: readonly (string | TypedTemplate)[], span: Span): TypedTemplate {
  const templates = parts.filter(part => typeof part !== 'string');
  const evaluate: Evaluate = scope => {
    let text = '';
    for (const part of parts) {
      const value = typeof part === 'string' ? part : part.render(scope);
      const unknown = unknownIn(value);
      if (unknown) return unknown;
      text += textOf(value);
    }
    return text;
  };
  return {
    span,
    literal: false,
    uses: templates.flatMap(t => t.uses),
    lookups: templates.flatMap(t => t.lookups ?? []),
    definedWhenTrue: [],
    render: scope => render(evaluate, scope, span),
    outline: part => parts.map(one => (typeof one === 'string' ? one : textOf(part(one)))).join(''),
    check: types => {
      const checked = new Map(templates.map(template => [template, template.check(types)]));
      const texts = parts.map(part => (typeof part === 'string' ? [part] : textsOf(checked.get(part)?.type)));
      return { type: joinedType(texts), diagnostics: [...checked.values()].flatMap(c => c.diagnostics) };
    },
  };
}

/** One expression with a line break after it, as a block of YAML has it: the native value, but that a text keeps the break. */
function lineTemplate(expression: TypedTemplate, span: Span): TypedTemplate {
  const broken = (value: Value): Value => (typeof value === 'string' ? `${value}\n` : value);
  return {
    ...expression,
    span,
    render: scope => broken(expression.render(scope)),
    outline: part => broken(part(expression)),
    check: types => {
      const { type, diagnostics } = expression.check(types);
      const texts = alternatives(type).map(one => (one.kind === 'string' ? joinedType([one.values, ['\n']]) : one));
      return { type: union(...texts), diagnostics };
    },
  };
}

/** The texts that a value can be, where these are known. */
function textsOf(type: Type | undefined): readonly string[] | undefined {
  const found = type ? alternatives(type).map(t => (t.kind === 'string' ? t.values : undefined)) : [];
  return found.length === 0 || found.includes(undefined) ? undefined : found.flatMap(texts => texts ?? []);
}

/** Most texts that are told apart. */
const mostTexts = 50;

function joinedType(parts: readonly (readonly string[] | undefined)[]): Type {
  let texts: readonly string[] = [''];
  for (const part of parts) {
    if (!part || texts.length * part.length > mostTexts) return stringType;
    texts = texts.flatMap(before => part.map(after => before + after));
  }
  return oneOf(...texts);
}

/**
 * Compiles a value of a playbook. A text that is one `{{ … }}`, but for a line break after it, gives the native value (a
 * text with its break); expressions among other text give a string; a text without them is a literal. Where a filter or a test does not exist,
 * there is a template all the same, so that the rest of it can be checked. Never throws.
 */
export function compileText(text: string, locate: Locate): Outcome<TypedTemplate> {
  const span = locate(0, text.length);
  if (!hasExpressions(text)) return { value: literalTemplate(text, span), diagnostics: [] };
  try {
    const pieces = splitText(text);
    const [, after] = pieces;
    const alone = pieces.length === 1 || (pieces.length === 2 && after?.kind === 'text' && after.text === '\n');
    const parts: (string | TypedTemplate)[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const piece of pieces) {
      if (piece.kind === 'text') parts.push(piece.text);
      else {
        const node = parseExpression(piece.tokens);
        const span = locate(piece.start, piece.end);
        const outcome = expressionTemplate(node, span, locate, alone ? 'value' : 'part of a text');
        diagnostics.push(...outcome.diagnostics);
        parts.push(outcome.value);
      }
    }
    const [first] = parts;
    if (parts.every(part => typeof part === 'string')) {
      return { value: literalTemplate(parts.join(''), span), diagnostics };
    }
    if (alone && typeof first === 'object')
      return { value: pieces.length === 1 ? { ...first, span } : lineTemplate(first, span), diagnostics };
    return { value: mixedTemplate(parts, span), diagnostics };
  } catch (error) {
    return syntaxErrors(error, locate);
  }
}

function compileBare(text: string, locate: Locate, condition: boolean): Outcome<TypedTemplate> {
  try {
    const start = text.search(/\S|$/);
    if (text.startsWith('{{', start) || text.startsWith('{%', start)) {
      const hint = 'write it without {{ }}';
      throw new SyntaxProblem('this is an expression already', start, start + 2, hint);
    }
    const node = parseExpression(tokenize(text, 0).tokens);
    const outcome = expressionTemplate(node, locate(0, text.length), locate, condition ? 'condition' : 'value');
    return condition ? { ...outcome, value: { ...outcome.value, conjuncts: conjunctsOf(node, text) } } : outcome;
  } catch (error) {
    return syntaxErrors(error, locate);
  }
}

/** Compiles an expression that stands without braces; gives its native value. Never throws. */
export function compileExpression(text: string, locate: Locate): Outcome<TypedTemplate> {
  return compileBare(text, locate, false);
}

/**
 * Compiles a condition (`when`, `until`, `changed_when`, `failed_when`, `that`): an expression without braces that
 * renders to true, false or Unknown. Lists, maps, numbers and none count as in Python; a string is an error, because
 * `when: wipe` with the text "false" would be true (ansible/ansible #15636). Never throws.
 */
export function compileCondition(text: string, locate: Locate): Outcome<TypedTemplate> {
  return compileBare(text, locate, true);
}

/** What is written of a value: what `part` says stands for each expression. */
export function outlined(template: Template, part: (expression: Template) => Value): Value {
  return template.outline ? template.outline(part) : part(template);
}

/** A list of templates. */
export function listTemplate(items: readonly TypedTemplate[], span: Span): TypedTemplate {
  return {
    span,
    literal: items.every(item => item.literal),
    uses: items.flatMap(item => item.uses),
    definedWhenTrue: [],
    render: scope => items.map(item => item.render(scope)),
    outline: part => items.map(item => outlined(item, part)),
    check: types => {
      const checked = items.map(item => item.check(types));
      return {
        type: listOf(union(...checked.map(c => c.type))),
        diagnostics: checked.flatMap(c => c.diagnostics),
      };
    },
  };
}

/** A map of templates; of equal keys the last one counts. */
export function mapTemplate(entries: readonly (readonly [string, TypedTemplate])[], span: Span): TypedTemplate {
  return {
    span,
    literal: entries.every(([, value]) => value.literal),
    uses: entries.flatMap(([, value]) => value.uses),
    definedWhenTrue: [],
    render: (scope): ValueMap => Object.fromEntries(entries.map(([key, value]) => [key, value.render(scope)])),
    outline: (part): ValueMap => Object.fromEntries(entries.map(([key, value]) => [key, outlined(value, part)])),
    check: types => {
      const checked = entries.map(([key, value]) => [key, value.check(types)] as const);
      return {
        type: {
          kind: 'map',
          properties: new Map(checked.map(([key, c]) => [key, { type: c.type, optional: false }])),
        },
        diagnostics: checked.flatMap(([, c]) => c.diagnostics),
      };
    },
  };
}
