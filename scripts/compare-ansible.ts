// Plays the cases of test/language by ansible-core too, where it reads them, and writes down where it agrees: test/language/ansible.txt.
// For whoever changes the language; it takes a few seconds a case. `apt-get install ansible-core`.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const root = 'test/language';
const [version = ''] = (await execa('ansible-playbook', ['--version'])).stdout.split('\n');
const entries = await readdir(root, { withFileTypes: true });
const names = entries.flatMap(entry => (entry.isDirectory() ? [entry.name] : [])).toSorted();

const lines: string[] = [];
for (const name of names) {
  const line = `${name}: ${await compared(join(root, name))}`;
  console.log(line);
  lines.push(line);
}
const about = `Written by scripts/compare-ansible.ts with ${version}: the same tasks, on the same hosts, with the same ends?`;
await writeFile(join(root, 'ansible.txt'), `${about}\n\n${lines.join('\n')}\n`);

async function compared(folder: string): Promise<string> {
  const own = await readFile(join(folder, 'expected.txt'), 'utf8');
  if (/^error: /m.test(own)) return 'refused here before the run';
  if (await there(join(folder, 'inventory.yml'))) return 'not compared: it has an inventory of its own';
  const ours = endsIn(own);
  const theirs = await endsOfAnsible(folder);
  if (typeof theirs === 'string') return theirs;
  const only = (these: readonly string[], others: readonly string[]) => these.filter(one => !others.includes(one));
  const [here, elsewhere] = [only(ours, theirs), only(theirs, ours)];
  if (here.length + elsewhere.length === 0 && ours.length === theirs.length) return 'the same';
  const counts = here.length + elsewhere.length === 0 ? ` (${ours.length} ends here, ${theirs.length} there)` : '';
  return `here ${here.join('; ') || 'the same'} · Ansible ${elsewhere.join('; ') || 'the same'}${counts}`;
}

/** `name | host: status` of each task as a whole, of what is expected here. */
function endsIn(expected: string): readonly string[] {
  const tasks = [...expected.matchAll(/^ {2}(.+?) \| (\S+)(?: on \S+)?: (\w+)/gm)];
  const whole = tasks.map(([, name = '', host = '', status = '']) => [name, host, status] as const);
  // A loop is told by its items, and then as a whole; a round of an include stands behind the name.
  return whole
    .filter(
      ([name, host], i) => !whole.slice(i + 1).some(([later, on]) => on === host && name.startsWith(`${later}, `)),
    )
    .map(
      ([name, host, status]) =>
        `${name.replace(/, [^,]+$/, '')} | ${host}: ${/^(ignored|rescued)$/.test(status) ? 'failed' : status}`,
    )
    .toSorted();
}

async function endsOfAnsible(folder: string): Promise<readonly string[] | string> {
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
    return endsInJson(JSON.parse(stdout.slice(at)));
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
      Object.entries(hosts).map(
        ([host, result]) => `${task.name.replace(/^\S+ : /, '')} | ${host}: ${statusOf(result)}`,
      ),
    )
    .toSorted();
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
