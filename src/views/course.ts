import type { CourseStep, Standing } from '../core/guard.ts';
import { table, width, wrap } from './columns.ts';
import { type Paint, unpainted } from './paint.ts';
import { oneLine, titled, verdictStyle } from './words.ts';

export interface CourseOptions {
  readonly paint?: Paint;
  /** For the reasons below the steps. */
  readonly columns?: number;
}

/**
 * The steps that change a membership or stop a member: the cluster after each, and the verdict with its reason. The first
 * row is the cluster as it is. Ends with a newline.
 */
export function renderCourse(steps: readonly CourseStep[], options: CourseOptions = {}): string {
  const { paint = unpainted, columns = 120 } = options;
  const now = steps.find(s => s.verdict.before)?.verdict.before;
  // One host: its name says nothing.
  const hosts = new Set(steps.map(step => step.host));
  const host = (name: string) => (hosts.size > 1 ? [name] : []);
  const room = Math.max(24, columns - BESIDE_STEP - (hosts.size > 1 ? 2 + Math.max(...[...hosts].map(width)) : 0));

  const head = ['', 'STEP', ...host('HOST'), 'VOTERS', 'LEARNERS', 'QUORUM', 'TOLERANCE', 'VERDICT'];
  const rows: string[][] = [head.map(title => paint('dim', title))];
  const below = new Map<number, string[]>();
  if (now) rows.push(['', 'as it is now', ...host(''), ...numbers(now), '']);
  for (const [i, step] of steps.entries()) {
    const { kind } = step.verdict;
    const [title = '', ...rest] = wrap(titled(step.name, step.within), room);
    rows.push([
      `${i + 1}.`,
      title,
      ...host(step.host),
      ...numbers(step.verdict.after),
      paint(verdictStyle[kind], kind),
    ]);
    for (const more of rest) rows.push(['', more]);
    below.set(rows.length - 1, notes(step));
  }
  const right = [0, ...[3, 4, 5, 6].map(column => (hosts.size > 1 ? column : column - 1))];
  const indent = ' '.repeat(String(steps.length).length + 5);
  const noteLines = (note: string) =>
    wrap(note, Math.max(30, columns - indent.length)).map(line => paint('dim', indent + line));
  const lines = table(rows, right).flatMap((line, i) => [line, ...(below.get(i) ?? []).flatMap(noteLines)]);
  return `${lines.join('\n')}\n`;
}

/** The columns of the table that are not the step's and the host's, and what parts them. */
const BESIDE_STEP = 55;

function numbers(standing: Standing | undefined): string[] {
  if (!standing) return ['?', '?', '?', '?'];
  const { voters, healthy, learners, quorum, margin } = standing;
  return [
    healthy === voters ? String(voters) : `${healthy}/${voters}`,
    String(learners),
    String(quorum),
    margin < 0 ? 'none' : String(margin),
  ];
}

function notes({ verdict }: CourseStep): string[] {
  return [
    oneLine(verdict.reason),
    ...(verdict.next === undefined ? [] : [`next: ${oneLine(verdict.next)}`]),
    ...(verdict.allowName === undefined ? [] : [`accepted all the same with: --allow ${verdict.allowName}`]),
  ].filter(note => note !== '');
}
