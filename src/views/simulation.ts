import { unreachable, type Where } from '../core/event.ts';
import type { KillPoint, SimulationFinding, SimulationReport } from '../core/simulation.ts';
import { wrap } from './columns.ts';
import type { Paint } from './paint.ts';
import { count, oneLine, titled } from './words.ts';

/** What comes of a run that is killed, for people: a line where all is well, and one for each way in which it is not. */
export function simulationLines(report: SimulationReport, paint: Paint, columns: number): string[] {
  const { boundaries, states, chains, asks, failed, findings, anew, untold, untoldAnew } = report;
  const end = failed === 0 ? 'each time resumed to the same end' : `${count(failed, 'resume')} ended otherwise`;
  const lines = [
    `killed at ${count(boundaries, 'boundary', 'boundaries')} (${count(states, 'different state')}), ${end}`,
    ...(chains
      ? [
          `killed ${count(chains.kills, 'time')} at random in ${count(chains.runs, 'run')}, up to ${chains.longest} times a run, ` +
            `the resumes too (seed ${chains.seed}, ${count(chains.states, 'different state')})`,
        ]
      : []),
    ...(asks.length === 0 ? [] : [`${count(asks.length, 'resume')} would ask whether this was done: ${namesOf(asks)}`]),
    ...(untold === 0 ? [] : [`of ${count(untold, 'resume')} only the hosts can tell the end`]),
    ...(anew.length === 0 && findings.length === 0
      ? [`begun anew instead of resumed: the same end each time${unlessUntold(untoldAnew)}`]
      : []),
  ].map(line => paint(failed === 0 ? 'green' : 'dim', line));
  const room = Math.max(30, columns - 4);
  const told = (all: readonly SimulationFinding[], style: 'red' | 'yellow', how: string) =>
    all
      .flatMap(finding => [`${how}, ${textOf(finding)}`, ...(finding.hint === undefined ? [] : [`→ ${finding.hint}`])])
      .flatMap(line => wrap(oneLine(line), room).map((part, i) => paint(style, `${i === 0 ? '  ' : '    '}${part}`)));
  return [
    paint('bold', 'Killed anywhere'),
    ...lines,
    ...told(findings, 'red', 'resumed'),
    ...told(anew, 'yellow', 'begun anew instead of resumed'),
  ];
}

/** A look at a host would show that something is done already. */
function unlessUntold(untoldAnew: number): string {
  return untoldAnew === 0 ? '' : `, but for ${untoldAnew} of which only the hosts can tell`;
}

function textOf({ kind, outcome, message, times, killed: [first = []] }: SimulationFinding): string {
  const at = first.map(pointText).join(', then ');
  const others = times === 1 ? '' : ` (and ${count(times - 1, 'time')} more)`;
  return `killed ${at}${others}: ${kind === 'stops' ? `it would end as ${outcome}: ` : ''}${message}`;
}

function pointText({ moment, where }: KillPoint): string {
  const task = where ? taskText(where) : 'the run';
  switch (moment) {
    case 'begun':
      return 'at the beginning';
    case 'announced':
      return `before the change of ${task} was made`;
    case 'in part':
      return `when ${task} was committed and BCM had not acted on it`;
    case 'made':
      return `when ${task} was made and its end not written`;
    case 'ended':
      return `after ${task}`;
    default:
      return unreachable(moment);
  }
}

function namesOf(points: readonly KillPoint[]): string {
  return [...new Set(points.flatMap(({ where }) => (where ? [taskText(where)] : [])))].join(', ');
}

function taskText({ name, within, item, on }: Where): string {
  return `“${titled(name, within, item)}” on ${on}`;
}
