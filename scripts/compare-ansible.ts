// Plays the cases of test/language and the examples of docs/language.md by ansible-core too, where it reads them, and writes down where it agrees: test/language/ansible.txt.
// For whoever changes the language; it takes a few seconds a case. With names of cases it only prints those. `apt-get install ansible-core`.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { execa } from 'execa';
import { examplesFolder } from './examples.ts';

const root = 'test/language';
const [version = ''] = (await execa('ansible-playbook', ['--version'])).stdout.split('\n');
const folders = await Promise.all(
  [root, examplesFolder].map(async parent => {
    const entries = await readdir(parent, { withFileTypes: true });
    return entries.flatMap(entry => (entry.isDirectory() ? [join(parent, entry.name)] : [])).toSorted();
  }),
);

const wanted = process.argv.slice(2);
const lines: string[] = [];
for (const folder of folders.flat()) {
  const name = folder.startsWith(root) ? basename(folder) : folder;
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const line = `${name}: ${await compared(folder)}`;
  console.log(line);
  lines.push(line);
}
const about = `Written by scripts/compare-ansible.ts with ${version}: the same tasks, on the same hosts, with the same ends and texts of debug?`;
if (wanted.length === 0) await writeFile(join(root, 'ansible.txt'), `${about}\n\n${lines.join('\n')}\n`);

async function compared(folder: string): Promise<string> {
  const own = withoutRounds(await readFile(join(folder, 'expected.txt'), 'utf8'));
  if (/^error: /m.test(own)) return 'refused here before the run';
  if (await there(join(folder, 'inventory.yml'))) return 'not compared: it has an inventory of its own';
  const told = await toldByAnsible(folder);
  if (typeof told === 'string') return told;
  const shown = textsInJson(told);
  const ours = [...endsIn(own), ...textsIn(own, new Set(shown.map(({ of }) => of)))].toSorted();
  const theirs = [...endsInJson(told), ...shown.map(sayingOf)].toSorted();
  const only = (these: readonly string[], others: readonly string[]) =>
    these.filter(
      (one, i) => these.slice(0, i + 1).filter(it => it === one).length > others.filter(it => it === one).length,
    );
  const [here, elsewhere] = [only(ours, theirs), only(theirs, ours)];
  if (here.length + elsewhere.length === 0) return 'the same';
  return `here ${here.join('; ') || 'the same'} · Ansible ${elsewhere.join('; ') || 'the same'}`;
}

/** What is expected here, without the rounds of includes that stand behind the names of the tasks in them. */
function withoutRounds(expected: string): string {
  let round = '';
  return expected.replaceAll(/^ {2}(enters (.+)|.+? \| .*)$/gm, (line: string, _: string, entered?: string) => {
    if (entered !== undefined) round = /, [^,]+$/.exec(entered)?.[0] ?? '';
    return entered === undefined && round !== '' ? line.replace(`${round} | `, ' | ') : line;
  });
}

/** `name | host: status` of each task as a whole, of what is expected here. */
function endsIn(expected: string): readonly string[] {
  const tasks = [...expected.matchAll(/^ {2}(.+?) \| (\S+)(?: on \S+)?: (\w+)/gm)];
  const whole = tasks.map(([, name = '', host = '', status = '']) => [name, host, status] as const);
  // A loop is told by its items, and then as a whole.
  return whole
    .filter(
      ([name, host], i) => !whole.slice(i + 1).some(([later, on]) => on === host && name.startsWith(`${later}, `)),
    )
    .map(
      ([name, host, status]) =>
        `${name.replace(/, [^,]+$/, '')} | ${host}: ${/^(ignored|rescued)$/.test(status) ? 'failed' : status}`,
    );
}

/** What a `debug` showed: `of` is its name and host. */
interface Saying {
  readonly of: string;
  readonly text: string;
}

function sayingOf({ of, text }: Saying): string {
  return `${of} says ${text}`;
}

