// cmsh without a person: commands from -c, -f or standard input, and the exit status. How the real one reports errors
// is its least known side; the profiles are three ways that people have seen or the manual suggests.

import { newEvents, printableEvents } from './event-output.ts';
import { execute } from './execute.ts';
import type { Invocation } from './invocation.ts';
import { type Answer, answer, type Session } from './session.ts';
import type { Command } from './tokens.ts';

export interface Output {
  out(line: string): void;
  err(line: string): void;
}

/**
 * Runs `commands` one after the other and returns the exit status.
 * - strict: errors on standard error, 1 if there was any;
 * - lax and silent: errors on standard output, 1 only if the very last command failed.
 */
export async function runBatch(
  session: Session,
  commands: readonly Command[],
  invocation: Invocation,
  output: Output,
): Promise<number> {
  let failures = 0;
  let lastFailed = false;
  for (const [index, command] of commands.entries()) {
    if (session.ended) break;
    if (invocation.echo) output.out(command.source);
    const result = await execute(session, command);
    print(session, result, output);
    if (invocation.controlFlag) output.out('\x03');
    for (const line of printableEvents(session, invocation)) output.out(line);
    if (result.failed) failures += 1;
    lastFailed = result.failed && index === commands.length - 1;
    if (result.failed && invocation.quitOnError) break;
  }
  session.state = await session.store.load();
  for (const event of newEvents(session, invocation)) output.out(event);
  const bad = session.state.profile === 'strict' ? failures > 0 : lastFailed;
  return bad ? 1 : 0;
}

function print(session: Session, { text, failed }: Answer, output: Output): void {
  if (text === '') return;
  if (failed && session.state.profile === 'strict') output.err(text);
  else output.out(text);
}

/** What cmsh says where CMDaemon doesn't answer; it then goes on without modes. */
export const NOT_CONNECTED: Answer = answer("CMMain::verifyAPI, rpc: Couldn't resolve host name.\nNot connected!");
