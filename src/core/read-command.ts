import type { RunOptions } from './host.ts';
import { INPUT_FILE } from './host.ts';

declare const readOnly: unique symbol;

/** A command that is known to change nothing. Made by `readCommand` alone, so that a probe cannot be given anything else. */
export interface ReadCommand extends RunOptions {
  readonly argv: readonly string[];
  readonly [readOnly]: true;
}

/**
 * Every command that only looks, by its program; the rest of the argv (options left out, so write `--option=value`)
 * must begin with one of the forms. An empty form allows any arguments. What is not here cannot run in check mode.
 */
const forms: Readonly<Record<string, readonly (readonly string[])[]>> = {
  etcdctl: [
    ['member', 'list'],
    ['endpoint', 'health'],
    ['endpoint', 'status'],
    ['endpoint', 'hashkv'],
    ['alarm', 'list'],
    ['get'],
    ['version'],
    ['snapshot', 'status'],
    ['lease', 'timetolive'],
  ],
  etcdutl: [['version'], ['snapshot', 'status']],
  systemctl: [['show'], ['is-active'], ['is-enabled'], ['cat']],
  stat: [[]],
  readlink: [[]],
  ls: [[]],
  test: [[]],
  cat: [[]],
  sha256sum: [[]],
  id: [[]],
  df: [[]],
};

/** Programs checked by a rule of their own below. */
const ruled: Readonly<Record<string, (argv: readonly string[], options: RunOptions) => boolean>> = {
  // Only the environment that a login shell gets from a module: the one script, its module as an argument.
  bash: argv => argv[1] === '-lc' && argv[2] === MODULE_ENVIRONMENT && argv.length <= 5,
  // Only the sums of a snapshot: the one script, its file as an argument.
  sh: argv => argv[1] === '-c' && argv[2] === SNAPSHOT_SUMS && argv.length === 5,
  // With a name it sets it, and so does -F with a file.
  hostname: argv =>
    argv.slice(1).every(word => /^-[sfdiIAay]$|^--(short|fqdn|long|domain|ip-address|all-ip-addresses)$/.test(word)),
  date: argv => argv.slice(1).every(word => /^(-u|-R|--utc|--rfc-email|-I\w*|--iso-8601(=\w+)?|\+.*)$/.test(word)),
  cmsh: (argv, options) => argv.includes(INPUT_FILE) && (options.input?.split('\n').every(isCmshRead) ?? false),
  curl: argv => isPlainGet(argv.slice(1)),
  timeout: argv => argv.slice(2, 6).join('\0') === ['bash', '-c', PORT_OPEN, 'port'].join('\0') && argv.length === 8,
  rsync: argv => isComparison(argv.slice(1)),
  // Others of its options throw logs away.
  journalctl: argv => argv.slice(1).every(word => /^--(unit=|output=|since=|lines=|no-pager$)/.test(word)),
};

/**
 * Prints, NUL-separated, the environment after `module load $1`, and as QUORATE_ETCDCTL where it finds etcdctl.
 * A login shell, because elsewhere `module` does not exist.
 */
export const MODULE_ENVIRONMENT = 'module load "$1" >&2 && exec env -0 "QUORATE_ETCDCTL=$(command -v etcdctl || true)"';

/**
 * Prints the size of `$1`, the SHA-256 of all but its last 32 bytes, and these in hex. `snapshot status` checks none of it: a
 * corrupted file passed, and a truncated one crashed etcdctl 3.5.
 */
export const SNAPSHOT_SUMS =
  'size=$(stat -c %s -- "$1") && ' +
  'sum=$(head -c "$((size - 32))" -- "$1" | sha256sum | cut -d " " -f 1) && ' +
  'end=$(tail -c 32 -- "$1" | od -An -v -tx1 | tr -d " \\n") && ' +
  'printf "%s %s %s\\n" "$size" "$sum" "$end"';

/** Succeeds where port $2 of host $1 takes a TCP connection. Nothing is sent. */
export const PORT_OPEN = 'exec 3<>"/dev/tcp/$1/$2"';

const cmshReads =
  /^(use|get|show|list|status|validate|usedby|configurationoverlay|device|category|roles|etcd|\.\.|home|exit|quit)?$/;

/**
 * True for a line of cmsh whose commands all only look. Arguments may not hold `;`, so splitting there is safe; nor what
 * runs a shell (`!`, `|`, backticks), writes a file (`>`) or groups commands.
 */
function isCmshRead(line: string): boolean {
  if (/[!|><`()]/.test(line)) return false;
  return line.split(';').every(command => {
    const [verb = '', second = ''] = command.trim().split(/\s+/);
    // `device status` runs a command in a mode without entering it.
    return (
      cmshReads.test(verb) &&
      (!/^(configurationoverlay|device|category|roles|etcd)$/.test(verb) || cmshReads.test(second))
    );
  });
}

/** Flags of curl, and those with a value, by which it can neither send nor write anything. */
const curlFlags = new Set(['--silent', '--show-error', '--fail']);
const curlFlagsWithValue = new Set(['--max-time', '--cacert', '--cert', '--key']);

/** True for a plain GET of one URL over HTTP. Without `--disable`, which must come first, a .curlrc could add anything. */
function isPlainGet(words: readonly string[]): boolean {
  const urls: string[] = [];
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (curlFlagsWithValue.has(word)) at += 1;
    else if (!curlFlags.has(word)) urls.push(word);
  }
  return words[0] === '--disable' && urls.length === 1 && /^https?:\/\//.test(urls[0] ?? '');
}

const rsyncFlags = new Set([
  ...['--archive', '--hard-links', '--acls', '--xattrs', '--delete'],
  ...['--checksum', '--dry-run', '--itemize-changes', '--'],
]);

/** True where rsync compares two directories of its own host: a path from another would not begin with a slash. */
function isComparison(words: readonly string[]): boolean {
  return words.includes('--dry-run') && words.every(word => rsyncFlags.has(word) || word.startsWith('/'));
}

/** Marks an argv as one that only looks. Throws (a defect of ours, not of a user) where it is not on the list. */
export function readCommand(argv: readonly string[], options: RunOptions = {}): ReadCommand {
  const path = argv[0] ?? '';
  const program = path.slice(path.lastIndexOf('/') + 1);
  const rule = ruled[program];
  const words = argv.slice(1).filter(a => !a.startsWith('-'));
  const allowed = rule
    ? rule(argv, options)
    : (forms[program] ?? []).some(form => form.every((word, i) => words[i] === word));
  if (!allowed) throw new Error(`not on the list of commands that only look: ${argv.join(' ')}`);
  return { ...options, argv } as ReadCommand;
}
