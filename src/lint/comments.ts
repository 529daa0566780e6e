import { Lexer } from 'yaml';
import type { Source } from '../core/source.ts';

/** A comment of a YAML file, and the lines that it speaks of. */
export interface Comment {
  /** With its `#`. */
  readonly text: string;
  readonly start: number;
  /** From 1, both inclusive: its own line, or where it stands alone the next one that says something, with the block scalar that begins there. */
  readonly lines: readonly [first: number, last: number];
}

/** Marks of the lexer that stand for no text of the file: the begin of a document and of a scalar, the end of a flow collection. */
const DOCUMENT = '\u0002';
const SCALAR = '\u001f';
const FLOW_END = '\u0018';

/** The comments of a text, by the tokens of the YAML library: a `#` in a quoted text or in a block scalar is none. */
export function commentsOf(source: Source): readonly Comment[] {
  const { blocks, comments } = scan(source.text);
  const saying = linesThatSay(source.text.split('\n'));
  return comments.map(({ text, start, line }) => {
    const target = saying[line - 1] ?? line;
    return { text, start, lines: [target, blocks.get(target) ?? target] };
  });
}

/** Of each line its own number, or where it is blank or a comment that of the next one that is neither. */
function linesThatSay(lines: readonly string[]): readonly number[] {
  const numbers = lines.map((_, i) => i + 1);
  for (let i = lines.length - 2; i >= 0; i -= 1) {
    if (/^\s*(#|$)/.test(lines[i] ?? '')) numbers[i] = numbers[i + 1] ?? i + 1;
  }
  return numbers;
}

function scan(text: string) {
  const comments: { text: string; start: number; line: number }[] = [];
  /** The last line of the block scalar whose `|` or `>` stands on a line. */
  const blocks = new Map<number, number>();
  let offset = 0;
  let line = 1;
  let header: number | undefined;
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (token === DOCUMENT || token === FLOW_END) continue;
    if (token === SCALAR) {
      inScalar = true;
      continue;
    }
    const newlines = token.split('\n').length - 1;
    if (inScalar) {
      if (header !== undefined) blocks.set(header, line + newlines - (token.endsWith('\n') ? 1 : 0));
      header = undefined;
    } else if (token.startsWith('#')) comments.push({ text: token.trimEnd(), start: offset, line });
    else if (/^[|>]/.test(token)) header = line;
    inScalar = false;
    offset += token.length;
    line += newlines;
  }
  return { comments, blocks };
}
