import { SyntaxProblem } from './syntax-error.ts';

interface Place {
  /** Offsets in the text that holds the expression; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export type Token = Place &
  (
    | { readonly kind: 'name'; readonly text: string }
    | { readonly kind: 'operator'; readonly text: string }
    | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly whole: boolean }
    | { readonly kind: 'string'; readonly text: string; readonly value: string }
    | { readonly kind: 'end'; readonly text: string }
  );

const space = /[\s]+/y;
const name = /[\p{L}_][\p{L}\p{N}_]*/uy;
const float = /(?<!\.)\d+(?:_\d+)*(?:\.\d+(?:_\d+)*(?:[eE][+-]?\d+(?:_\d+)*)?|[eE][+-]?\d+(?:_\d+)*)/y;
const integer = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d+(?:_\d+)*/y;
const quoted = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
const operator = /\*\*|\/\/|==|!=|<=|>=|[-+*/%~()[\]{}<>=.:|,]/y;

/** What people write out of other languages' habit. */
const foreign: Readonly<Record<string, string>> = {
  '&': 'write `and`',
  '!': 'write `not`, or `!=` to compare',
  '?': 'write `a if condition else b`',
  ';': 'an expression has no statements',
  '\\': 'a backslash stands only inside quotes',
  '`': 'quote text with \' or "',
  '“': 'quote text with \' or "',
  '”': 'quote text with \' or "',
  '‘': 'quote text with \' or "',
  '’': 'quote text with \' or "',
  $: 'names stand by themselves, without $',
  '@': 'quote text with \' or "',
  '#': 'comments stand outside, as {# … #}',
};

/** More tokens than anyone writes: keeps the syntax tree, and with it the stack, small. */
const mostTokens = 2000;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The tokens of an expression, an `end` last, and the offset behind the `}}` that closed it. */
export interface Tokens {
  readonly tokens: readonly Token[];
  readonly end: number;
  /** `-}}`: the white space behind it is to go; `+%}`: it is to stay. */
  readonly sign: '-' | '+' | '';
}

/** What closes an expression, and a statement. */
export type Closer = '}}' | '%}';

/**
 * Reads from `start` to the end of the text or, where `opened` gives the offset of a `{{` or `{%`, to its closer. Braces of
 * map literals and quoted text do not close it. Throws `SyntaxProblem`.
 */
export function tokenize(text: string, start: number, opened?: number, closer: Closer = '}}'): Tokens {
  const tokens: Token[] = [];
  let depth = 0;
  let at = start;
  for (;;) {
    at += match(space, text, at)?.length ?? 0;
    if (at >= text.length) {
      if (opened === undefined) break;
      const opener = closer === '}}' ? '{{' : '{%';
      throw new SyntaxProblem(`\`${opener}\` is never closed`, opened, opened + 2, `close it with \`${closer}\``);
    }
    if (opened !== undefined && depth === 0) {
      const sign = signBefore(text, at, closer);
      if (sign !== undefined) {
        const end = at + sign.length + closer.length;
        tokens.push({ kind: 'end', text: closer, start: at, end });
        return { tokens, end, sign };
      }
    }
    const token = tokenAt(text, at);
    if (token.kind === 'operator') {
      if (token.text === '{') depth += 1;
      if (token.text === '}') depth = Math.max(0, depth - 1);
    }
    tokens.push(token);
    if (tokens.length > mostTokens) throw new SyntaxProblem('the expression is too long', start, at);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return { tokens, end: text.length, sign: '' };
}

/** The sign of the closer that stands at `at`; undefined where none does. */
function signBefore(text: string, at: number, closer: Closer): Tokens['sign'] | undefined {
  if (text.startsWith(closer, at)) return '';
  if (!text.startsWith(closer, at + 1)) return undefined;
  if (text[at] === '-') return '-';
  return text[at] === '+' && closer === '%}' ? '+' : undefined;
}

function tokenAt(text: string, start: number): Token {
  const decimal = match(float, text, start);
  if (decimal !== undefined) {
    const value = Number(decimal.replaceAll('_', ''));
    const end = start + decimal.length;
    if (!Number.isFinite(value)) throw new SyntaxProblem(`the number ${briefly(decimal)} is too large`, start, end);
    return { kind: 'number', text: decimal, value, whole: false, start, end };
  }
  const whole = match(integer, text, start);
  if (whole !== undefined) return integerToken(whole, start, text);
  const word = match(name, text, start);
  if (word !== undefined) return { kind: 'name', text: word, start, end: start + word.length };
  const string = match(quoted, text, start);
  if (string !== undefined) {
    const end = start + string.length;
    return { kind: 'string', text: string, value: withEscapes(string.slice(1, -1)), start, end };
  }
  const sign = match(operator, text, start);
  if (sign !== undefined) return { kind: 'operator', text: sign, start, end: start + sign.length };
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  if (character === "'" || character === '"') {
    throw new SyntaxProblem('the quoted text is never closed', start, start + 1, `close it with ${character}`);
  }
  const hint = Object.hasOwn(foreign, character) ? foreign[character] : undefined;
  const end = start + (text.startsWith('&&', start) ? 2 : character.length);
  throw new SyntaxProblem(`\`${text.slice(start, end)}\` has no meaning here`, start, end, hint);
}

const briefly = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

function integerToken(digits: string, start: number, text: string): Token {
  const end = start + digits.length;
  const value = Number(digits.replaceAll('_', ''));
  if (!Number.isSafeInteger(value)) {
    throw new SyntaxProblem(
      `the number ${briefly(digits)} is too large to be kept exactly`,
      start,
      end,
      'put it in quotes',
    );
  }
  const tail = match(name, text, end);
  if (tail !== undefined) {
    throw new SyntaxProblem(
      `\`${briefly(digits + tail)}\` is neither a number nor a name`,
      start,
      end + tail.length,
      'put it in quotes',
    );
  }
  return { kind: 'number', text: digits, value, whole: true, start, end };
}

const controls: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/**
 * Python's escapes, but for octal ones: `\1` stays as it is, because in a playbook it is a group of a pattern
 * (`regex_replace('(a)', '\1')`), and `\d` stays as in Python.
 */
function withEscapes(body: string): string {
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (all: string, x?: string, u?: string, long?: string, character?: string) => {
      const hex = x ?? u ?? long;
      if (hex === undefined) return controls[character ?? ''] ?? all;
      const point = Number.parseInt(hex, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : all;
    },
  );
}
