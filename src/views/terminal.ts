import { type StampedEvent, unreachable, type View, type Where } from '../core/event.ts';
import type { Clock } from '../core/host.ts';
import type { Change } from '../core/module.ts';
import { TaskBoard } from './board.ts';
import { renderCourse } from './course.ts';
import { renderMembership } from './membership.ts';
import { painter } from './paint.ts';
import { decisionText, resumedLines } from './resume.ts';
import { type Output, Screen } from './screen.ts';
import { beginning, tell } from './story.ts';
import { renderSummary } from './summary.ts';
import { asciiMarks, unicodeMarks } from './task-lines.ts';
import { endOf, recalledEnd } from './task-state.ts';
import { changeLine, count, duration, oneLine, titled } from './words.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  readonly clock: Clock;
  /** False where the terminal shows ASCII only. */
  readonly unicode?: boolean;
  /** How the texts of a change are shown; absent without `--diff`. */
  readonly patch?: (change: Change) => readonly string[];
}

export interface TerminalView extends View {
  /** Shows what is known, then leaves the terminal alone while `ask` runs. */
  quiet<T>(ask: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const FOOTER = 'Ctrl-C stops after this step; a second one stops at once';

/** For people at a terminal: what was done, above what is going on. listr2 only shows; the events say what happens. */
export function terminalView(out: Output, { colour, clock, unicode = true, patch }: TerminalOptions): TerminalView {
  const paint = painter(colour);
  const screen = new Screen(
    out,
    clock,
    { paint, marks: unicode ? unicodeMarks : asciiMarks, ...(patch ? { patch } : {}) },
    FOOTER,
  );
  const boards = new Map<string, TaskBoard>();
  const open = new Set<TaskBoard>();
  let story = beginning;
  let alone = false;
  /** What failed while listr2 drew; told with the next event, so that this view is left out from then on. */
  let broken: unknown;

  const begin = (key: string, name: string, within: readonly string[], hosts: readonly string[], nowMs: number) => {
    // The rounds stand above it, where their include was entered.
    const board = new TaskBoard(screen, oneLine(name), within.length, alone, hosts, nowMs);
    boards.set(key, board);
    open.add(board);
    void board.run
      .catch((error: unknown) => {
        broken ??= error;
      })
      .then(() => open.delete(board));
    return board;
  };
  /** The board of an execution; a new one where none was begun, as for an include that is left out. */
  const boardOf = (where: Where): TaskBoard => {
    const board = boards.get(keyOf(where));
    if (board?.has(where.host)) return board;
    return begin(keyOf(where), where.name, where.within, [where.host], clock.now());
  };
  /** Until listr2 has told the renderer of all that has ended. */
  const settled = () => Promise.allSettled([...open].filter(board => board.ended).map(board => board.run));

  const show = (event: StampedEvent): void => {
    switch (event.type) {
      case 'run-started': {
        const inputs = Object.entries(event.inputs).map(
          ([name, value]) => `  ${name} = ${oneLine(JSON.stringify(value))}`,
        );
        const how = event.check ? '  check mode: only looking' : '';
        const title = `${paint('bold', event.playbook)}  ${paint('dim', event.run)}${paint('cyan', how)}`;
        screen.say([title, ...inputs.map(input => paint('dim', input)), ''].join('\n'));
        break;
      }
      case 'resumed': {
        const title = `${paint('bold', event.playbook)}  ${paint('dim', event.run)}${paint('cyan', '  resumed')}`;
        screen.say([title, ...resumedLines(event).map(text => paint('dim', `  ${text}`)), ''].join('\n'));
        break;
      }
      case 'recalled':
        // What is done again is told by its end.
        if (!event.again) boardOf(event.where).end(event.where, recalledEnd(event));
        break;
      case 'decided':
        screen.say(`  ${paint('yellow', decisionText(event))}\n`);
        break;
      case 'rehearsing':
        screen.busy('working out the course; nothing is changed');
        break;
      case 'membership':
        if (event.moment === 'before') screen.say(`\n${renderMembership(event.view, paint)}`);
        break;
      case 'course':
        screen.say(
          `\n${paint('bold', 'The course')}\n${renderCourse(event.steps, { paint, columns: screen.look.columns })}`,
        );
        break;
      case 'consent':
        if (event.how !== 'typed') screen.say(`agreed to by ${event.how}: ${count(event.to.length, 'step')}\n`);
        break;
      case 'play-started':
        alone = event.hosts.length === 1;
        screen.say(`\n${paint('bold', oneLine(event.name))}  ${paint('dim', event.hosts.join(', '))}\n`);
        break;
      case 'include-entered': {
        const depth = ' '.repeat(2 * Math.max(1, event.within.length));
        screen.say(`${depth}${paint('bold', titled(event.name, event.within))}\n`);
        break;
      }
      case 'task-started':
        begin(keyOf(event), event.name, event.within, event.hosts, event.atMs);
        break;
      case 'progress': {
        const { text, fraction } = event.progress;
        const wait = fraction === undefined ? {} : { fraction };
        boardOf(event.where).waits(event.where.host, text, wait);
        break;
      }
      case 'retry': {
        const { attempt, attempts, waitMs, because } = event;
        const text = `${because}; try ${attempt + 1} of ${attempts}`;
        const wait = { untilMs: event.atMs + waitMs };
        boardOf(event.where).waits(event.where.host, text, wait);
        break;
      }
      case 'judged':
        boardOf(event.where).row(event.where.host)?.verdicts.push(event.verdict);
        break;
      case 'changing': {
        const text = `making the change: ${event.changes.map(changeLine).join('; ')}`;
        boardOf(event.where).waits(event.where.host, text, {});
        break;
      }
      case 'settling': {
        const text = `waiting for its effect, at most ${duration(event.limitMs)}`;
        boardOf(event.where).waits(event.where.host, text, { sinceMs: event.atMs });
        break;
      }
      case 'ended':
        boardOf(event.where).end(event.where, endOf(event));
        break;
      case 'warning':
        screen.say(`  ${paint('yellow', `warning: ${oneLine(event.message)}`)}\n`);
        break;
      case 'run-ended':
        for (const board of open) board.stop(event.atMs);
        screen.say(`\n${renderSummary(story, event, paint)}`);
        break;
      default:
        unreachable(event);
    }
  };

  return {
    event(event) {
      if (broken !== undefined) throw broken;
      story = tell(story, event);
      if (event.type !== 'rehearsing') screen.busy('');
      show(event);
    },
    async quiet(ask) {
      await settled();
      screen.pause();
      try {
        return await ask();
      } finally {
        screen.resume();
      }
    },
    async close() {
      for (const board of open) board.stop(clock.now());
      await settled();
      screen.close();
    },
  };
}

function keyOf({ task, within }: Pick<Where, 'task' | 'within'>): string {
  return JSON.stringify([task, within]);
}
