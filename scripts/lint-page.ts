// docs/lint.md: every code that lint can report, with the examples of test/cases/lint, which run as tests.
import { readdir, readFile } from 'node:fs/promises';
import { type Code, codes } from '../src/core/codes.ts';

/** One example: the files of a small project, the first one what is linted. */
export type Example = ReadonlyMap<string, string>;

export interface LintCase {
  /** The name of its file. */
  readonly name: string;
  readonly severity: string;
  /** Markdown. */
  readonly why: string;
  readonly bad: Example;
  readonly good: Example;
}

/** Findings that only `run`, `plan` and `resume` can have, which know hosts and inputs. */
const ofRuns: readonly Code[] = [
  'unknown-input',
  'missing-input',
  'invalid-input',
  'no-hosts',
  'host-count',
  'unknown-tag',
];

const all = Object.keys(codes);

/** The codes that lint can report, in the catalogue's order: of what can be known before a run, and of what is made of findings. */
export const lintCodes: readonly string[] = [
  ...all.slice(0, all.indexOf('task-failed')).filter(code => !ofRuns.some(other => other === code)),
  ...all.slice(all.indexOf('invalid-config')),
];

const FOLDER = 'test/cases/lint';

export async function readLintCases(): Promise<readonly LintCase[]> {
  const names = (await readdir(FOLDER)).toSorted();
  const texts = await Promise.all(names.map(name => readFile(`${FOLDER}/${name}`, 'utf8')));
  return names.map((name, i) => lintCase(name.replace(/\.txt$/, ''), texts[i] ?? ''));
}

/** A case: parts that begin with a line `=== severity`, `=== why`, and for each file of an example `=== bad NAME` or `=== good NAME`. */
function lintCase(name: string, text: string): LintCase {
  const parts = text
    .split(/^=== /m)
    .slice(1)
    .map(part => {
      const newline = part.indexOf('\n');
      return [part.slice(0, newline).trim(), part.slice(newline + 1)] as const;
    });
  const part = (wanted: string): string => parts.find(([title]) => title === wanted)?.[1].trim() ?? '';
  const example = (kind: string): Example =>
    new Map(
      parts.flatMap(([title, file]) => (title.startsWith(`${kind} `) ? [[title.slice(kind.length + 1), file]] : [])),
    );
  return { name, severity: part('severity'), why: part('why'), bad: example('bad'), good: example('good') };
}

export function lintPage(cases: readonly LintCase[], notice: string): string {
  const about = [
    '`quorate lint` finds what can be known before a run: no host is touched. Here is each of its codes: what it means, why it matters, an example that has it',
    'and one that does not. Errors are what is certainly wrong, and end lint with 3; warnings are to be looked at. All codes, those of runs',
    'too, stand in [errors.md](errors.md); how lint is told what to check, and what counts, in [linting.md](linting.md).',
  ].join('\n');
  const byName = new Map(cases.map(one => [one.name, one]));
  const known = lintCodes.flatMap(code => byName.get(code) ?? []);
  const rows = known.map(({ name, severity }) => `| [\`${name}\`](#${name}) | ${severity} | ${meaning(name)} |`);
  const table = `| code | severity | meaning |\n| --- | --- | --- |\n${rows.join('\n')}`;
  return `# What lint finds\n\n${notice}\n\n${about}\n\n${table}\n\n${known.map(section).join('\n')}`;
}

function meaning(name: string): string {
  return (Object.entries(codes).find(([code]) => code === name)?.[1] ?? '').replaceAll('|', '\\|');
}

function section({ name, severity, why, bad, good }: LintCase): string {
  return `## ${name}\n\n**${severity}**: ${meaning(name)}\n\n${why}\n\nBad:\n\n${shown(bad)}\nGood:\n\n${shown(good)}`;
}

function shown(example: Example): string {
  const all = [...example].map(([name, text]) => {
    const language = name.endsWith('.ts') ? 'ts' : name.endsWith('.yml') ? 'yaml' : 'text';
    const title = example.size > 1 ? `\`${name}\`\n\n` : '';
    return `${title}\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;
  });
  return all.join('\n');
}
