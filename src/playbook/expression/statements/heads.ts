import { parseExpression } from '../parser.ts';
import type { Node, Word } from '../syntax.ts';
import { SyntaxProblem } from '../syntax-error.ts';
import type { Token } from '../tokens.ts';
import { BODY, type MacroParameter } from './syntax.ts';

/** Words that cannot be names. */
const reserved = new Set('and or not in is if else true false none True False None loop'.split(' '));

const isOperator = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'operator' && token.text === text;
const isWord = (token: Token | undefined, text: string): boolean => token?.kind === 'name' && token.text === text;

/** The tokens from `from` up to `to`, closed by an end where that one stands. */
function part(tokens: readonly Token[], from: number, to: number): readonly Token[] {
  const next = tokens[to] ?? tokens.at(-1);
  const start = next?.start ?? 0;
  return [...tokens.slice(from, to), { kind: 'end', text: next?.text ?? '', start, end: next?.end ?? start }];
}

/** Where the next token stands that is in no brackets and for which `wanted` holds; the end of the tokens otherwise. */
function next(tokens: readonly Token[], from: number, wanted: (token: Token) => boolean): number {
  let depth = 0;
  for (let at = from; at < tokens.length - 1; at += 1) {
    const token = tokens[at];
    if (!token) break;
    if (depth === 0 && wanted(token)) return at;
    if (token.kind !== 'operator') continue;
    if ('([{'.includes(token.text)) depth += 1;
    if (')]}'.includes(token.text)) depth -= 1;
  }
  return tokens.length - 1;
}

/** The parts between commas that are in no brackets; a comma at the end begins none. */
function parts(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const found: (readonly Token[])[] = [];
  for (let at = 0; at < tokens.length - 1; ) {
    const comma = next(tokens, at, token => isOperator(token, ','));
    found.push(part(tokens, at, comma));
    at = comma + 1;
  }
  return found;
}

/** One expression; several with commas between them are a list, as a tuple is. */
export function readValue(tokens: readonly Token[]): Node {
  const all = parts(tokens);
  const comma = next(tokens, 0, token => isOperator(token, ','));
  if (comma >= tokens.length - 1) return parseExpression(tokens);
  const items = all.map(parseExpression);
  return { kind: 'list', items, start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.start ?? 0 };
}

export function problemAt(tokens: readonly Token[], at: number, message: string, hint?: string): SyntaxProblem {
  const token = tokens[at] ?? tokens.at(-1);
  return new SyntaxProblem(message, token?.start ?? 0, token?.end ?? 0, hint);
}

/** A name that can be set. */
export function wordAt(tokens: readonly Token[], at: number, what: string): Word {
  const token = tokens[at];
  if (token?.kind !== 'name') throw problemAt(tokens, at, `${what} is missing`);
  if (reserved.has(token.text)) throw problemAt(tokens, at, `\`${token.text}\` cannot be set`);
  return { text: token.text, start: token.start, end: token.end };
}

/** `a`, `a, b` or `(a, b)`. */
function targets(tokens: readonly Token[], what: string): readonly Word[] {
  const bracketed = isOperator(tokens[0], '(') && isOperator(tokens[tokens.length - 2], ')');
  const inner = bracketed ? part(tokens, 1, tokens.length - 2) : tokens;
  const found = parts(inner).map(one => {
    if (one.length > 2) throw problemAt(one, 1, `\`${one[1]?.text ?? ''}\` is not expected here`);
    return wordAt(one, 0, what);
  });
  if (found.length === 0) throw problemAt(tokens, 0, `${what} is missing`);
  return found;
}

/** What follows `for`: `host, port in pairs if port`. */
export function forHead(tokens: readonly Token[]): {
  readonly targets: readonly Word[];
  readonly over: Node;
  readonly filter: Node | undefined;
} {
  const into = next(tokens, 0, token => isWord(token, 'in'));
  if (into >= tokens.length - 1)
    throw problemAt(tokens, into, '`in` and what to go through are missing', '{% for item in list %}');
  const condition = next(tokens, into + 1, token => isWord(token, 'if'));
  const recursive = tokens[tokens.length - 2];
  if (isWord(recursive, 'recursive') && tokens.length - 2 > into + 1) {
    throw problemAt(tokens, tokens.length - 2, 'loops are not recursive', 'write a macro that calls itself');
  }
  const filter =
    condition < tokens.length - 1 ? parseExpression(part(tokens, condition + 1, tokens.length - 1)) : undefined;
  return {
    targets: targets(part(tokens, 0, into), 'the name of the item'),
    over: readValue(part(tokens, into + 1, condition)),
    filter,
  };
}

