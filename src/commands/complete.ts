import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { exit, type Io } from './io.ts';
import { shippedNames } from './playbook.ts';

/** What may come next: words, each with what it means, and whether files may. */
interface Offer {
  readonly words: readonly (readonly [word: string, about: string])[];
  readonly files?: true;
}

const nothing: Offer = { words: [] };
const files: Offer = { words: [], files: true };
const named = (words: readonly string[]): Offer => ({ words: words.map(word => [word, '']) });

/**
 * `quorate complete -- WORD…`, which the scripts of `quorate completion` call: what the last word may become, one a line with a tab and what
 * it means; the line `:files` where files may stand there too. `top` is the command line itself, so that all that it knows is offered.
 */
export async function completeCommand(io: Io, top: CommandUnknownOpts, words: readonly string[]): Promise<number> {
  const last = words.at(-1) ?? '';
  const offer = await offerFor(io, top, words.slice(0, -1), last);
  const fitting = offer.words.filter(([word]) => word.startsWith(last));
  for (const [word, about] of fitting) io.out.write(`${word}\t${about.split('\n')[0] ?? ''}\n`);
  if (offer.files) io.out.write(':files\n');
  return exit.done;
}

async function offerFor(io: Io, top: CommandUnknownOpts, before: readonly string[], last: string): Promise<Offer> {
  const { command, given, option } = placeAfter(top, before);
  if (command.name() === 'lab') {
    // A command line of its own, which reads what stands after its name.
    const { labProgram } = await import('./lab.ts');
    const { lab } = labProgram(io, new AbortController().signal);
    return offerFor(io, lab, before.slice(before.indexOf('lab') + 1), last);
  }
  if (option) {
    if (option.argChoices) return named(option.argChoices);
    return /<(file|folder|path)>/.test(option.flags) ? files : nothing;
  }
  if (last.startsWith('-')) {
    const options = command.createHelp().visibleOptions(command);
    return { words: options.flatMap(({ long, description }) => (long ? [[long, description] as const] : [])) };
  }
  const commands = given.length > 0 ? [] : command.createHelp().visibleCommands(command);
  const argument = await argumentOf(io, command, given);
  return { ...argument, words: [...commands.map(one => [one.name(), one.description()] as const), ...argument.words] };
}

/** Where a command line stands after these words: in which command, with which arguments, and in the value of which option. */
function placeAfter(top: CommandUnknownOpts, words: readonly string[]) {
  let command = top;
  let given: readonly string[] = [];
  let option: CommandUnknownOpts['options'][number] | undefined;
  for (const word of words) {
    if (option) option = undefined;
    else if (word.startsWith('-')) {
      const known = command.options.find(one => one.short === word || one.long === word);
      option = known?.required || known?.optional ? known : undefined;
    } else {
      const sub = given.length === 0 ? command.commands.find(one => one.name() === word) : undefined;
      if (sub) command = sub;
      else given = [...given, word];
    }
  }
  return { command, given, option };
}

async function argumentOf(io: Io, command: CommandUnknownOpts, given: readonly string[]): Promise<Offer> {
  const all = command.registeredArguments;
  const argument = all[given.length] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  if (!argument) return nothing;
  if (argument.argChoices) return named(argument.argChoices);
  switch (`${command.name()} ${argument.name()}`) {
    case 'run playbook':
    case 'plan playbook':
      return { ...named(await shippedNames(io)), files: true };
    case 'resume run':
    case 'show run': {
      const { pastRuns } = await import('./past.ts');
      const { stateDirectory } = await import('./state.ts');
      const runs = await pastRuns(stateDirectory(io));
      return named(runs.map(({ run }) => run));
    }
    case 'schema name': {
      const { schemas } = await import('./schemas.ts');
      return { words: Object.entries(schemas).map(([name, { about }]) => [name, about]) };
    }
    case 'doc kind':
    case 'doc name': {
      const { docEntries, kinds } = await import('./doc-entries.ts');
      const [kind] = given;
      const entries = (await docEntries(io)).filter(entry => kind === undefined || entry.kind === kind);
      const lists = kind === undefined ? Object.values(kinds) : [];
      return { words: [...named(lists).words, ...entries.map(({ name, summary }) => [name, summary] as const)] };
    }
    default:
      return argument.name() === 'path' ? files : nothing;
  }
}
