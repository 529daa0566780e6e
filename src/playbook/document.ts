import type { Source, Span } from '../core/source.ts';
import type { Locate } from './locate.ts';

/** A YAML value with its place. Aliases and merges (`<<`) are resolved, so the same node can stand in several places. */
export type Node = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: null | boolean | number | string;
  /** From offsets in `value`, where it is a string, to places in the file. */
  readonly locate: Locate;
}

/** Characters of a text that messages show. */
const LONGEST_SHOWN = 100;

interface ListNode {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Node[];
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

export interface MapNode {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: readonly Entry[];
}

export function entry(map: MapNode, key: string): Entry | undefined {
  return map.entries.find(e => e.key === key);
}

/** A text as messages show it: the beginning of a long one. */
export function shortened(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

/** What a value is called in messages: `a map`, `the number 644`. */
export function describe(node: Node): string {
  switch (node.kind) {
    case 'list':
      return 'a list';
    case 'map':
      return 'a map';
    case 'scalar':
      if (node.value === null) return 'nothing';
      if (typeof node.value === 'string') return `the text ${JSON.stringify(shortened(node.value))}`;
      return typeof node.value === 'number' ? `the number ${node.value}` : `${node.value}`;
  }
}

/** True for a list with nothing in it, and for nothing at all. */
export function isEmpty(node: Node): boolean {
  return node.kind === 'list' ? node.items.length === 0 : node.kind === 'scalar' && node.value === null;
}

/** True for a text with an expression in it. */
export function holdsExpression(node: Node): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('{{');
}

/** The texts of a text or of a list of texts, with their places; undefined where it is anything else, or holds expressions. */
export function textsIn(node: Node): readonly { readonly text: string; readonly span: Span }[] | undefined {
  const texts = (node.kind === 'list' ? node.items : [node]).map(item =>
    item.kind === 'scalar' && typeof item.value === 'string' && !holdsExpression(item)
      ? { text: item.value, span: item.span }
      : undefined,
  );
  const sound = texts.filter(text => text !== undefined);
  return sound.length === texts.length ? sound : undefined;
}

/** The place just where a source begins, for findings about the whole of it. */
export function startOf(source: Source): Span {
  return { source, start: 0, end: 0 };
}
