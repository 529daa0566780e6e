import type { Change } from '../core/module.ts';
import { cut, pad, width, wrap } from './columns.ts';
import type { Paint, Style } from './paint.ts';
import type { Ended, RowState, TaskState } from './task-state.ts';
import { changeLine, clean, count, elapsed, errorLines, oneLine, statusStyle, took, verdictStyle } from './words.ts';

/** How a task looks. `columns` is the width of the terminal; wider than this, the eye loses the line. */
export interface Look {
  readonly paint: Paint;
  readonly columns: number;
  readonly marks: Marks;
  /** How the texts of a change are shown; absent without `--diff`. */
  readonly patch?: (change: Change) => readonly string[];
}

const WIDEST = 110;
const BAR = 20;

export interface Marks {
  readonly status: Readonly<Record<Ended['status'], string>>;
  readonly spinner: readonly string[];
  readonly bar: readonly [done: string, left: string];
  readonly hint: string;
}

export const unicodeMarks: Marks = {
  status: {
    ok: '✔',
    changed: '●',
    skipped: '○',
    failed: '✖',
    ignored: '!',
    rescued: '!',
    unreachable: '✖',
    unknown: '?',
    stopped: '■',
  },
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  bar: ['━', '╌'],
  hint: '→',
};

export const asciiMarks: Marks = {
  status: {
    ok: '.',
    changed: '*',
    skipped: '-',
    failed: 'x',
    ignored: '!',
    rescued: '!',
    unreachable: 'x',
    unknown: '?',
    stopped: '#',
  },
  spinner: ['|', '/', '-', '\\'],
  bar: ['#', '.'],
  hint: '->',
};

/** From the least to the most remarkable: a task of several hosts shows the most remarkable of its statuses. */
const weight: readonly Ended['status'][] = [
  'skipped',
  'ok',
  'unknown',
  'changed',
  'rescued',
  'ignored',
  'stopped',
  'unreachable',
  'failed',
];

/** A task that has ended on all its hosts, for good. */
export function endedLines(task: TaskState, look: Look): string[] {
  const ends = task.rows.flatMap(row => (row.ended ? [row.ended] : []));
  const worst = ends.toSorted((a, b) => weight.indexOf(b.status) - weight.indexOf(a.status))[0];
  if (!worst) return [];
  const mark = look.paint(styleOf(worst.status), look.marks.status[worst.status]);
  const [row] = task.rows;
  if (row && task.rows.length === 1) {
    return [line(task, mark, titleOn(task, row, look), outcome(worst, look), look), ...details(task, row, look)];
  }
  const slowestMs = Math.max(...ends.map(end => end.durationMs));
  const right = `${counted(ends)}  ${look.paint('dim', pad(took(slowestMs), 6, 'right'))}`;
  const remarkable = task.rows.filter(r => r.ended && (isRemarkable(r.ended.status) || r.ended.text !== undefined));
  return [
    line(task, mark, task.title, right, look),
    ...remarkable.flatMap(r => [hostLine(task, r, outcome(r.ended, look), look), ...details(deeper(task, 2), r, look)]),
  ];
}

/** A task that goes on: what it waits for on each host, and for how long. `outputs` are the texts of listr2's tasks. */
export function liveLines(
  task: TaskState,
  outputs: readonly (string | undefined)[],
  nowMs: number,
  look: Look,
): string[] {
  const open = task.rows.filter(row => !row.ended);
  const [first] = open;
  if (!first) return [];
  const turn = Math.floor(nowMs / 80) % look.marks.spinner.length;
  const mark = look.paint('cyan', look.marks.spinner[turn] ?? '');
  const since = (row: RowState) => look.paint('dim', elapsed(nowMs - row.startedMs));
  const waits = (row: RowState, of = task) => waitLines(of, row, outputs[task.rows.indexOf(row)], nowMs, look);
  if (task.rows.length === 1)
    return [line(task, mark, titleOn(task, first, look), since(first), look), ...waits(first)];
  const done = task.rows.length - open.length;
  return [
    line(task, mark, task.title, `${done} of ${task.rows.length}`, look),
    ...open.flatMap(row => [hostLine(task, row, since(row), look), ...waits(row, deeper(task, 2))]),
  ];
}

function waitLines(task: TaskState, row: RowState, output: string | undefined, nowMs: number, look: Look): string[] {
  const { wait, rounds } = row;
  const room = inside(task, look);
  const rest = wait?.untilMs === undefined ? '' : ` in ${elapsed(Math.max(0, wait.untilMs - nowMs)) || '0s'}`;
  const since = wait?.sinceMs === undefined ? '' : elapsed(nowMs - wait.sinceMs);
  const done = rounds.length === 0 ? [] : [`${count(rounds.length, 'round')} done`];
  const texts = [
    ...done,
    ...(output === undefined || output === '' ? [] : [`${oneLine(output)}${rest}${since && `: ${since}`}`]),
  ];
  if (texts.length === 0) return [];
  const bar = wait?.fraction === undefined ? '' : `  ${progressBar(wait.fraction, look)}`;
  return [`${indent(task, 4)}${cut(texts.join('; '), room - width(bar))}${bar}`];
}