/** The texts of the tasks, by name and host, that are `debug` there. */
function textsIn(expected: string, debugs: ReadonlySet<string>): readonly string[] {
  const tasks = [
    ...expected.matchAll(
      /^ {2}(.+?) \| (\S+)(?: on \S+)?: (?:ok|changed)(?:, wakes [^|\n]*[^|\n ])?(?: \| (.*(?:\n(?! {2}|ends|play|warning).*)*))?/gm,
    ),
  ];
  const isLoop = (i: number): boolean => {
    const [before, here] = [tasks[i - 1]?.[1] ?? '', tasks[i]?.[1] ?? ''];
    return before.startsWith(`${here}, `);
  };
  return tasks
    .filter((_, i) => !isLoop(i))
    .map(([, name = '', host = '', text = '']) => ({ of: `${name.replace(/, [^,]+$/, '')} | ${host}`, text }))
    .filter(({ of }) => debugs.has(of))
    .map(sayingOf);
}

async function toldByAnsible(folder: string): Promise<Told | string> {
  const scratch = await mkdtemp(join(tmpdir(), 'quorate-ansible-'));
  try {
    const hosts = ['node001', 'node002', 'node003'].map(
      host => `${host} ansible_connection=local ansible_python_interpreter=/usr/bin/python3 scratch=${scratch}`,
    );
    await writeFile(join(scratch, 'hosts'), `[nodes]\n${hosts.join('\n')}\n`);
    const options = (await readFile(join(folder, 'options.txt'), 'utf8').catch(() => '')).split(/\s+/).filter(Boolean);
    const { stdout, stderr } = await execa(
      'ansible-playbook',
      ['-i', join(scratch, 'hosts'), 'playbook.yml', ...options],
      {
        cwd: resolve(folder),
        reject: false,
        env: {
          ANSIBLE_STDOUT_CALLBACK: 'json',
          ANSIBLE_GATHERING: 'explicit',
          LC_ALL: 'C.UTF-8',
          ANSIBLE_RETRY_FILES_ENABLED: '0',
        },
      },
    );
    const at = stdout.indexOf('{\n    "custom_stats"');
    if (at < 0)
      return `Ansible does not read it: ${(stderr || stdout).split('\n').find(line => /ERROR/.test(line)) ?? ''}`;
    return JSON.parse(stdout.slice(at).replaceAll(scratch, 'SCRATCH'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Told {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    }[];
  }[];
}

function endsInJson({ plays }: Told): readonly string[] {
  return plays
    .flatMap(({ tasks }) => tasks)
    .filter(({ hosts }) => !Object.values(hosts).some(({ action }) => /include_(tasks|role)$/.test(String(action))))
    .flatMap(({ task, hosts }) =>
      Object.entries(hosts).map(([host, result]) => `${nameOf(task)} | ${host}: ${statusOf(result)}`),
    );
}

function nameOf({ name }: { readonly name: string }): string {
  return name.replace(/^\S+ : /, '');
}

/** What `debug` showed; of a loop, in each round. */
function textsInJson({ plays }: Told): readonly Saying[] {
  return plays
    .flatMap(({ tasks }) => tasks)
    .flatMap(({ task, hosts }) =>
      Object.entries(hosts).flatMap(([host, result]) => {
        const rounds: readonly unknown[] = Array.isArray(result.results) ? result.results : [result];
        return /(^|\.)debug$/.test(String(result.action)) ? rounds.flatMap(one => saidIn(one, nameOf(task), host)) : [];
      }),
    );
}

function saidIn(result: unknown, name: string, host: string): readonly Saying[] {
  if (typeof result !== 'object' || result === null || !('msg' in result)) return [];
  if ('skipped' in result || ('failed' in result && result.failed === true)) return [];
  const { msg } = result;
  return [{ of: `${name} | ${host}`, text: typeof msg === 'string' ? msg : JSON.stringify(msg) }];
}

function statusOf(result: Readonly<Record<string, unknown>>): string {
  if (result.unreachable === true) return 'unreachable';
  // Whether it was ignored or rescued, this output does not tell.
  if (result.failed === true) return 'failed';
  if (result.skipped === true) return 'skipped';
  return result.changed === true ? 'changed' : 'ok';
}

async function there(path: string): Promise<boolean> {
  return await readFile(path).then(
    () => true,
    () => false,
  );
}
