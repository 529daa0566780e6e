// cmsh's syntax: commands divided by `;` or line ends, words by blanks, "…" keeps blanks, ( … ) is one word.

export interface Word {
  readonly text: string;
  /** True for `( … )`, whose text is what stood between. */
  readonly group: boolean;
}

export interface Command {
  readonly words: readonly Word[];
  /** The command as typed, blanks around it removed. */
  readonly source: string;
  /** What is wrong with it; then it isn't run. */
  readonly problem?: string;
}

/** Reads any number of commands. Never throws; an empty command is left out. */
export function parseCommands(text: string): Command[] {
  const commands: Command[] = [];
  let at = 0;
  while (at < text.length) {
    const command = readCommand(text, at);
    if (command.words.length > 0 || command.problem !== undefined) commands.push(command);
    at = command.end + 1;
  }
  return commands;
}

function readCommand(text: string, start: number): Command & { end: number } {
  const words: Word[] = [];
  let at = start;
  let problem: string | undefined;
  while (at < text.length && text[at] !== ';' && text[at] !== '\n') {
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const word = text[at] === '(' ? readGroup(text, at) : readWord(text, at);
    if (word === undefined) {
      problem = text[at] === '(' ? 'Missing )' : 'Unterminated quote';
      at = text.length;
      break;
    }
    words.push({ text: word.text, group: word.group });
    at = word.end;
  }
  const source = text.slice(start, at).trim();
  return { words, source, end: at, ...(problem === undefined ? {} : { problem }) };
}

function readWord(text: string, start: number): (Word & { end: number }) | undefined {
  let word = '';
  let at = start;
  while (at < text.length && !/[\s;]/.test(text[at] ?? '')) {
    if (text[at] === '"') {
      const close = text.indexOf('"', at + 1);
      if (close < 0) return undefined;
      word += text.slice(at + 1, close);
      at = close + 1;
    } else {
      word += text[at];
      at += 1;
    }
  }
  return { text: word, group: false, end: at };
}

function readGroup(text: string, start: number): (Word & { end: number }) | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    if (depth === 0 && !quoted) return { text: text.slice(start + 1, at), group: true, end: at + 1 };
  }
  return undefined;
}
