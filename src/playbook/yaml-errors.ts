import { type Document, type ErrorCode, isScalar, visit, type YAMLError } from 'yaml';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Source, Span } from '../core/source.ts';
import { shortened, startOf } from './document.ts';
import { quoted, writtenAt } from './fixes.ts';

/** What people most often did where the parser reports a code, in the words of who reads a playbook. */
const explained: Partial<Record<ErrorCode, readonly [message: string, hint?: string]>> = {
  BLOCK_AS_IMPLICIT_KEY: [
    'a value with ": " in it must be quoted, and the keys of a map must begin in the same column',
    'quote the value, or align the lines below it',
  ],
  MULTILINE_IMPLICIT_KEY: ['this is read as a key over several lines', 'is a ": " missing after the key, or a quote?'],
  MULTIPLE_DOCS: ['a second document begins here', 'keep one playbook a file: remove the ---'],
  BAD_SCALAR_START: ['a value cannot begin with this character', 'quote the value'],
  BAD_DQ_ESCAPE: ['this escape does not exist in double quotes', 'use single quotes, or write \\\\ for a backslash'],
};

/** A key that its map has already. */
export function duplicateKey(span: Span): Diagnostic {
  const [message, hint] = ['this key stands twice in the same map', 'remove one of them, or rename it'];
  return { code: 'yaml-syntax', severity: 'error', message, span, hint };
}

/** At the beginning: where the parser's stack ends is not always the same place. */
export function tooDeep(source: Source): Diagnostic {
  return { code: 'yaml-syntax', severity: 'error', message: 'the file is nested too deeply', span: startOf(source) };
}

/** One error of the parser as a diagnostic, with the likely cause where it is a habit of Ansible's users. */
export function syntaxError(source: Source, document: Document, error: YAMLError): Diagnostic {
  const [start, end] = error.pos;
  // What the parser says where its stack ends.
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return tooDeep(source);
  const quote = /^Missing closing .quote/.test(error.message) ? lastQuote(document) : undefined;
  if (quote !== undefined) {
    const message = 'the quote that is opened here is never closed';
    return { code: 'yaml-syntax', severity: 'error', message, span: { source, start: quote, end: quote + 1 } };
  }
  const tab = tabInIndentation(source, start);
  if (tab !== undefined) return tab;
  const expression = unquotedBefore(source, start);
  if (expression) return unquoted({ source, ...expression });
  const inList = /flow sequence items/.test(error.message) ? 'quote an item that has [, {, : or , in it' : undefined;
  const [message, hint] = explained[error.code] ?? [plain(error.message), inList];
  return {
    code: 'yaml-syntax',
    severity: 'error',
    message,
    span: { source, start, end: Math.max(start, Math.min(end, source.text.length)) },
    ...(hint === undefined ? {} : { hint }),
  };
}

/** A tab indents the error's line or the next one: the parser has several names for what follows from it. */
function tabInIndentation(source: Source, at: number): Diagnostic | undefined {
  const lineStart = source.text.lastIndexOf('\n', at - 1) + 1;
  const found = /^ {0,200}\t|^[^\n]*\n {0,200}\t/.exec(source.text.slice(lineStart));
  if (!found) return undefined;
  const end = lineStart + found[0].length;
  return {
    code: 'yaml-syntax',
    severity: 'error',
    message: 'a tab stands in the indentation',
    span: { source, start: end - 1, end },
    hint: 'indent with spaces; YAML does not allow tabs there',
  };
}

/** Where the last quoted scalar begins. */
function lastQuote(document: Document): number | undefined {
  let last: number | undefined;
  const look = (node: unknown): void => {
    if (isScalar(node) && /^QUOTE/.test(node.type ?? '') && node.range) last = Math.max(last ?? 0, node.range[0]);
  };
  visit(document, { Scalar: (_key, node) => look(node) });
  return last;
}

/** The parser's own words, without its position and excerpt. Some hold what is written. */
function plain(message: string): string {
  const line = message.split('\n')[0] ?? message;
  const text = line.replace(/ at line \d+, column \d+:?$/, '');
  return shortened(text.charAt(0).toLowerCase() + text.slice(1));
}

/** `a: {{ x }} y` is a syntax error after the braces: finds the value on the error's line that begins with them. */
function unquotedBefore({ text }: Source, at: number): { start: number; end: number } | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', lineStart);
  const line = text.slice(lineStart, newline < 0 ? text.length : newline);
  const value = /^\s*(?:- +)*(?:[\w.-]+: +)?(?=\{\{)/.exec(line);
  if (!value?.[0].trim() || lineStart + value[0].length > at) return undefined;
  return { start: lineStart + value[0].length, end: lineStart + line.replace(/\s+(#.*)?$/, '').length };
}

/** `a: {{ x }}`: the braces as far as `span` says. */
export function unquoted(span: Span): Diagnostic {
  const written = writtenAt(span);
  const fix = quoted(span);
  return {
    code: 'unquoted-expression',
    severity: 'error',
    message: 'a value that begins with {{ must be quoted, or YAML reads it as a map',
    span,
    hint: `write "${written}"`,
    ...(/^\{\{[^{}]*\}\}[^{}#]*$/.test(written) && fix ? { fix } : {}),
  };
}
