/** What cmsh takes as a plain word: names of objects, properties and nodes. A leading dash would make it an option. */
const WORD = /^[A-Za-z0-9_.:][A-Za-z0-9_.:-]*$/;

/** What would end a quoted value, run a command or begin another one. `$1` is an argument of a script. */
const UNQUOTABLE = /["`;\p{Cc}]|\$\d/u;

/** True for what may stand as a name in a command of cmsh. */
export function isName(text: string): boolean {
  return WORD.test(text);
}

/** True for what may stand as a value in a command of cmsh, quoted. */
export function isValue(text: string): boolean {
  return text !== '' && !UNQUOTABLE.test(text);
}

/**
 * One command: its words, then values that are quoted whatever they hold (options of etcd). Throws a RangeError where a
 * word is no name or a value can't be quoted: callers check what users wrote with `isName` and `isValue` first.
 */
export function command(words: readonly string[], values: readonly string[] = []): string {
  const wrong = words.find(word => !isName(word) && !/^-\d+$/.test(word)) ?? values.find(value => !isValue(value));
  if (wrong !== undefined) throw new RangeError(`cmsh cannot be given ${JSON.stringify(wrong)}`);
  return [...words, ...values.map(value => `"${value}"`)].join(' ');
}

/**
 * Runs a file of commands, one a line: no start-up files (`-n`), no question on leaving (`-Q`), stop at the first error
 * (`-q`), so that a `commit` in the last line is only reached where all before it went well. `-f` and not `-c`: over ssh
 * without a terminal `-c` was seen to fail.
 */
export function invocation(file: string, cmsh: string): string[] {
  return [cmsh, '-n', '-Q', '-q', '--color', 'no', '--hide-events', '-f', file];
}

/** Commands as the text of a file. */
export function scriptText(commands: readonly string[]): string {
  return `${commands.join('\n')}\n`;
}
