import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml';
import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import type { Source, Span } from '../core/source.ts';
import { type Entry, type MapNode, type Node, shortened, startOf } from './document.ts';
import { encrypted, isEncrypted } from './encrypted.ts';
import { locator, type ScalarStyle } from './locate.ts';
import { unreadable } from './unreadable.ts';
import { duplicateKey, syntaxError, tooDeep, unquoted } from './yaml-errors.ts';

/** Most nodes a file may stand for once its aliases are followed and its maps merged; more is a trap, not a playbook. */
const MOST_NODES = 100_000;

/** Deeper nesting than anyone writes: keeps the stack small of whatever walks through the nodes. */
const DEEPEST = 100;

/**
 * Reads YAML 1.2 (core schema, with `<<` merges) into nodes with places. Errors of syntax follow from one another, so only
 * the first is given; `value` is absent then, and for a file with nothing in it.
 */
export function parseYaml(source: Source): Outcome<Node> {
  if (isEncrypted(source.text)) return { diagnostics: [encrypted(startOf(source))] };
  const nothing = unreadable(source);
  if (nothing) return { diagnostics: [nothing] };
  // The parser compares each key of a map with all others: they are looked at here instead. Nothing is logged; where it were to be
  // silent, it would not tell of a second document.
  const document = parseDocument(source.text, { version: '1.2', merge: true, uniqueKeys: false, logLevel: 'error' });
  const first = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  if (first) return { diagnostics: [syntaxError(source, document, first)] };
  if (!document.contents || source.text.trim() === '') return { diagnostics: [] };
  const reading = new Reading(source, document);
  const value = reading.node(document.contents);
  return reading.diagnostics.length > 0 ? { diagnostics: reading.diagnostics } : { value, diagnostics: [] };
}

const CORE_TAGS = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

const styles: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** What each alias stands for: what was last marked so before it. */
function targetsOf(document: Document): ReadonlyMap<YamlNode, YamlNode> {
  const marked = new Map<string, YamlNode>();
  const targets = new Map<YamlNode, YamlNode>();
  visit(document, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) marked.set(node.anchor, node);
    },
    Alias: (_key, node) => {
      const target = marked.get(node.source);
      if (target) targets.set(node, target);
    },
  });
  return targets;
}

class Reading {
  readonly source: Source;
  readonly document: Document;
  readonly diagnostics: Diagnostic[] = [];
  readonly open = new Set<YamlNode>();
  count = 0;
  stopped = false;
  targets: ReadonlyMap<YamlNode, YamlNode> | undefined;

  constructor(source: Source, document: Document) {
    this.source = source;
    this.document = document;
  }

  node(from: unknown): Node {
    this.counted(from, 1);
    if (this.stopped) return this.scalar(null, this.span(from));
    if (isAlias(from)) {
      this.targets ??= targetsOf(this.document);
      return this.alias(from, this.targets.get(from));
    }
    if (!isMap(from) && !isSeq(from) && !isScalar(from)) return this.scalar(null, this.span(from));
    if (from.tag === '!vault') this.diagnostics.push(encrypted(this.span(from)));
    else if (from.tag !== undefined && !CORE_TAGS.test(from.tag)) {
      const tag = from.tag.replace(/^tag:yaml\.org,2002:/, '!!');
      this.fault(this.span(from), `the tag ${shortened(tag)} is not known`, 'write the value without a tag');
      return this.scalar(null, this.span(from));
    }
    if (isScalar(from)) return this.leaf(from);
    if (this.open.size >= DEEPEST) {
      this.diagnostics.push(tooDeep(this.source));
      this.stopped = true;
      return this.scalar(null, this.span(from));
    }
    this.open.add(from);
    const span = this.span(from);
    const node: Node = isMap(from)
      ? this.map(from, span)
      : { kind: 'list', span, items: from.items.map(item => this.node(item)) };
    this.open.delete(from);
    return node;
  }

