import type { ErrorReport, HostTotals, RunResult, StampedEvent } from '../core/event.ts';
import { byHandLines } from './by-hand.ts';
import { table } from './columns.ts';
import { memberNames, standingLine } from './membership.ts';
import { type Paint, type Style, unpainted } from './paint.ts';
import type { Story } from './story.ts';
import { changeLine, count, duration, errorLines, oneLine, titleOf } from './words.ts';

const columns = ['ok', 'changed', 'skipped', 'failed', 'ignored', 'unreachable', 'unknown'] as const;

const columnStyle: Readonly<Record<(typeof columns)[number], Style>> = {
  ok: 'green',
  changed: 'yellow',
  skipped: 'dim',
  failed: 'red',
  ignored: 'yellow',
  unreachable: 'red',
  unknown: 'cyan',
};

/** Changes told at the end of a run that was stopped; the journal has them all. */
const MOST_CHANGES = 10;

type RunEnded = StampedEvent & { readonly type: 'run-ended' };

/**
 * The last lines of a run: the hosts, the members before and after; and where it stopped before its goal, what was done,
 * what was under way, what the cluster is now, what to type next. Ends with a newline.
 */
export function renderSummary(story: Story, end: RunEnded, paint: Paint = unpainted): string {
  const stopped = end.outcome !== 'done';
  const sections = [
    hosts(end.totals, paint),
    ...(stopped ? standing(story, paint) : members(story, paint)),
    ...(stopped ? [cause(story, end, paint)] : []),
    waiting(end, paint),
    byHand(end, paint),
    ...(end.next.length === 0 ? [] : [['next:', ...end.next.map(command => `  ${paint('bold', oneLine(command))}`)]]),
    [lastLine(story, end, paint)],
  ];
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`;
}

function hosts(totals: Readonly<Record<string, HostTotals>>, paint: Paint): string[] {
  const all = Object.entries(totals);
  if (all.length === 0) return [];
  const rows = all.map(([host, counts]) => [
    host,
    ...columns.map(c => paint(counts[c] === 0 ? 'dim' : columnStyle[c], String(counts[c]))),
  ]);
  return table(
    [['HOST', ...columns.map(c => c.toUpperCase())].map(title => paint('dim', title)), ...rows],
    [1, 2, 3, 4, 5, 6, 7],
  );
}

function waiting({ waiting: left = [] }: RunEnded, paint: Paint): string[] {
  if (left.length === 0) return [];
  const lines = left.map(({ handler, hosts }) => `  ${paint('yellow', oneLine(handler))}  ${hosts.join(', ')}`);
  return ['handlers that were notified and are still to be done; a resume does them:', ...lines];
}

function members({ before, after }: Story, paint: Paint): string[][] {
  const lines = [
    ...(before
      ? [
          ['members before', memberNames(before)],
          ['', standingLine(before.standing, paint)],
        ]
      : []),
    ...(after
      ? [
          ['members after', memberNames(after)],
          ['', standingLine(after.standing, paint)],
        ]
      : []),
  ];
  return lines.length === 0 ? [] : [table(lines)];
}

function standing(story: Story, paint: Paint): string[][] {
  const { changed, underWay, before, after } = story;
  const seen = after ?? (changed.length === 0 && underWay.length === 0 ? before : undefined);
  const left = changed.length - MOST_CHANGES;
  const done = changed
    .slice(-MOST_CHANGES)
    .flatMap(({ where, changes }) => [`  ${titleOf(where)}`, ...changes.map(change => `    ${changeLine(change)}`)]);
  return [
    changed.length === 0
      ? underWay.length === 0
        ? [`${paint('bold', 'done:')} nothing was changed`]
        : []
      : [paint('bold', 'done:'), ...(left > 0 ? [`  ${count(left, 'change')} before these`] : []), ...done],
    underWay.length === 0
      ? []
      : [paint('bold', 'under way, its outcome not seen:'), ...underWay.map(where => `  ${titleOf(where)}`)],
    seen
      ? [paint('bold', 'the cluster now:'), `  ${memberNames(seen)}`, `  ${standingLine(seen.standing, paint)}`]
      : before
        ? [`${paint('bold', 'the cluster now:')} not seen; quorate status looks`]
        : [],
  ];
}

/** What is left of the course, for whoever can't run the playbook again. */
function byHand({ remaining = [], totals }: RunEnded, paint: Paint): string[] {
  if (remaining.length === 0) return [];
  const home = Object.keys(totals)[0] ?? '';
  const title = 'left to do; running it again looks first, but by hand it would be:';
  return [paint('bold', title), ...byHandLines(remaining, home, paint).map(line => `  ${line}`)];
}

/** What ended the run, and where; then what else went wrong on other hosts. */
function cause({ failures }: Story, { error }: RunEnded, paint: Paint): string[] {
  const known = failures.some(f => f.error.message === error?.message);
  return [
    ...(error && !known ? causeLines('', error, paint) : []),
    ...failures.flatMap(f => causeLines(`${titleOf(f.where)}: `, f.error, paint)),
  ];
}

function causeLines(title: string, error: ErrorReport, paint: Paint): string[] {
  const { message, hint } = errorLines(error);
  const [first = '', ...rest] = message;
  return [
    paint('red', `${title}${first}`),
    ...rest.map(line => paint('red', `  ${line}`)),
    ...(hint === undefined ? [] : [`  → ${hint}`]),
  ];
}

const outcomes: Readonly<Record<RunResult, { readonly text: string; readonly style: Style }>> = {
  done: { text: 'done', style: 'green' },
  failed: { text: 'FAILED', style: 'red' },
  unreachable: { text: 'UNREACHABLE', style: 'red' },
  refused: { text: 'REFUSED', style: 'red' },
  locked: { text: 'LOCKED by another run', style: 'red' },
  interrupted: { text: 'INTERRUPTED', style: 'yellow' },
  defect: { text: 'DEFECT in quorate', style: 'red' },
};

function lastLine({ check, underWay }: Story, { outcome, durationMs, totals }: RunEnded, paint: Paint): string {
  const { text, style } = outcomes[outcome];
  const changed = Object.values(totals).reduce((sum, host) => sum + host.changed, 0);
  const open = underWay.length;
  const parts = check
    ? [`${count(changed, 'change')} would be made`]
    : [
        ...(changed > 0 ? [`${count(changed, 'task')} changed something`] : open > 0 ? [] : ['nothing was changed']),
        ...(open > 0 ? [`${count(open, 'change')} under way, ${open === 1 ? 'its' : 'their'} outcome not seen`] : []),
      ];
  return `${paint(style, text)} after ${duration(durationMs)}: ${parts.join('; ')}`;
}
