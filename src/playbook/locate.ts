import type { Source, Span } from '../core/source.ts';

/** Maps offsets in a scalar's decoded text to the place in the file where that stretch is written. */
export type Locate = (start: number, end: number) => Span;

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/**
 * Where the characters of a scalar's text stand in its source, which quotes, escapes, folding and indentation set apart.
 * `start` and `end` enclose the scalar as written (for block scalars from the `|` or `>`). Worked out when first asked for.
 */
export function locator(source: Source, start: number, end: number, text: string, style: ScalarStyle): Locate {
  let offsets: readonly number[] | undefined;
  return (from, to) => {
    offsets ??= align(source.text, start, end, text, style);
    const first = offsets[Math.min(Math.max(from, 0), text.length)] ?? start;
    const last = to > from ? (offsets[Math.min(to, text.length) - 1] ?? end - 1) + 1 : first;
    return { source, start: first, end: Math.max(first, last) };
  };
}

/** The source offset of each code unit of the text, and one more for its end. */
function align(file: string, start: number, end: number, text: string, style: ScalarStyle): number[] {
  switch (style) {
    case 'literal':
    case 'folded':
      return alignBlock(file, start, end, text);
    case 'plain':
      return alignFlow(file, start, end, text, '');
    case 'single':
      return alignFlow(file, start + 1, end - 1, text, "'");
    case 'double':
      return alignFlow(file, start + 1, end - 1, text, '"');
  }
}

function alignBlock(file: string, start: number, end: number, text: string): number[] {
  const offsets: number[] = [];
  const header = file.indexOf('\n', start);
  let at = header < 0 ? end : header + 1;
  // An indicator (`|2`) counts from the parent's indentation, which is not known here: the shallowest line has it too.
  const indent = shallowest(file.slice(at, end));
  let lineStart = true;
  for (let i = 0; i < text.length; i += 1) {
    const wanted = text[i];
    for (; at < end; at += 1) {
      if (lineStart) {
        for (let n = 0; n < indent && file[at] === ' '; n += 1) at += 1;
        lineStart = false;
      }
      const found = file[at];
      if (found === wanted || (found === '\n' && wanted === ' ')) break;
      if (found === '\n') lineStart = true;
    }
    offsets.push(Math.min(at, end));
    if (file[at] === '\n') lineStart = true;
    at += 1;
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

function shallowest(lines: string): number {
  return lines
    .split('\n')
    .reduce(
      (least, line) => (line.trim() === '' ? least : Math.min(least, line.length - line.trimStart().length)),
      1000,
    );
}

const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

function alignFlow(file: string, start: number, end: number, text: string, quote: '' | "'" | '"'): number[] {
  const offsets: number[] = [];
  let at = start;
  for (let i = 0; i < text.length; i += 1) {
    const found = file[at];
    if (quote === '"' && found === '\\') {
      // An escaped line break stands for nothing: the text goes on after the next line's indentation.
      const broken = /^\\\r?\n[ \t]*/.exec(file.slice(at, end));
      if (broken) {
        at += broken[0].length;
        i -= 1;
        continue;
      }
      offsets.push(at);
      at += escapeLengths[file[at + 1] ?? ''] ?? 2;
      if (isHighSurrogate(text, i)) {
        offsets.push(offsets.at(-1) ?? at);
        i += 1;
      }
      continue;
    }
    const fold = /^[ \t]*\r?\n\s*/.exec(file.slice(at, end));
    if (fold && (text[i] === ' ' || text[i] === '\n')) {
      // One break is a space; each one more is a newline of the text.
      offsets.push(at);
      while (text[i] === '\n' && text[i + 1] === '\n') {
        offsets.push(at);
        i += 1;
      }
      at += fold[0].length;
      continue;
    }
    offsets.push(at);
    at += quote === "'" && found === "'" ? 2 : 1;
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00;
}
