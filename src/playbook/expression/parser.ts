import type { Arguments, ArithmeticOperator, CompareOperator, NamedArgument, Node, Word } from './syntax.ts';
import { SyntaxProblem } from './syntax-error.ts';
import type { Token } from './tokens.ts';

/** Deeper nesting than anyone writes: keeps the stack small. */
const deepest = 100;

const constants: ReadonlyMap<string, null | boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
const reserved = new Set(['and', 'or', 'not', 'if', 'else', 'in', 'is']);
const comparisons: ReadonlyMap<string, CompareOperator> = new Map(
  (['==', '!=', '<', '<=', '>', '>='] as const).map(operator => [operator, operator]),
);
const none: Arguments = { positional: [], named: [] };

/**
 * One grammar, one file: a method for each of its rules.
 *
 * Reads one whole expression with Jinja's grammar, from weakest to strongest: `if else`, `or`, `and`, `not`,
 * comparisons, `+ -`, `~`, `* / // %`, `**` (from the left), signs, filters and tests, attributes. Throws `SyntaxProblem`.
 */
export function parseExpression(tokens: readonly Token[]): Node {
  return new Parser(tokens).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    if (this.#atEnd()) throw this.#problem('an expression is missing');
    const node = this.#expression();
    if (!this.#atEnd()) throw this.#leftOver();
    return node;
  }

  get #token(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
    if (!token) throw new SyntaxProblem('an expression is missing', 0, 0);
    return token;
  }

  #atEnd(): boolean {
    return this.#token.kind === 'end';
  }

  get #lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  #next(): Token {
    const token = this.#token;
    this.#at += 1;
    return token;
  }

  #isOperator(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'operator' && token.text === text;
  }

  #isWord(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'name' && token.text === text;
  }

  #skip(text: string): boolean {
    if (!this.#isOperator(text)) return false;
    this.#at += 1;
    return true;
  }

  #skipWord(text: string): boolean {
    if (!this.#isWord(text)) return false;
    this.#at += 1;
    return true;
  }

  #problem(message: string, hint?: string): SyntaxProblem {
    const { start, end } = this.#token;
    return new SyntaxProblem(message, start, end, hint);
  }

  #close(text: string, opened: Token): void {
    if (this.#skip(text)) return;
    const found = this.#token.kind === 'end' ? 'the expression ends' : `there is \`${this.#token.text}\``;
    throw this.#problem(`\`${opened.text}\` is not closed: \`${text}\` is missing where ${found}`);
  }

  #leftOver(): SyntaxProblem {
    const { text, kind } = this.#token;
    const before = this.#tokens[this.#at - 1];
    if (text === '=') return this.#problem('`=` does not compare', 'write `==`');
    if (text === ',') return this.#problem('there is more than one value', 'put a list in brackets: [a, b]');
    if (kind === 'name' && before?.kind === 'name' && text === 'defined') {
      return this.#problem('`defined` is a test', 'write `is defined`');
    }
    if (kind === 'name' || kind === 'string' || kind === 'number') {
      return this.#problem(`an operator is missing before \`${text}\``);
    }
    return this.#problem(`\`${text}\` is not expected here`);
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > deepest) throw this.#problem('the expression is nested too deeply');
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #expression(): Node {
    return this.#nested(() => {
      let node = this.#or();
      while (this.#skipWord('if')) {
        const condition = this.#or();
        const otherwise = this.#skipWord('else') ? this.#expression() : undefined;
        node = { kind: 'ternary', condition, value: node, otherwise, start: node.start, end: this.#lastEnd };
      }
      return node;
    });
  }

  #or(): Node {
    let left = this.#and();
    while (this.#skipWord('or')) {
      const right = this.#and();
      left = { kind: 'logic', operator: 'or', left, right, start: left.start, end: right.end };
    }
    return left;
  }

  #and(): Node {
    let left = this.#not();
    while (this.#skipWord('and')) {
      const right = this.#not();
      left = { kind: 'logic', operator: 'and', left, right, start: left.start, end: right.end };
    }
    return left;
  }

  #not(): Node {
    const { start } = this.#token;
    if (!this.#skipWord('not')) return this.#compare();
    const of = this.#nested(() => this.#not());
    return { kind: 'not', of, start, end: of.end };
  }

  #compare(): Node {
    const first = this.#sum();
    const rest: { operator: CompareOperator; operand: Node }[] = [];
    for (;;) {
      const operator = this.#compareOperator();
      if (!operator) break;
      rest.push({ operator, operand: this.#sum() });
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, start: first.start, end: this.#lastEnd };
  }

  #compareOperator(): CompareOperator | undefined {
    const { kind, text } = this.#token;
    const comparison = kind === 'operator' ? comparisons.get(text) : undefined;
    if (comparison) {
      this.#at += 1;
      if (text === '==' && this.#isOperator('=')) throw this.#problem('`===` does not exist', 'write `==`');
      return comparison;
    }
    if (this.#skipWord('in')) return 'in';
    if (this.#isWord('not') && this.#isWord('in', 1)) {
      this.#at += 2;
      return 'not in';
    }
    return undefined;
  }

  #leftToRight(operators: readonly ArithmeticOperator[], operand: () => Node): Node {
    let left = operand();
    for (;;) {
      const operator = operators.find(o => this.#isOperator(o));
      if (!operator) return left;
      this.#at += 1;
      const right = operand();
      left = { kind: 'arithmetic', operator, left, right, start: left.start, end: right.end };
    }
  }

  #sum(): Node {
    return this.#leftToRight(['+', '-'], () => this.#join());
  }

  #join(): Node {
    const items = [this.#product()];
    while (this.#skip('~')) items.push(this.#product());
    const [only] = items;
    if (items.length === 1 && only) return only;
    return { kind: 'join', items, start: only?.start ?? 0, end: this.#lastEnd };
  }

  #product(): Node {
    return this.#leftToRight(['*', '/', '//', '%'], () => this.#power());
  }

  #power(): Node {
    return this.#leftToRight(['**'], () => this.#unary(true));
  }

  #unary(withFilters: boolean): Node {
    const { start } = this.#token;
    const operator = this.#skip('-') ? '-' : this.#skip('+') ? '+' : undefined;
    let node: Node;
    if (operator) {
      const of = this.#nested(() => this.#unary(false));
      node = { kind: 'sign', operator, of, start, end: of.end };
    } else {
      node = this.#postfix(this.#primary());
    }
    return withFilters ? this.#filters(node) : node;
  }

  #primary(): Node {
    const token = this.#token;
    const { start, end } = token;
    if (token.kind === 'name') {
      if (reserved.has(token.text)) throw this.#problem(`a value is missing before \`${token.text}\``);
      this.#at += 1;
      const constant = constants.get(token.text);
      if (constant !== undefined) return { kind: 'literal', value: constant, decimal: false, start, end };
      return { kind: 'name', name: token.text, start, end };
    }
    if (token.kind === 'number') {
      this.#at += 1;
      return { kind: 'literal', value: token.value, decimal: !token.whole, start, end };
    }
    if (token.kind === 'string') return this.#strings();
    if (this.#isOperator('(')) return this.#parenthesis();
    if (this.#isOperator('[')) return this.#list();
    if (this.#isOperator('{')) return this.#map();
    if (token.kind === 'end') throw this.#problem('a value is missing at the end of the expression');
    const hint = token.text === '=' ? 'write `==` to compare' : undefined;
    throw this.#problem(`a value is missing before \`${token.text}\``, hint);
  }

  /** Adjacent texts are one, as in Python. */
  #strings(): Node {
    const { start } = this.#token;
    let value = '';
    for (;;) {
      const token = this.#token;
      if (token.kind !== 'string') break;
      value += token.value;
      this.#at += 1;
    }
    return { kind: 'literal', value, decimal: false, start, end: this.#lastEnd };
  }

  /** A value in parentheses, or a tuple, which is a list here. */
  #parenthesis(): Node {
    const opened = this.#next();
    const items: Node[] = [];
    let commas = 0;
    while (!this.#isOperator(')')) {
      items.push(this.#expression());
      if (!this.#skip(',')) break;
      commas += 1;
    }
    this.#close(')', opened);
    const [only] = items;
    if (commas === 0 && only) return { ...only, start: opened.start, end: this.#lastEnd };
    return { kind: 'list', items, start: opened.start, end: this.#lastEnd };
  }

  #list(): Node {
    const opened = this.#next();
    const items: Node[] = [];
    while (!this.#isOperator(']')) {
      items.push(this.#expression());
      if (!this.#skip(',')) break;
    }
    this.#close(']', opened);
    return { kind: 'list', items, start: opened.start, end: this.#lastEnd };
  }

  #map(): Node {
    const opened = this.#next();
    const entries: [Node, Node][] = [];
    while (!this.#isOperator('}')) {
      const key = this.#expression();
      if (!this.#skip(':')) throw this.#problem('a `:` is missing between a key and its value');
      entries.push([key, this.#expression()]);
      if (!this.#skip(',')) break;
    }
    this.#close('}', opened);
    return { kind: 'map', entries, start: opened.start, end: this.#lastEnd };
  }

  #postfix(of: Node): Node {
    let node = of;
    for (;;) {
      if (this.#skip('.')) node = this.#attribute(node);
      else if (this.#isOperator('[')) node = this.#subscript(node);
      else if (this.#isOperator('(')) node = this.#called(node);
      else return node;
    }
  }

  #attribute(of: Node): Node {
    const token = this.#next();
    if (token.kind !== 'name' && !(token.kind === 'number' && /^\d+$/.test(token.text))) {
      this.#at -= 1;
      throw this.#problem('the name of an attribute is missing after `.`');
    }
    const name: Word = { text: token.text, start: token.start, end: token.end };
    return { kind: 'attribute', of, name, start: of.start, end: token.end };
  }

  #subscript(of: Node): Node {
    const opened = this.#next();
    const bound = () => (this.#isOperator(':') || this.#isOperator(']') ? undefined : this.#expression());
    const from = bound();
    if (!this.#isOperator(':')) {
      if (!from) throw this.#problem('an index is missing in `[]`');
      this.#close(']', opened);
      return { kind: 'index', of, index: from, start: of.start, end: this.#lastEnd };
    }
    this.#skip(':');
    const to = bound();
    const step = this.#skip(':') ? bound() : undefined;
    this.#close(']', opened);
    return { kind: 'slice', of, from, to, step, start: of.start, end: this.#lastEnd };
  }

  #called(of: Node): Node {
    if (of.kind !== 'name' && of.kind !== 'attribute') {
      throw this.#problem('only functions and methods can be called', 'an operator may be missing before `(`');
    }
    const args = this.#arguments();
    const end = this.#lastEnd;
    if (of.kind === 'attribute') return { kind: 'method', of: of.of, name: of.name, args, start: of.start, end };
    return { kind: 'call', name: { text: of.name, start: of.start, end: of.end }, args, start: of.start, end };
  }

  #arguments(): Arguments {
    const opened = this.#next();
    const positional: Node[] = [];
    const named: NamedArgument[] = [];
    while (!this.#isOperator(')')) {
      const token = this.#token;
      if (token.kind === 'name' && this.#isOperator('=', 1)) {
        this.#at += 2;
        const name = { text: token.text, start: token.start, end: token.end };
        named.push({ name, value: this.#expression() });
      } else {
        if (named.length > 0) throw this.#problem('an argument without a name stands after one with a name');
        positional.push(this.#expression());
      }
      if (!this.#skip(',')) break;
    }
    this.#close(')', opened);
    return { positional, named };
  }

  #filters(of: Node): Node {
    let node = of;
    for (;;) {
      if (this.#skip('|')) node = this.#filter(node);
      else if (this.#isWord('is')) node = this.#test(node);
      else if (this.#isOperator('(')) node = this.#called(node);
      else return node;
    }
  }

  #filter(of: Node): Node {
    if (this.#isOperator('|')) throw this.#problem('`||` does not exist', 'write `or`');
    const name = this.#dottedName('the name of a filter is missing after `|`');
    const args = this.#isOperator('(') ? this.#arguments() : none;
    return { kind: 'filter', of, name, args, start: of.start, end: this.#lastEnd };
  }

  #test(of: Node): Node {
    this.#at += 1;
    const negated = this.#skipWord('not');
    const name = this.#dottedName('the name of a test is missing after `is`');
    let args = none;
    if (this.#isOperator('(')) args = this.#arguments();
    else if (this.#beginsValue()) args = { positional: [this.#postfix(this.#primary())], named: [] };
    if (this.#isWord('is')) throw this.#problem('tests cannot follow each other', 'join them with `and`');
    return { kind: 'test', of, name, args, negated, start: of.start, end: this.#lastEnd };
  }

  /** `x is divisibleby 3`: a test's only argument needs no parentheses. */
  #beginsValue(): boolean {
    const { kind, text } = this.#token;
    if (kind === 'name') return !reserved.has(text);
    return kind === 'string' || kind === 'number' || text === '[' || text === '{';
  }

  #dottedName(missing: string): Word {
    const first = this.#token;
    if (first.kind !== 'name' || (reserved.has(first.text) && first.text !== 'in')) throw this.#problem(missing);
    this.#at += 1;
    let text = first.text;
    while (this.#isOperator('.') && this.#tokens[this.#at + 1]?.kind === 'name') {
      this.#at += 1;
      text += `.${this.#next().text}`;
    }
    return { text, start: first.start, end: this.#lastEnd };
  }
}
