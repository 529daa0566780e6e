import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closestMatch } from 'leven';
import { modules } from '../modules/index.ts';
import { exit, type Io } from './io.ts';
import { findModules, missingFolders } from './own-modules.ts';
import { loadPlaybook } from './playbook.ts';
import { inputsReference, moduleReference } from './reference.ts';
import { report } from './report.ts';

/** The comment at the head of a shipped playbook, without its marks: what it is for, and how it is called. */
async function shippedPlaybooks(io: Io): Promise<ReadonlyMap<string, string>> {
  const folder = join(io.packageRoot, 'playbooks');
  const files = (await readdir(folder)).filter(file => file.endsWith('.yml')).sort();
  const read = files.map(async file => {
    const head = /^(#.*\n)*/.exec(await readFile(join(folder, file), 'utf8'))?.[0] ?? '';
    return [file.replace(/\.yml$/, ''), head.replace(/^# ?/gm, '').trim()] as const;
  });
  return new Map(await Promise.all(read));
}

/** `quorate doc`: the list of modules and shipped playbooks, or the reference of one: of a playbook its head and its inputs. */
export async function docCommand(
  io: Io,
  name: string | undefined,
  options: { snippet?: true; modules?: readonly string[] },
): Promise<number> {
  const playbooks = await shippedPlaybooks(io);
  if (name === undefined) {
    const width = Math.max(...[...modules.map(m => m.name), ...playbooks.keys()].map(n => n.length)) + 2;
    const list = (rows: readonly (readonly [string, string])[]) =>
      rows.map(([key, text]) => `  ${key.padEnd(width)}${text}\n`).join('');
    const byName = modules.toSorted((a, b) => a.name.localeCompare(b.name));
    io.out.write(`Modules\n${list(byName.map(m => [m.name, m.summary]))}`);
    const firstSentence = (text: string) => text.split(/\.\s/)[0] ?? '';
    io.out.write(`\nShipped playbooks\n${list([...playbooks].map(([key, text]) => [key, firstSentence(text)]))}`);
    io.out.write('\nquorate doc NAME shows one; --snippet a task to paste.\n');
    return exit.done;
  }
  const missing = await missingFolders(io, options.modules ?? []);
  if (missing.length > 0) {
    await report(io, missing);
    return exit.invalid;
  }
  const wanted = name.replace(/^ansible\.builtin\./, '');
  const module =
    modules.find(m => m.name === wanted) ?? (await findModules(io, options.modules ?? [])(wanted, 'any.yml'));
  if (module && 'why' in module) {
    io.err.write(`quorate: ${module.why}\n  → ${module.hint}\n`);
    return exit.invalid;
  }
  if (module) {
    io.out.write(options.snippet ? `${module.examples[0]?.yaml ?? `- ${module.name}:`}\n` : moduleReference(module));
    return exit.done;
  }
  const playbook = playbooks.get(wanted);
  if (playbook !== undefined && !options.snippet) {
    const { value, diagnostics } = await loadPlaybook(io, wanted);
    await report(io, diagnostics);
    const inputs = value ? inputsReference(value) : '';
    io.out.write(`${playbook}\n${inputs === '' ? '' : `\n${inputs}`}`);
    return value ? exit.done : exit.invalid;
  }
  const near = closestMatch(wanted, [...modules.map(m => m.name), ...playbooks.keys()]);
  io.err.write(`quorate: there is no module or shipped playbook ${wanted}; did you mean ${near}?\n`);
  io.err.write('  → quorate doc lists them all\n');
  return exit.usage;
}
