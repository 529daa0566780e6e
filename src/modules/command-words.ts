/** What a shell would act on and `command` passes on as text. */
const SHELL_WORD = /^(\||\|\||&|&&|;|<|>|>>|2>|2>&1|&>)$/;

/** The words of a command line, or why it can't be split. */
export type Words = { readonly words: readonly string[] } | { readonly problem: string };

/**
 * Splits a command line as Ansible's `command` does (POSIX shell quoting, nothing expanded): '…' is literal, in "…" a
 * backslash escapes " and itself, elsewhere any character. Never throws.
 */
export function splitWords(line: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < line.length) {
    const character = line[at] ?? '';
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else if (character === "'" || character === '"') {
      const end = closingQuote(line, at);
      if (end < 0) return { problem: `the quote ${character} at column ${at + 1} is not closed` };
      const inside = line.slice(at + 1, end);
      word = (word ?? '') + (character === '"' ? inside.replace(/\\(["\\])/g, '$1') : inside);
      at = end + 1;
    } else if (character === '\\') {
      if (at + 1 >= line.length) return { problem: 'it ends in a backslash' };
      word = (word ?? '') + (line[at + 1] ?? '');
      at += 2;
    } else {
      word = (word ?? '') + character;
      at += 1;
    }
  }
  if (word !== undefined) words.push(word);
  return words.length > 0 ? { words } : { problem: 'it is empty' };
}

/** What is run within a word: what stands in `$(…)` or in backquotes. */
const SUBSTITUTION = /\$\(([^()]*)\)|`([^`]*)`/g;

/** The parts of a shell's text between what parts commands outside of quotes; a command within a word stays there, and is a part of its own too. */
export function partsOf(script: string): readonly string[] {
  const within: string[] = [];
  const parted = script.replace(/'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\$\([^()]*\)|`[^`]*`|\\[\s\S]|[;&|\n()]/g, piece => {
    if (piece === '\\\n') return ' ';
    if (piece.length === 1) return '\0';
    const substituted = piece.startsWith("'") ? [] : piece.matchAll(SUBSTITUTION);
    for (const [, parenthesis, backquotes] of substituted) within.push(...partsOf(parenthesis ?? backquotes ?? ''));
    return piece;
  });
  return [...parted.split('\0'), ...within];
}

/** The first word that only a shell understands, standing alone and unquoted. */
export function shellWord(line: string): string | undefined {
  const unquoted = line.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, '_');
  return unquoted.split(/\s+/).find(word => SHELL_WORD.test(word));
}

function closingQuote(line: string, open: number): number {
  const quote = line[open];
  for (let at = open + 1; at < line.length; at += 1) {
    if (line[at] === '\\' && quote === '"') at += 1;
    else if (line[at] === quote) return at;
  }
  return -1;
}
