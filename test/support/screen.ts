/** A terminal that understands what our screen writes: text, newlines, "up n lines", "to the first column", "erase below". */
export class FakeTerminal {
  readonly columns: number;
  #lines: string[] = [''];
  #row = 0;
  writes = 0;

  constructor(columns = 80) {
    this.columns = columns;
  }

  write(text: string): void {
    this.writes += 1;
    for (const [token] of text.matchAll(/\u001b\[\d*[A-Z]|\r|\n|[^\u001b\r\n]+|\u001b/g)) this.#put(token);
  }

  /** What stands there, without blanks at the ends of lines; colours are left in. */
  get text(): string {
    return this.#lines.map(line => line.trimEnd()).join('\n');
  }

  #put(token: string): void {
    if (token === '\n') {
      this.#row += 1;
      if (this.#row === this.#lines.length) this.#lines.push('');
    } else if (token === '\r') {
      // Our lines are always written from their beginning.
    } else if (/^\u001b\[\d*A$/.test(token)) {
      const up = Number(token.slice(2, -1) || '1');
      if (up > this.#row) throw new Error('went above the top');
      this.#row -= up;
    } else if (token === '\u001b[J') {
      this.#lines.length = this.#row;
      this.#lines.push('');
    } else {
      this.#lines[this.#row] = (this.#lines[this.#row] ?? '') + token;
    }
  }
}
