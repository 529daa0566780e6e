import type { CourseStep } from '../core/guard.ts';
import { wrap } from './columns.ts';
import { type CourseOptions, renderCourse } from './course.ts';
import { renderMembership, standingLine } from './membership.ts';
import { type Paint, unpainted } from './paint.ts';
import type { PlannedStep, PlanReport } from './plan.ts';
import { simulationLines } from './simulation.ts';
import { changeLine, clean, count, errorLines, oneLine, statusStyle, titleOf, verdictStyle } from './words.ts';

const WORD = 14;

/** A plan for people: the cluster, every step, its course, and what it takes. Ends with a newline. */
export function renderPlan(report: PlanReport, options: CourseOptions = {}): string {
  const { paint = unpainted, columns = 120 } = options;
  const { playbook, inputs, members, steps, warnings } = report;
  const shown = steps.filter(step => step.status !== 'skipped');
  const course = courseOf(steps);
  const skipped = steps.length - shown.length;
  const sections = [
    [
      `${paint('bold', playbook)}  ${paint('cyan', 'plan: nothing is changed')}`,
      ...Object.entries(inputs).map(([name, value]) => paint('dim', `  ${name} = ${oneLine(JSON.stringify(value))}`)),
    ],
    members ? [renderMembership(members, paint).trimEnd()] : [],
    [
      paint('bold', 'The steps'),
      ...shown.flatMap(step => stepLines(step, paint, columns)),
      ...(skipped > 0 ? [paint('dim', `${count(skipped, 'step')} not needed`)] : []),
    ],
    course.length > 0 ? [paint('bold', 'The course'), renderCourse(course, options).trimEnd()] : [],
    costs(steps, 'noReturn', 'No way back from', paint, columns),
    costs(steps, 'interruption', 'Writes stop', paint, columns),
    warnings.map(warning => paint('yellow', `warning: ${oneLine(warning)}`)),
    ending(report, paint),
    report.simulation ? simulationLines(report.simulation, paint, columns) : [],
  ];
  const texts = sections.filter(lines => lines.length > 0).map(lines => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function courseOf(steps: readonly PlannedStep[]): readonly CourseStep[] {
  return steps.flatMap(({ where, verdicts }) =>
    verdicts.map(verdict => ({
      task: where.task,
      name: where.name,
      within: where.item === undefined ? where.within : [...where.within, where.item],
      host: where.host,
      verdict,
    })),
  );
}

function stepLines(step: PlannedStep, paint: Paint, columns: number): string[] {
  const { where, status, changes, text, error, verdicts } = step;
  const told = error ? errorLines(error) : { message: [] };
  const below = [
    ...changes.map(changeLine),
    ...(text === undefined ? [] : clean(text).trimEnd().split('\n')),
    ...told.message.map(line => paint('red', line)),
    ...(told.hint === undefined ? [] : [`→ ${told.hint}`]),
    ...verdicts.flatMap(({ kind, reason, after }) => [
      paint(verdictStyle[kind], `${kind}: ${oneLine(reason)}`),
      ...(after ? [`${kind === 'interrupts' ? 'meanwhile' : 'then'} ${standingLine(after)}`] : []),
    ]),
  ];
  const room = Math.max(30, columns - WORD - 2);
  return [
    `${paint(statusStyle[status], wordOf(step).padEnd(WORD))}${titleOf(where)}`,
    ...below.flatMap(line => wrap(line, room)).map(line => `${' '.repeat(WORD + 2)}${line}`),
  ];
}

function wordOf({ status, changes }: PlannedStep): string {
  switch (status) {
    case 'changed':
      return 'would change';
    case 'unknown':
      return changes.length > 0 ? 'would do' : 'then';
    default:
      return status;
  }
}

function costs(
  steps: readonly PlannedStep[],
  what: 'noReturn' | 'interruption',
  title: string,
  paint: Paint,
  columns: number,
): string[] {
  const lines = steps.flatMap(({ where, verdicts }) =>
    verdicts.flatMap(verdict => {
      const told = verdict[what];
      return told === undefined ? [] : [`${titleOf(where)}: ${told}`];
    }),
  );
  const wrapped = lines.flatMap(line =>
    wrap(line, Math.max(30, columns - 4)).map((l, i) => `${i === 0 ? '  ' : '    '}${l}`),
  );
  return lines.length === 0 ? [] : [paint('bold', title), ...wrapped];
}

function ending({ outcome, error, yes, steps }: PlanReport, paint: Paint): string[] {
  if (outcome !== 'done') {
    const told = error ? errorLines(error) : { message: [`it would end as ${outcome}`] };
    const allow = yes.allow.map(name => `--allow ${name}`).join(' ');
    return [
      ...told.message.map(line => paint('red', line)),
      ...(told.hint === undefined ? [] : [`→ ${told.hint}`]),
      ...(outcome === 'refused' && allow !== '' ? [`it would take: ${allow}`] : []),
    ];
  }
  const changes = steps.filter(({ status, changes }) => status === 'changed' || changes.length > 0).length;
  if (changes === 0) return ['nothing is to be changed'];
  const allow = yes.allow.map(name => ` and --allow ${name}`).join('');
  const asked = yes.course ? `; run asks for one yes to the course (or takes --yes)${allow}` : '';
  return [`${count(changes, 'step')} would change something${asked}`];
}
