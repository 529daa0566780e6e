import type { EventRecord, State } from './state.ts';

/** How many past events are kept. */
const KEPT = 500;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export type NewEvent = Pick<EventRecord, 'level' | 'host' | 'text'>;

/** Appends to the log of `state`. */
export function logEvent(state: State, timeMs: number, event: NewEvent): void {
  state.events.push({ sequence: lastSequence(state) + 1, timeMs, ...event });
  state.events.splice(0, state.events.length - KEPT);
}

/** The number of the newest event; 0 where there was none yet. */
export function lastSequence(state: State): number {
  return state.events.at(-1)?.sequence ?? 0;
}

/** As in the article: `Tue Apr 5 12:37:13 2022 [notice] node003: Service etcd was restarted`, in local time. */
export function formatEvent(event: EventRecord): string {
  const time = new Date(event.timeMs);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(n => String(n).padStart(2, '0')).join(':');
  const date = `${DAYS[time.getDay()]} ${MONTHS[time.getMonth()]} ${time.getDate()} ${clock} ${time.getFullYear()}`;
  return `${date} [${event.level}] ${event.host}: ${event.text}`;
}
