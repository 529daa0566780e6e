import { parseExpression } from '../parser.ts';
import type { Node } from '../syntax.ts';
import { SyntaxProblem } from '../syntax-error.ts';
import type { Token } from '../tokens.ts';
import { filteredBody, forHead, macroHead, problemAt, setHead, withHead } from './heads.ts';
import type { Segment } from './segments.ts';
import type { Body, IfStatement, MacroStatement, Statement } from './syntax.ts';

/** Deeper nesting than anyone writes: keeps the stack small. */
const deepest = 50;

/** Statements of Jinja that are not here, and what to write instead. */
const elsewhere: Readonly<Record<string, string>> = {
  include: 'put both in one template, what repeats into a macro',
  import: 'put the macros into the template that uses them',
  from: 'put the macros into the template that uses them',
  extends: 'put both in one template, what repeats into a macro',
  block: 'put both in one template, what repeats into a macro',
  call: 'give the text to the macro as an argument: {% set text %}…{% endset %}',
  do: 'write {% set … %}',
  break: 'choose the items beforehand: {% for item in list if condition %}',
  continue: 'choose the items beforehand: {% for item in list if condition %}',
  autoescape: 'nothing is escaped here: leave it out',
  trans: 'write the text itself',
  debug: 'show it with the module `debug`',
};
const known = ['if', 'for', 'set', 'macro', 'filter', 'with', 'raw'];

/** A template as it is written: what stands in it, and its macros, which stand at its top. */
export interface TemplateTree {
  readonly body: Body;
  readonly macros: ReadonlyMap<string, MacroStatement>;
}

/** Reads the statements of a template. Throws `SyntaxProblem`. */
export function readStatements(segments: readonly Segment[]): TemplateTree {
  const reader = new Reader(segments);
  return { body: reader.whole(), macros: reader.macros };
}

/** Where a block ended: by which word, with what behind it. */
interface End {
  readonly word: string;
  readonly tokens: readonly Token[];
}

class Reader {
  readonly macros = new Map<string, MacroStatement>();
  readonly #segments: readonly Segment[];
  readonly #namespaces = new Set<string>();
  #at = 0;
  #depth = 0;

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  whole(): Body {
    return this.#body([], undefined).body;
  }

  /** Statements up to one of the words; `opened` is the statement that they belong to. */
  #body(ends: readonly string[], opened: Segment | undefined): { readonly body: Body; readonly end: End } {
    this.#depth += 1;
    const body: Statement[] = [];
    for (;;) {
      const segment = this.#segments[this.#at];
      this.#at += 1;
      if (!segment) {
        if (!opened) break;
        throw neverEnded(opened, ends.at(-1) ?? '');
      }
      if (segment.kind === 'text') body.push(segment);
      else if (segment.kind === 'output') body.push({ kind: 'output', of: parseExpression(segment.tokens) });
      else {
        const [first] = segment.tokens;
        const word = first?.kind === 'name' ? first.text : '';
        const tokens = segment.tokens.slice(1);
        if (ends.includes(word)) {
          this.#depth -= 1;
          if (tokens.length > 1 && word !== 'elif') throw problemAt(tokens, 0, `\`${word}\` stands alone`);
          return { body, end: { word, tokens } };
        }
        if (this.#depth > deepest) throw problemAt(segment.tokens, 0, 'the template is nested too deeply');
        const statement = this.#statement(word, tokens, segment, ends);
        if (statement) body.push(statement);
      }
    }
    return { body, end: { word: '', tokens: [] } };
  }

  #statement(word: string, tokens: readonly Token[], segment: Segment, ends: readonly string[]): Statement | undefined {
    switch (word) {
      case 'if':
        return this.#if(tokens, segment);
      case 'for': {
        const head = forHead(tokens);
        const { body, end } = this.#body(['else', 'endfor'], segment);
        const otherwise = end.word === 'else' ? this.#body(['endfor'], segment).body : [];
        return { kind: 'for', ...head, body, otherwise };
      }
      case 'set':
        return this.#set(tokens, segment);
      case 'macro':
        return this.#macro(tokens, segment);
      case 'filter': {
        const filtered = filteredBody(tokens, false);
        return { kind: 'filter', filtered, body: this.#body(['endfilter'], segment).body };
      }
      case 'with': {
        const bindings = withHead(tokens);
        return { kind: 'with', bindings, body: this.#body(['endwith'], segment).body };
      }
      default:
        throw this.#unknown(word, segment, ends);
    }
  }

  #if(tokens: readonly Token[], segment: Segment): IfStatement {
    const branches: { condition: Node; body: Body }[] = [];
    let condition = parseExpression(tokens);
    for (;;) {
      const { body, end } = this.#body(['elif', 'else', 'endif'], segment);
      branches.push({ condition, body });
      if (end.word === 'elif') {
        condition = parseExpression(end.tokens);
        continue;
      }
      const otherwise = end.word === 'else' ? this.#body(['endif'], segment).body : [];
      return { kind: 'if', branches, otherwise };
    }
  }

  #set(tokens: readonly Token[], segment: Segment): Statement {
    const head = setHead(tokens);
    switch (head.kind) {
      case 'value':
        if (head.namespace) for (const { text } of head.targets) this.#namespaces.add(text);
        return { kind: 'set', targets: head.targets, value: head.value };
      case 'member': {
        const { of, member, value } = head;
        if (this.#namespaces.has(of.text)) return { kind: 'set-member', of, member, value };
        const hint = `{% set ${of.text} = namespace(${member.text}=…) %} makes something of which a part can be set`;
        throw new SyntaxProblem(`a part of \`${of.text}\` cannot be set`, of.start, member.end, hint);
      }
      case 'block': {
        const { target, filtered } = head;
        return { kind: 'set-block', target, filtered, body: this.#body(['endset'], segment).body };
      }
    }
  }

  #macro(tokens: readonly Token[], segment: Segment): MacroStatement {
    const { name, parameters } = macroHead(tokens);
    if (this.#depth > 1) {
      throw new SyntaxProblem('a macro stands at the top of a template, in no other statement', name.start, name.end);
    }
    if (this.macros.has(name.text)) {
      throw new SyntaxProblem(`there are two macros \`${name.text}\``, name.start, name.end);
    }
    const { body } = this.#body(['endmacro'], segment);
    const macro: MacroStatement = { kind: 'macro', name, parameters, body };
    this.macros.set(name.text, macro);
    return macro;
  }

  #unknown(word: string, segment: Segment, ends: readonly string[]): SyntaxProblem {
    const tokens = segment.kind === 'text' ? [] : segment.tokens;
    if (word === '') return problemAt(tokens, 0, 'the word that a statement begins with is missing');
    const closing = ends.at(-1);
    if (/^(end|elif$|else$)/.test(word)) {
      const hint = closing === undefined ? undefined : `here {% ${closing} %} is waited for`;
      return problemAt(tokens, 0, `\`${word}\` ends nothing that was begun`, hint);
    }
    const hint = Object.hasOwn(elsewhere, word) ? elsewhere[word] : `there are ${known.join(', ')}`;
    return problemAt(tokens, 0, `there is no statement \`${word}\``, hint);
  }
}

function neverEnded(opened: Segment, by: string): SyntaxProblem {
  const [start, end] = opened.kind === 'text' ? [0, 0] : [opened.start, opened.end];
  const word = by.replace(/^end/, '');
  return new SyntaxProblem(`\`${word}\` is never ended`, start, end, `end it with {% ${by} %}`);
}
