/** A word of a line, without its quotes, and where it stands in the line as written. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a line as a POSIX shell does, as Ansible does with the lines of hosts in an INI inventory: quotes and backslashes are
 * taken away, and an unquoted `#` begins a comment, in the middle of a word too. Undefined where a quote is not closed.
 */
export function shellWords(line: string): readonly Word[] | undefined {
  const words: Word[] = [];
  let text = '';
  let start = -1;
  let quote = '';
  const finish = (end: number): void => {
    if (start >= 0) words.push({ text, start, end });
    text = '';
    start = -1;
  };
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote === '' && /\s/.test(character)) {
      finish(at);
      continue;
    }
    if (quote === '' && character === '#') {
      finish(at);
      return words;
    }
    if (start < 0) start = at;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === '\\' && quote !== "'") {
      at += 1;
      if (at >= line.length) return undefined;
      const next = line.charAt(at);
      // Between double quotes it stands for itself but before a quote or another one.
      text += quote === '"' && next !== '"' && next !== '\\' ? `\\${next}` : next;
    } else text += character;
  }
  if (quote !== '') return undefined;
  finish(line.length);
  return words;
}