export type SetHead =
  | { readonly kind: 'value'; readonly targets: readonly Word[]; readonly value: Node; readonly namespace: boolean }
  | { readonly kind: 'member'; readonly of: Word; readonly member: Word; readonly value: Node }
  | { readonly kind: 'block'; readonly target: Word; readonly filtered: Node };

/** What follows `set`: `a = 1`, `a, b = pair`, `ns.a = 1`, `text`, `text | upper`. */
export function setHead(tokens: readonly Token[]): SetHead {
  const equals = next(tokens, 0, token => isOperator(token, '='));
  if (equals >= tokens.length - 1) {
    const target = wordAt(tokens, 0, 'the name to set');
    if (tokens.length > 2 && !isOperator(tokens[1], '|')) throw problemAt(tokens, 1, '`=` is missing');
    return { kind: 'block', target, filtered: filteredBody(part(tokens, 1, tokens.length - 1), true) };
  }
  const value = readValue(part(tokens, equals + 1, tokens.length - 1));
  if (isOperator(tokens[1], '.') && equals === 3) {
    return {
      kind: 'member',
      of: wordAt(tokens, 0, 'the name to set'),
      member: wordAt(tokens, 2, 'the name to set'),
      value,
    };
  }
  const names = targets(part(tokens, 0, equals), 'the name to set');
  const namespace = names.length === 1 && value.kind === 'call' && value.name.text === 'namespace';
  return {
    kind: 'value',
    targets: names,
    // What a namespace holds is a map here, and only `set` changes it.
    value: namespace ? { ...value, name: { ...value.name, text: 'dict' } } : value,
    namespace,
  };
}

/** `| upper | trim`, or without the first `|`, as an expression over what a block of text became. */
export function filteredBody(tokens: readonly Token[], barred: boolean): Node {
  const start = tokens[0]?.start ?? 0;
  const body: Token = { kind: 'name', text: BODY, start, end: start };
  const bar: readonly Token[] = barred ? [] : [{ kind: 'operator', text: '|', start, end: start }];
  return parseExpression([body, ...bar, ...tokens]);
}

/** What follows `macro`: `line(name, port=2379)`. */
export function macroHead(tokens: readonly Token[]): {
  readonly name: Word;
  readonly parameters: readonly MacroParameter[];
} {
  const name = wordAt(tokens, 0, 'the name of the macro');
  const last = tokens.length - 2;
  if (!isOperator(tokens[1], '(') || !isOperator(tokens[last], ')')) {
    throw problemAt(tokens, 1, 'the parameters of the macro stand in parentheses', `{% macro ${name.text}() %}`);
  }
  const parameters = parts(part(tokens, 2, last)).map(one => {
    const parameter = wordAt(one, 0, 'the name of a parameter');
    if (one.length === 2) return { name: parameter, default: undefined };
    if (!isOperator(one[1], '=')) throw problemAt(one, 1, `\`${one[1]?.text ?? ''}\` is not expected here`);
    return { name: parameter, default: parseExpression(part(one, 2, one.length - 1)) };
  });
  const twice = parameters.find((p, i) => parameters.some((q, j) => j < i && q.name.text === p.name.text));
  if (twice) {
    throw new SyntaxProblem(
      `the parameter \`${twice.name.text}\` stands there twice`,
      twice.name.start,
      twice.name.end,
    );
  }
  return { name, parameters };
}

/** What follows `with`: `a = 1, b = 2`. */
export function withHead(tokens: readonly Token[]): readonly { readonly name: Word; readonly value: Node }[] {
  return parts(tokens).map(one => {
    const name = wordAt(one, 0, 'the name to set');
    if (!isOperator(one[1], '=')) throw problemAt(one, 1, '`=` and a value are missing');
    return { name, value: parseExpression(part(one, 2, one.length - 1)) };
  });
}
