// cmsh with a person at it.

import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { newEvents } from './event-output.ts';
import { availableNames, execute } from './execute.ts';
import type { Invocation } from './invocation.ts';
import { formatPrompt } from './location.ts';
import type { Session } from './session.ts';
import { parseCommands } from './tokens.ts';

/** Reads commands from `input` until the session ends. Events appear below the prompt as they come. */
export async function runInteractive(
  session: Session,
  invocation: Invocation,
  input: Readable,
  output: Writable,
): Promise<void> {
  const lines = createInterface({ input, output, terminal: true, historySize: 1000, completer: completer(session) });
  const leaving = new AbortController();
  let busy = false;
  const prompt = (): void => {
    busy = false;
    lines.setPrompt(`${formatPrompt(session.state.headNode, session.location, session.drafts)} `);
    lines.prompt();
  };
  const showEvents = async (): Promise<void> => {
    const state = await session.store.load();
    if (busy || leaving.signal.aborted) return;
    session.state = state;
    const events = newEvents(session, invocation);
    if (events.length === 0) return;
    output.write(`\n${events.join('\n')}\n`);
    lines.prompt(true);
  };
  session.store.watch(() => void showEvents().catch(() => undefined), leaving.signal);
  lines.on('SIGINT', () => {
    output.write('^C\n');
    lines.write(null, { ctrl: true, name: 'u' });
    lines.prompt();
  });
  prompt();
  for await (const line of lines) {
    busy = true;
    await runLine(session, line, output);
    if (session.ended && (await mayLeave(session, invocation, lines))) break;
    session.ended = false;
    prompt();
  }
  leaving.abort();
  lines.close();
}

async function runLine(session: Session, line: string, output: Writable): Promise<void> {
  for (const command of parseCommands(line)) {
    const { text } = await execute(session, command);
    if (text !== '') output.write(`${text}\n`);
    if (session.ended) return;
  }
}

async function mayLeave(session: Session, invocation: Invocation, lines: Interface): Promise<boolean> {
  if (invocation.noQuitConfirmation || session.drafts.dirty().length === 0) return true;
  const { promise, resolve } = Promise.withResolvers<string>();
  lines.question('There are uncommitted changes. Quit anyway? [yes/no] ', resolve);
  return /^y/i.test(await promise);
}

function completer(session: Session): (line: string) => [string[], string] {
  return line => {
    const word = /[^\s;]*$/.exec(line)?.[0] ?? '';
    const { mode } = session.location;
    const objects = mode === undefined ? [] : session.drafts.list(session.state, mode).map(object => object.name);
    return [[...availableNames(session), ...objects].filter(name => name.startsWith(word)), word];
  };
}
