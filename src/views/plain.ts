import { executionKey, type StampedEvent, unreachable, type View } from '../core/event.ts';
import type { Change } from '../core/module.ts';
import { renderCourse } from './course.ts';
import { memberNames, standingLine } from './membership.ts';
import { decisionText, resumedLines } from './resume.ts';
import { beginning, tell } from './story.ts';
import { renderSummary } from './summary.ts';
import { changeLine, clean, count, duration, errorLines, hostOf, oneLine, titled } from './words.ts';

/** How the texts of a change are shown; absent without `--diff`. */
export interface Patched {
  readonly patch?: (change: Change) => readonly string[];
}

/** Progress of the same execution is told again after this time. */
const PROGRESS_EVERY_MS = 10_000;

/**
 * For logs: a line an event of interest, its time (UTC), a word to search for, the host, what it is about. What belongs to
 * a line follows it, indented. The end is the same summary as at a terminal.
 */
export function plainView(write: (text: string) => void, { patch }: Patched = {}): View {
  const changeLines = (change: Change) => [changeLine(change), ...(patch?.(change) ?? [])];
  let story = beginning;
  const toldMs = new Map<string, number>();
  const line = (event: StampedEvent, word: string, text: string, more: readonly string[] = []) => {
    const time = new Date(event.atMs).toISOString().slice(11, 19);
    return [`${time} ${word.padEnd(11)} ${text}`, ...more.map(m => `${' '.repeat(21)}${m}`)].join('\n') + '\n';
  };

  const show = (event: StampedEvent): string => {
    switch (event.type) {
      case 'run-started': {
        const inputs = Object.entries(event.inputs).map(([name, value]) => `${name}=${oneLine(JSON.stringify(value))}`);
        const how = event.check ? ', only looking (check mode)' : '';
        return line(event, 'run', `${event.playbook} on ${event.hosts.join(', ')}${how}`, [
          `run ${event.run}`,
          ...inputs,
        ]);
      }
      case 'resumed': {
        const begun = new Date(event.begunAtMs).toISOString().slice(0, 19).replace('T', ' ');
        return line(event, 'resume', `${event.playbook} on ${event.hosts.join(', ')}, begun ${begun}`, [
          `run ${event.run}`,
          ...resumedLines(event),
        ]);
      }
      case 'recalled': {
        const { where, status, again } = event;
        const title = titled(where.name, where.within, where.item);
        return line(event, 'earlier', `${hostOf(where)}: ${title} (${status}${again ? '; looked at again' : ''})`);
      }
      case 'decided':
        return line(event, 'decided', `${hostOf(event.where)}: ${decisionText(event)}`);
      case 'rehearsing':
        return event.at === undefined ? line(event, 'course', 'working it out; nothing is changed') : '';
      case 'membership':
        return line(
          event,
          event.moment === 'between' ? 'members' : event.moment,
          `${memberNames(event.view)}; ${standingLine(event.view.standing)}`,
        );
      case 'course':
        if (event.steps.length === 0) return line(event, 'course', 'no step changes the membership or stops a member');
        return line(
          event,
          'course',
          count(event.steps.length, 'step'),
          renderCourse(event.steps).trimEnd().split('\n'),
        );
      case 'consent':
        return line(event, 'consent', `${event.how}: ${event.to.map(oneLine).join('; ')}`);
      case 'play-started':
        return line(event, 'play', `${oneLine(event.name)} [${event.hosts.join(', ')}]`);
      case 'include-entered':
        return line(event, 'include', `${titled(event.name, event.within)} [${event.hosts.join(', ')}]`);
      case 'task-started':
        return line(
          event,
          event.handler ? 'handler' : 'task',
          `${titled(event.name, event.within)} [${event.hosts.join(', ')}]`,
        );
      case 'progress': {
        const key = executionKey(event.where);
        if (event.atMs - (toldMs.get(key) ?? Number.NEGATIVE_INFINITY) < PROGRESS_EVERY_MS) return '';
        toldMs.set(key, event.atMs);
        return line(event, 'waiting', `${hostOf(event.where)}: ${oneLine(event.progress.text)}`);
      }
      case 'retry': {
        const { attempt, attempts, waitMs, because } = event;
        const text = `try ${attempt} of ${attempts} failed; the next one in ${duration(waitMs)}: ${oneLine(because)}`;
        return line(event, 'retry', `${hostOf(event.where)}: ${text}`);
      }
      case 'judged': {
        const { kind, reason, risk } = event.verdict;
        if (kind === 'safe' && risk.kind === 'configuration') return '';
        return line(event, kind, `${hostOf(event.where)}: ${oneLine(reason)}`);
      }
      case 'changing':
        return line(event, 'changing', hostOf(event.where), event.changes.flatMap(changeLines));
      case 'settling':
        return line(
          event,
          'settling',
          `${hostOf(event.where)}: waiting for its effect, at most ${duration(event.limitMs)}`,
        );
      case 'ended': {
        const { where, status, durationMs, changes, text, error } = event;
        const told = error === undefined ? { message: [] } : errorLines(error);
        return line(
          event,
          status,
          `${hostOf(where)}: ${titled(where.name, where.within, where.item)} (${duration(durationMs)})`,
          [
            // In a real run they were told when they were about to be made.
            ...(story.check ? changes.flatMap(changeLines) : []),
            ...(text === undefined ? [] : clean(text).trimEnd().split('\n')),
            ...told.message,
            ...(told.hint === undefined ? [] : [`→ ${told.hint}`]),
          ],
        );
      }
      case 'warning':
        return line(event, 'warning', oneLine(event.message));
      case 'run-ended':
        return `\n${renderSummary(story, event)}`;
      default:
        return unreachable(event);
    }
  };

  return {
    event(event) {
      story = tell(story, event);
      const text = show(event);
      if (text !== '') write(text);
    },
  };
}
