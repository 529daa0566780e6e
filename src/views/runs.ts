import type { Json } from '../core/value.ts';
import { table } from './columns.ts';
import type { History, HistoryStep } from './history.ts';
import { memberNames, standingLine } from './membership.ts';
import { type Paint, type Style, unpainted } from './paint.ts';
import { changeLine, errorLines, oneLine, statusStyle, titleOf, took } from './words.ts';

/** A run, as a list shows it. */
interface Row {
  readonly run: string;
  readonly outcome: string;
  readonly user: string;
  readonly host: string;
  readonly begunAtMs: number;
  readonly lastAtMs: number;
}

const styles: Readonly<Record<string, Style>> = { done: 'green', running: 'cyan', failed: 'red', defect: 'red' };

/** The runs that are remembered, a line each. Times are UTC. */
export function renderRuns(runs: readonly Row[], paint: Paint = unpainted): string {
  const head = ['RUN', 'BEGUN (UTC)', 'TOOK', 'WHO', 'OUTCOME'].map(title => paint('dim', title));
  const rows = runs.map(({ run, begunAtMs, lastAtMs, user, host, outcome }) => [
    run,
    timeOf(begunAtMs),
    took(Math.max(0, lastAtMs - begunAtMs)),
    user === '' ? '' : `${user} on ${host}`,
    paint(styles[outcome] ?? 'yellow', outcome),
  ]);
  return `${table([head, ...rows], [2]).join('\n')}\n`;
}

/** A run, and who began it. */
interface Told extends History {
  readonly run: string;
  readonly playbook: string;
  readonly user: string;
  readonly host: string;
  readonly version: string;
  readonly inputs: Readonly<Record<string, Json>>;
  /** A process is at it. */
  readonly running: boolean;
  readonly torn: boolean;
}

/** All that a journal tells of a run, for people. */
export function renderHistory(told: Told, paint: Paint = unpainted): string {
  const { run, playbook, user, host, version, inputs, processes, steps, consents, before, after, warnings } = told;
  const [begun, ...resumed] = processes;
  const about = [
    ['run', run],
    ['playbook', playbook],
    ...Object.entries(inputs).map(([name, value]) => [`  ${name}`, oneLine(JSON.stringify(value))]),
    ['by', `${user} on ${host}, quorate ${version}`],
    ['begun', begun === undefined ? 'not seen' : timeOf(begun)],
    ...resumed.map(atMs => ['resumed', timeOf(atMs)]),
    ['outcome', outcomeOf(told)],
    ...(told.torn ? [['journal', 'its last line is cut off: the process was killed, or its disk was full']] : []),
    ...consents.map(({ atMs, how, to }) => ['agreed', `${timeOf(atMs)} ${how}: ${to.map(oneLine).join('; ')}`]),
  ].map(([title = '', text = '']) => [paint('dim', title), text]);
  const members = [
    ...(before ? [`members before: ${memberNames(before)}; ${standingLine(before.standing)}`] : []),
    ...(after ? [`members after:  ${memberNames(after)}; ${standingLine(after.standing)}`] : []),
  ];
  return `${[
    table(about),
    steps.filter(isTold).flatMap(step => stepLines(step, paint)),
    members,
    warnings.map(text => paint('yellow', `warning: ${oneLine(text)}`)),
    told.error ? errorLines(told.error).message.map(text => paint('red', text)) : [],
  ]
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** What a condition left out is no step; `--json` has it all the same. */
function isTold({ status }: HistoryStep): boolean {
  return status !== 'skipped';
}

function stepLines(
  { where, status, begunAtMs, durationMs, changes, verdicts, error }: HistoryStep,
  paint: Paint,
): string[] {
  const style = status === 'unseen' ? 'yellow' : statusStyle[status];
  const word = status === 'unseen' ? 'not seen' : status;
  const time = status === 'unseen' ? '' : took(durationMs);
  const more = [
    ...verdicts.filter(({ kind }) => kind !== 'safe').map(({ kind, reason }) => `${kind}: ${oneLine(reason)}`),
    ...changes.map(changeLine),
    ...(error ? errorLines(error).message : []),
  ];
  const head = `${timeOf(begunAtMs).slice(11)}  ${paint(style, word.padEnd(11))} ${time.padStart(7)}  ${titleOf(where)}`;
  return [head, ...more.map(text => `${' '.repeat(32)}${paint('dim', text)}`)];
}

function outcomeOf({ outcome, running }: Told): string {
  if (running) return 'running';
  return outcome ?? 'unfinished: its process ended before it did';
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}
