import { stripVTControlCharacters } from 'node:util';
import prettyMilliseconds from 'pretty-ms';
import type { ErrorReport, Status, Where } from '../core/event.ts';
import type { VerdictKind } from '../core/guard.ts';
import type { Change } from '../core/module.ts';
import type { Style } from './paint.ts';

/** Text from a host or a playbook, made safe for a terminal: no escape sequences, no control characters but newlines. */
export function clean(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '  ')
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '');
}

/** The same on one line. */
export function oneLine(text: string): string {
  return clean(text).replaceAll(/\s+/g, ' ').trim();
}

/** `12ms`, `1.2s`, `1m 42s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  return prettyMilliseconds(ms, { secondsDecimalDigits: ms < 60_000 ? 1 : 0 });
}

/** The same for columns of times: `0.3s` and `7.0s` end at the same place. */
export function took(ms: number): string {
  if (ms < 100) return `${Math.round(ms)}ms`;
  return ms < 60_000 ? `${(Math.floor(ms / 100) / 10).toFixed(1)}s` : duration(ms);
}

/** How long something is going on already: whole seconds; empty in the first one. */
export function elapsed(ms: number): string {
  return ms < 1000 ? '' : prettyMilliseconds(Math.floor(ms / 1000) * 1000, { secondsDecimalDigits: 0 });
}

/** A name with the rounds it stands in, where it does not say them itself: `Add a member (node002)`. */
export function titled(name: string, within: readonly string[], item?: string): string {
  const text = oneLine(name);
  const rounds = [...within, ...(item === undefined ? [] : [item])].map(oneLine).filter(r => r && !text.includes(r));
  return rounds.length === 0 ? text : `${text} (${rounds.join(', ')})`;
}

/** `headnode`, or `headnode on node002` where it is delegated. */
export function hostOf(where: Where): string {
  return where.on === where.host ? where.host : `${where.host} on ${where.on}`;
}

/** One execution of a task, in a line: `6.2 Add node002 as a learner, headnode`. */
export function titleOf(where: Where): string {
  return `${titled(where.name, where.within, where.item)}, ${hostOf(where)}`;
}

/** `nodes: node001 → node001,node002`. */
export function changeLine({ what, before, after }: Change): string {
  if (before === undefined && after === undefined) return oneLine(what);
  if (before === undefined) return `${oneLine(what)}: ${oneLine(after ?? '')}`;
  return `${oneLine(what)}: ${oneLine(before) || 'nothing'} → ${oneLine(after ?? '') || 'nothing'}`;
}

/** The lines of an error: the message, the code, the place; the hint apart. */
export function errorLines(error: ErrorReport): { readonly message: readonly string[]; readonly hint?: string } {
  const message = `${clean(error.message)} [${error.code}]${error.place === undefined ? '' : ` at ${error.place}`}`;
  return { message: message.split('\n'), ...(error.hint === undefined ? {} : { hint: oneLine(error.hint) }) };
}

export const statusStyle: Readonly<Record<Status, Style>> = {
  ok: 'green',
  changed: 'yellow',
  skipped: 'dim',
  failed: 'red',
  ignored: 'yellow',
  rescued: 'yellow',
  unreachable: 'red',
  unknown: 'cyan',
};

export const verdictStyle: Readonly<Record<VerdictKind, Style>> = {
  safe: 'green',
  fragile: 'yellow',
  interrupts: 'yellow',
  refused: 'red',
};

/** `1 voter`, `3 voters`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
