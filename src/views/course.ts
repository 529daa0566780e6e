import type { CourseStep, Standing } from '../core/guard.ts';
import { table, wrap } from './columns.ts';
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
  const head = ['', 'STEP', 'HOST', 'VOTERS', 'LEARNERS', 'QUORUM', 'TOLERANCE', 'VERDICT'];
  const rows = [
    head.map(title => paint('dim', title)),
    ...(now ? [['', 'as it is now', '', ...numbers(now), '']] : []),
    ...steps.map((step, i) => [
      `${i + 1}.`,
      titled(step.name, step.within),
      step.host,
      ...numbers(step.verdict.after),
      paint(verdictStyle[step.verdict.kind], step.verdict.kind),
    ]),
  ];
  const [first = '', ...lines] = table(rows, [0, 3, 4, 5, 6]);
  const nowLines = now ? lines.splice(0, 1) : [];
  const indent = ' '.repeat(String(steps.length).length + 3);
  const below = (step: CourseStep) =>
    notes(step).flatMap(note =>
      wrap(note, Math.max(30, columns - indent.length - 2)).map(line => `${indent}  ${line}`),
    );
  return `${[
    first,
    ...nowLines,
    ...steps.flatMap((step, i) => [lines[i] ?? '', ...below(step).map(line => paint('dim', line))]),
  ].join('\n')}\n`;
}

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
