import type { Json } from '../../core/value.ts';

/** Lists in lists deeper than this are taken for texts. */
const DEEPEST = 50;

/**
 * The value that a text stands for as a literal of Python, by which Ansible reads the values of an INI inventory: numbers,
 * quoted texts, `True`, `False`, `None`, lists, tuples and maps of these. Undefined where it is none, so that the text is the
 * value: `true`, `yes`, `0644` and `10.141.0.1` are texts.
 */
export function pythonLiteral(text: string): Json | undefined {
  return new Reader(text).whole();
}

const NUMBER =
  /[+-]?\s*(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?)/y;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.trim();
  }

  /** One value, or several with commas between them, which are a tuple. */
  whole(): Json | undefined {
    const first = this.#value(0);
    if (first === undefined || this.#atEnd()) return first;
    const items = [first];
    while (this.#take(/,/y) !== undefined) {
      if (this.#atEnd()) return items;
      const item = this.#value(0);
      if (item === undefined) return undefined;
      items.push(item);
      if (this.#atEnd()) return items;
    }
    return undefined;
  }

  #atEnd(): boolean {
    this.#skip(/(?:\s|#.*)*/y);
    return this.#at === this.#text.length;
  }

  #value(depth: number): Json | undefined {
    if (depth > DEEPEST) return undefined;
    this.#skip(/\s*/y);
    const word = this.#take(/(?:True|False|None)\b/y);
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    switch (this.#text.charAt(this.#at)) {
      case '[':
        return this.#items('[', ']', depth);
      case '(':
        return this.#tuple(depth);
      case '{':
        return this.#map(depth);
      case '"':
      case "'":
        return this.#quoted();
      default:
        return this.#number();
    }
  }

  #number(): number | undefined {
    const written = this.#take(NUMBER);
    if (written === undefined || /[\w.]/.test(this.#text.charAt(this.#at))) return undefined;
    const digits = written.replaceAll(/[_\s]/g, '');
    // Python refuses `0644`, so that it is a text; `00` is 0.
    if (/^[+-]?0+[1-9]\d*$/.test(digits)) return undefined;
    const sign = digits.startsWith('-') ? -1 : 1;
    const number = Number(digits.replace(/^[+-]/, ''));
    // Of a longer one digits would be lost.
    if (!Number.isFinite(number) || (!/[.eE]/.test(digits) && !Number.isSafeInteger(number))) return undefined;
    return number === 0 ? 0 : sign * number;
  }

  #quoted(): string | undefined {
    let whole = '';
    for (;;) {
      const written = this.#take(/"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/y);
      if (written === undefined) return undefined;
      whole += written
        .slice(1, -1)
        .replaceAll(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (all, x?: string, u?: string, one = '') => {
          const code = x ?? u;
          return code === undefined ? (ESCAPES[one] ?? all) : String.fromCharCode(Number.parseInt(code, 16));
        });
      // Literals that follow on each other are one text.
      this.#skip(/\s*/y);
      if (!/["']/.test(this.#text.charAt(this.#at))) return whole;
    }
  }

  #items(open: string, close: string, depth: number): Json[] | undefined {
    this.#at += open.length;
    const items: Json[] = [];
    for (;;) {
      this.#skip(/\s*/y);
      if (this.#text.startsWith(close, this.#at)) break;
      const item = this.#value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      this.#skip(/\s*/y);
      if (this.#take(/,/y) === undefined && !this.#text.startsWith(close, this.#at)) return undefined;
    }
    this.#at += close.length;
    return items;
  }

  /** One value in parentheses without a comma is that value. */
  #tuple(depth: number): Json | undefined {
    const from = this.#at;
    const items = this.#items('(', ')', depth);
    const isTuple = items?.length !== 1 || /,\s*\)$/.test(this.#text.slice(from, this.#at));
    return isTuple ? items : items[0];
  }

  #map(depth: number): Json | undefined {
    this.#at += 1;
    const entries: [string, Json][] = [];
    for (;;) {
      this.#skip(/\s*/y);
      if (this.#take(/\}/y) !== undefined) return Object.fromEntries(entries);
      const key = this.#value(depth + 1);
      this.#skip(/\s*/y);
      if (key === undefined || typeof key === 'object' || this.#take(/:/y) === undefined) return undefined;
      const value = this.#value(depth + 1);
      if (value === undefined) return undefined;
      entries.push([String(key), value]);
      this.#skip(/\s*/y);
      if (this.#take(/,/y) === undefined && this.#text.charAt(this.#at) !== '}') return undefined;
    }
  }

  #skip(pattern: RegExp): void {
    this.#take(pattern);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
