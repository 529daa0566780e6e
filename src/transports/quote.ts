import { INPUT_FILE } from '../core/host.ts';

/**
 * The one place where arguments become shell text. POSIX shells only; `newline` is what stands for a newline: by default
 * `"$nl"`, which the driver defines, so that a whole command is one line.
 */
export function quote(argument: string, newline = `'"$nl"'`): string {
  if (argument.includes('\0')) throw new Error('an argument of a command cannot hold a NUL byte');
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`).replaceAll('\n', newline)}'`;
}

/** One argument, its `INPUT_FILE` replaced by the shell text `inputFile`, which must be quoted already. */
export function quoteArgument(argument: string, inputFile: string): string {
  if (!argument.includes(INPUT_FILE)) return quote(argument);
  return argument
    .split(INPUT_FILE)
    .map(part => (part === '' ? '' : quote(part)))
    .join(inputFile);
}