function progressBar(fraction: number, { marks, paint }: Look): string {
  const share = Math.min(1, Math.max(0, fraction));
  const full = Math.floor(share * BAR);
  const [done, left] = marks.bar;
  return `${paint('cyan', done.repeat(full))}${paint('dim', left.repeat(BAR - full))} ${Math.floor(share * 100)}%`;
}

function details(task: TaskState, { ended, rounds, verdicts }: RowState, look: Look): string[] {
  const { paint, marks } = look;
  const room = inside(task, look);
  const told = rounds.filter(round => isRemarkable(round.status) || round.text !== undefined);
  const own = ended && told.length === 0 ? notes(ended, look) : [];
  const lines = [
    ...verdicts
      .filter(verdict => verdict.kind !== 'safe')
      .flatMap(({ kind, reason }) => wrap(`${kind}: ${oneLine(reason)}`, room).map(l => paint(verdictStyle[kind], l))),
    ...told.flatMap(round => [
      `${paint(styleOf(round.status), marks.status[round.status])} ${oneLine(round.item ?? '')}  ${outcome(round, look)}`,
      ...notes(round, look).map(note => `  ${note}`),
    ]),
    ...own,
  ];
  return lines.map(text => indent(task, 4) + text);
}

function notes({ status, changes, text, error }: Ended, { paint, marks, patch }: Look): string[] {
  const told = error ? errorLines(error) : { message: [] };
  const style = statusStyleOfError(status);
  return [
    ...changes.flatMap(change => [
      paint('dim', changeLine(change)),
      ...(patch?.(change) ?? []).map(l => paint(patchStyle(l), l)),
    ]),
    ...(text === undefined ? [] : clean(text).trimEnd().split('\n')),
    ...told.message.map(l => paint(style, l)),
    ...(told.hint === undefined ? [] : [`${marks.hint} ${told.hint}`]),
  ];
}

/** As in `diff --color`: green is what comes, red what goes. */
function patchStyle(line: string): Style {
  if (line.startsWith('+')) return 'green';
  if (line.startsWith('-')) return 'red';
  return line.startsWith('@@') ? 'cyan' : 'dim';
}

function outcome(end: Ended | undefined, { paint }: Look): string {
  if (!end) return '';
  const word = end.status === 'ok' ? '' : paint(styleOf(end.status), end.status);
  const time = end.status === 'skipped' || end.status === 'stopped' ? '' : took(end.durationMs);
  return `${word}  ${paint('dim', pad(end.earlier ? 'earlier' : time, 6, 'right'))}`;
}

function counted(ends: readonly Ended[]): string {
  return weight
    .toReversed()
    .map(status => ({ status, n: ends.filter(end => end.status === status).length }))
    .filter(({ n }) => n > 0)
    .map(({ status, n }) => `${n} ${status}`)
    .join(', ');
}

function line(task: TaskState, mark: string, title: string, right: string, look: Look): string {
  const room = Math.min(look.columns, WIDEST) - 1 - width(indent(task, 2)) - 2;
  const text = width(title) > room - width(right) - 2 ? cut(title, room - width(right) - 2) : title;
  return `${indent(task, 2)}${mark} ${pad(text, room - width(right))}${right}`.trimEnd();
}

function hostLine(task: TaskState, row: RowState, right: string, look: Look): string {
  const on = row.on === row.host ? row.host : `${row.host} on ${row.on}`;
  return line(deeper(task), ' ', on, right, look);
}

function deeper(task: TaskState, levels = 1): TaskState {
  return { ...task, depth: task.depth + levels };
}

function titleOn(task: TaskState, row: RowState, look: Look): string {
  const place =
    row.on === row.host ? (task.alone ? '' : row.host) : task.alone ? `on ${row.on}` : `${row.host} on ${row.on}`;
  return place === '' || task.title.includes(row.on) ? task.title : `${task.title} ${look.paint('dim', `· ${place}`)}`;
}

function indent(task: TaskState, more: number): string {
  return ' '.repeat(task.depth * 2 + more);
}

function inside(task: TaskState, look: Look): number {
  return Math.max(20, Math.min(look.columns, WIDEST) - 1 - width(indent(task, 4)));
}

function isRemarkable(status: Ended['status']): boolean {
  return status !== 'ok' && status !== 'skipped' && status !== 'unknown';
}

function styleOf(status: Ended['status']): Style {
  return status === 'stopped' ? 'yellow' : statusStyle[status];
}

function statusStyleOfError(status: Ended['status']): Style {
  return status === 'failed' || status === 'unreachable' ? 'red' : 'yellow';
}
