import type { Source, Span } from '../../core/source.ts';
import { isList, isMap, type Json } from '../../core/value.ts';
import type { Entry, Node } from '../document.ts';
import { encrypted, isEncrypted } from '../encrypted.ts';
import type { Findings } from '../findings.ts';
import { hostNames, portEntry } from './host-names.ts';
import { pythonLiteral } from './python-literal.ts';
import { shellWords } from './shell-words.ts';
import { Writing, type Written } from './written.ts';

/** A line, less its indentation, and where it stands. */
interface Line {
  readonly text: string;
  readonly start: number;
}

type Part = 'hosts' | 'children' | 'vars';

/**
 * Reads an INI inventory of Ansible's: `[group]` with hosts and their vars, `[group:children]`, `[group:vars]`; hosts before
 * all sections belong to no group. Values are read as Ansible reads them (`pythonLiteral`); lines that begin with `#` or `;`
 * are comments.
 */
export function readIni(source: Source, found: Findings): Written {
  const reading = new IniReading(source, found);
  let start = 0;
  for (const written of source.text.split('\n')) {
    const text = written.trim();
    if (text !== '' && !/^[#;]/.test(text)) {
      reading.line({ text, start: start + written.length - written.trimStart().length });
    }
    start += written.length + 1;
  }
  reading.end();
  return reading.writing;
}

class IniReading {
  readonly writing: Writing;
  readonly #source: Source;
  readonly #found: Findings;
  /** Sections of hosts or children: they make a group. */
  readonly #declared = new Set<string>(['all', 'ungrouped']);
  /** Groups that are named otherwise, and how. */
  readonly #named: { readonly group: string; readonly span: Span; readonly as: string }[] = [];
  #group = 'ungrouped';
  #part: Part = 'hosts';

  constructor(source: Source, found: Findings) {
    this.writing = new Writing(source.name, found);
    this.#source = source;
    this.#found = found;
  }

  line(line: Line): void {
    if (line.text.startsWith('[') && /\]\s*(?:#.*)?$/.test(line.text)) this.#section(line);
    else if (this.#part === 'hosts') this.#host(line);
    else if (this.#part === 'vars') this.#var(line);
    else this.#child(line);
  }

  end(): void {
    for (const { group, span, as } of this.#named) {
      if (this.#declared.has(group)) continue;
      this.#found.error('invalid-inventory', span, `the group \`${group}\` is defined nowhere`, {
        hint: `${as} only counts beside a section [${group}]`,
      });
    }
  }

  #span({ start }: Line, from: number, to: number): Span {
    return { source: this.#source, start: start + from, end: start + to };
  }

  #wrong(line: Line, message: string, hint: string): void {
    this.#found.error('invalid-inventory', this.#span(line, 0, line.text.length), message, { hint });
  }

  #section(line: Line): void {
    const [, group, part = 'hosts'] = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line.text) ?? [];
    if (group === undefined || !['hosts', 'children', 'vars'].includes(part)) {
      this.#wrong(line, `${line.text} is not a section`, 'a section is [GROUP], [GROUP:children] or [GROUP:vars]');
      // What follows would only be misread.
      this.#part = 'hosts';
      this.#group = 'ungrouped';
      return;
    }
    this.#group = group;
    this.#part = part === 'children' || part === 'vars' ? part : 'hosts';
    if (part === 'vars')
      this.#named.push({ group, span: this.#span(line, 1, 1 + group.length), as: 'a section of vars' });
    else this.#declared.add(group);
    this.writing.group(group);
  }

  #host(line: Line): void {
    const words = shellWords(line.text);
    const [first, ...rest] = words ?? [];
    if (!first) {
      this.#wrong(line, 'a quote is not closed in this line', 'close it, or write a backslash before it');
      return;
    }
    const { names, port } = hostNames(first.text, this.#span(line, first.start, first.end), this.#found);
    const vars = rest.flatMap(word => {
      const equals = word.text.indexOf('=');
      const span = this.#span(line, word.start, word.end);
      if (equals > 0) return [this.#entry(word.text.slice(0, equals), word.text.slice(equals + 1), span)];
      this.#found.error('invalid-inventory', span, `\`${word.text}\` gives no value`, {
        hint: 'after a host its vars follow as name=value; a value with blanks is quoted',
      });
      return [];
    });
    const all = [...portEntry(port, this.#span(line, first.start, first.end)), ...vars];
    for (const name of names) this.writing.host(this.#group, name, {}, all);
  }

  #var(line: Line): void {
    const equals = line.text.indexOf('=');
    if (equals < 1) {
      this.#wrong(line, 'this line gives no value', `a line of [${this.#group}:vars] is name=value`);
      return;
    }
    const name = line.text.slice(0, equals).trim();
    const value = line.text.slice(equals + 1).trim();
    const entry = this.#entry(name, value, this.#span(line, 0, line.text.length));
    this.writing.group(this.#group).vars.set(name, entry);
  }

  #child(line: Line): void {
    const [, child] = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line.text) ?? [];
    if (child === undefined) {
      this.#wrong(
        line,
        `${line.text} is not the name of a group`,
        `a line of [${this.#group}:children] is a group's name`,
      );
      return;
    }
    const span = this.#span(line, 0, child.length);
    this.#named.push({ group: child, span, as: 'a name below children' });
    this.writing.child(this.#group, child, span);
  }

  /** `span` is that of `name=value`. */
  #entry(name: string, text: string, span: Span): Entry {
    const keySpan = { ...span, end: Math.min(span.end, span.start + name.length) };
    const literal = pythonLiteral(text);
    if (isEncrypted(text)) this.#found.report(encrypted(keySpan));
    return { key: name, keySpan, value: nodeOf(literal === undefined ? text : literal, span) };
  }
}

function nodeOf(value: Json, span: Span): Node {
  if (isList(value)) return { kind: 'list', span, items: value.map(item => nodeOf(item, span)) };
  if (isMap(value)) {
    const entries = Object.entries(value).map(([key, inner]) => ({ key, keySpan: span, value: nodeOf(inner, span) }));
    return { kind: 'map', span, entries };
  }
  return { kind: 'scalar', span, value, locate: () => span };
}
