// Events among cmsh's output.
import { formatEvent, lastSequence } from './events.ts';
import type { Invocation } from './invocation.ts';
import type { Session } from './session.ts';

/** The lines of events that came since the last call; none where events are hidden. */
export function newEvents(session: Session, invocation: Invocation): string[] {
  const fresh = session.state.events.filter(event => event.sequence > session.eventsSeen);
  session.eventsSeen = lastSequence(session.state);
  if (invocation.hideEvents) return [];
  return fresh.map(event => {
    const line = formatEvent(event);
    if (!invocation.color) return line;
    return `\x1b[${event.level === 'warning' ? '33' : '32'}m${line}\x1b[0m`;
  });
}

/** As `newEvents`; with the fault eventsInOutput there is always a line, hidden or not. */
export function printableEvents(session: Session, invocation: Invocation): string[] {
  const lines = newEvents(session, invocation);
  if (!session.state.faults.eventsInOutput || lines.length > 0) return lines;
  const last = session.state.events.at(-1);
  const made = {
    sequence: 0,
    timeMs: 0,
    level: 'notice',
    host: session.state.headNode,
    text: 'Service ntpd was restarted',
  } as const;
  return [formatEvent(last ?? made)];
}