  private counted(from: unknown, more: number): void {
    this.count += more;
    if (this.count < MOST_NODES || this.stopped) return;
    this.fault(this.span(from), `the file stands for more than ${MOST_NODES} values`);
    this.stopped = true;
  }

  private alias(from: YamlNode & { source: string }, target: YamlNode | undefined): Node {
    const span = this.span(from);
    if (!target) this.fault(span, `nothing before this is marked &${shortened(from.source)}`);
    else if (this.open.has(target)) this.fault(span, `*${shortened(from.source)} holds itself`);
    else return this.node(target);
    return this.scalar(null, span);
  }

  private leaf(from: Scalar): Node {
    const span = this.span(from);
    const { value } = from;
    if (typeof value === 'string') {
      const style = styles[from.type ?? ''] ?? 'plain';
      return { kind: 'scalar', span, value, locate: locator(this.source, span.start, span.end, value, style) };
    }
    if (typeof value === 'boolean' || value === null) return this.scalar(value, span);
    if (typeof value === 'number' && Number.isFinite(value)) return this.scalar(value, span);
    const written = this.source.text.slice(span.start, span.end);
    this.fault(span, `${shortened(written)} is not a value that a playbook can hold`);
    return this.scalar(null, span);
  }

  private map(from: YAMLMap, span: Span): MapNode {
    const entries = new Map<string, Entry>();
    const merged: Entry[] = [];
    let merges = 0;
    for (const { key, value } of from.items) {
      const keySpan = this.span(key);
      if (isScalar(key) && typeof key.value === 'symbol') {
        merges += 1;
        if (merges === 2) this.diagnostics.push(duplicateKey(keySpan));
        const node = this.node(value);
        for (const part of node.kind === 'list' ? node.items : [node]) {
          if (part.kind === 'map') {
            this.counted(key, part.entries.length);
            if (!this.stopped) for (const one of part.entries) merged.push(one);
          } else this.fault(keySpan, '<< takes a map, or a list of maps');
        }
      } else if (!isScalar(key)) this.collectionKey(span, keySpan);
      else {
        // As it is written: 3.10 is not 3.1, and 1e999 not Infinity.
        const name = typeof key.value === 'number' && key.source !== undefined ? key.source : String(key.value);
        if (entries.has(name)) this.diagnostics.push(duplicateKey(keySpan));
        entries.set(name, { key: name, keySpan, value: this.node(value) });
      }
    }
    for (const e of merged) if (!entries.has(e.key)) entries.set(e.key, e);
    return { kind: 'map', span, entries: [...entries.values()] };
  }

  /** `a: {{ x }}` is YAML for a map whose only key is a map; nobody means that. */
  private collectionKey(span: Span, keySpan: Span): void {
    const { text } = this.source;
    const braces = [span, keySpan].find(s => text.startsWith('{{', s.start));
    if (!braces) {
      this.fault(keySpan, 'a key must be a plain value, not a list or a map');
      return;
    }
    const end = text.indexOf('}}', braces.start);
    const whole = { source: this.source, start: braces.start, end: end < 0 ? braces.end : end + 2 };
    this.diagnostics.push(unquoted(whole));
  }

  private scalar(value: null | boolean | number, span: Span): Node {
    return { kind: 'scalar', span, value, locate: () => span };
  }

  private fault(span: Span, message: string, hint?: string): void {
    const more = hint === undefined ? {} : { hint };
    this.diagnostics.push({ code: 'yaml-syntax', severity: 'error', message, span, ...more });
  }

  private span(from: unknown): Span {
    const range = isMap(from) || isSeq(from) || isScalar(from) || isAlias(from) ? from.range : undefined;
    const start = range?.[0] ?? 0;
    // Block collections end after the newline that follows them: leave out what is blank.
    const end = Math.max(start, range?.[1] ?? start);
    return { source: this.source, start, end: start + this.source.text.slice(start, end).trimEnd().length };
  }
}
