// From a command to its answer: which command it is, whether it exists here, and `mode command` in one line.
import type { CommandDescription } from './commands/command.ts';
import { commitCommands } from './commands/commit.ts';
import { listCommands } from './commands/list.ts';
import { navigationCommands } from './commands/navigate.ts';
import { objectCommands } from './commands/objects.ts';
import { otherCommands } from './commands/other.ts';
import { powerCommands } from './commands/power.ts';
import { propertyCommands } from './commands/properties.ts';
import { levelOf } from './location.ts';
import { type Answer, answer, failure, type Session } from './session.ts';
import type { ObjectKind } from './state.ts';
import { type Command, parseCommands, type Word } from './tokens.ts';

const MODES: readonly ObjectKind[] = ['category', 'configurationoverlay', 'device', 'etcd'];

const COMMANDS: readonly CommandDescription[] = [
  ...navigationCommands,
  ...objectCommands,
  ...propertyCommands,
  ...listCommands,
  ...commitCommands,
  ...powerCommands,
  ...otherCommands,
];

/** Runs one command on the newest state. Never rejects but where the state can't be read or written. */
export async function execute(session: Session, command: Command): Promise<Answer> {
  if (command.problem !== undefined) return failure(command.problem);
  session.state = await session.store.load();
  return dispatch(session, command.words);
}

/** The names of what can be typed here: commands and modes. */
export function availableNames(session: Session): string[] {
  const modes = session.connected ? MODES : [];
  return [...available(session).flatMap(command => command.names), 'help', ...modes].sort();
}

async function dispatch(session: Session, words: readonly Word[]): Promise<Answer> {
  const [head, ...rest] = words;
  const name = head?.text ?? '';
  if (name === 'help' || name === '?') return answer(help(session));
  const command = available(session).find(candidate => candidate.names.includes(name));
  if (command !== undefined) return command.run(session, rest, executeAll);
  const mode = session.connected ? MODES.find(candidate => candidate === name) : undefined;
  if (mode === undefined) return failure(`Command not found: ${name}`);
  const before = session.location;
  session.location = { mode };
  if (rest.length === 0) return answer();
  // `device status` stays where it was; `device use node001` goes there.
  const result = await dispatch(session, rest);
  if (session.location.object === undefined) session.location = before;
  return result;
}

async function executeAll(session: Session, source: string): Promise<Answer> {
  const answers: Answer[] = [];
  for (const command of parseCommands(source)) {
    const { problem, words } = command;
    answers.push(problem === undefined ? await dispatch(session, words) : failure(problem));
  }
  const text = answers.map(each => each.text).filter(line => line !== '');
  return { text: text.join('\n'), failed: answers.some(each => each.failed) };
}

function available(session: Session): CommandDescription[] {
  const level = levelOf(session.location);
  const { mode } = session.location;
  return COMMANDS.filter(
    ({ levels, modes }) =>
      (levels === undefined || levels.includes(level)) &&
      (modes === undefined || (mode !== undefined && modes.includes(mode))),
  );
}

function help(session: Session): string {
  const commands = available(session).map(({ usage, summary }) => `${usage.padEnd(44)} ${summary}`);
  const modes = session.connected ? [`Modes: ${MODES.join(', ')}`] : [];
  return [...commands.sort(), ...modes].join('\n');
}
