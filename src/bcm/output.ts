/** What a process of cmsh gave. */
export interface CmshOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CmshProblem {
  /** `missing`: an object that was named does not exist. `no-cmsh`: there is no such program here. */
  readonly kind: 'missing' | 'not-connected' | 'no-cmsh' | 'refused';
  /** In cmsh's own words, one line. */
  readonly message: string;
}

// biome-ignore lint/complexity/useRegexLiterals: a literal would hold a control character.
const ANSI = new RegExp('\\x1b\\[[0-9;?]*[A-Za-z]', 'g');

/** An event, which may come at any time, also behind the text of another line. */
const EVENT = /(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4} \[[a-z]+\] .*$/;

const ERRORS: readonly (readonly [CmshProblem['kind'], RegExp])[] = [
  ['not-connected', /Not connected|CMMain::/],
  ['missing', /Unable to find/],
  ['refused', /Command not found|Illegal option|No such property|^Code\s+Field\s+Message/],
];

/** The lines that carry something: without colours, events and blanks at their end; empty ones are left out. */
export function cleanLines(text: string): string[] {
  return text
    .replace(ANSI, '')
    .split(/\r?\n/)
    .map(line => line.replace(EVENT, '').trimEnd())
    .filter(line => line !== '');
}

/**
 * What went wrong, if anything. The exit status alone doesn't tell: cmsh was seen to end with 0 and its complaint on
 * standard output. That nothing is found wrong doesn't mean that a change was made: read it back.
 */
export function problemIn({ code, stdout, stderr }: CmshOutput): CmshProblem | undefined {
  const lines = [...cleanLines(stderr), ...cleanLines(stdout)];
  for (const [kind, pattern] of ERRORS) {
    const at = lines.findIndex(line => pattern.test(line));
    if (at >= 0) return { kind, message: messageAt(lines, at) };
  }
  if (code === 0) return undefined;
  if (code === 126 || code === 127) return { kind: 'no-cmsh', message: lines[0] ?? 'there is no cmsh here' };
  return { kind: 'refused', message: lines[0] ?? `cmsh ended with status ${code} and said nothing` };
}

/** The line, or, where it is the header of a table of faults, the rows below it. */
function messageAt(lines: readonly string[], at: number): string {
  const line = lines[at] ?? '';
  if (!line.startsWith('Code')) return line;
  const rows = lines.slice(at + 1).filter(row => !isRule(row));
  return (
    rows
      .map(row =>
        row
          .trim()
          .replace(/^\d+\s+/, '')
          .replace(/\s{2,}/g, ': '),
      )
      .join('; ') || line
  );
}

/** A line of dashes below a header. */
export function isRule(line: string): boolean {
  return /^[-\s]+$/.test(line);
}
