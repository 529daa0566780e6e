// What linting takes: `node scripts/build.ts && node bench/lint.ts`. One playbook, against an empty Node process (wanted: at most 2.5
// times it); a thousand playbooks, against what parsing their YAML alone takes (wanted: at most 1.5 times it), once with files of their
// own and once with those of the shipped playbooks, which share procedures that are parsed once but checked for each; and against
// Debian's ansible-lint and `ansible-playbook --syntax-check`, on a playbook that all can read. Each is a process of its own, in turns with what it is measured
// against, so that what else the machine does strikes both: read the ratios.
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('..', import.meta.url));
const quorate = join(root, 'dist', 'quorate.js');
const scratch = await mkdtemp(join(tmpdir(), 'quorate-bench-'));

type Command = readonly [name: string, command: string, ...argv: string[]];
const node = (name: string, ...argv: string[]): Command => [name, process.execPath, ...argv];

/** Prints how many times as long as the first each of the commands takes: medians of so many rounds. */
async function compare(title: string, rounds: number, commands: readonly Command[]): Promise<void> {
  const times = new Map<string, number[]>(commands.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, command, ...argv] of commands) {
      const begunMs = performance.now();
      const { failed, all } = await execa(command, argv, { cwd: scratch, all: true, reject: false });
      if (failed) throw new Error(`${name} failed: ${all}`);
      // The first round fills the caches of the machine.
      if (round > 0) times.get(name)?.push(performance.now() - begunMs);
    }
  }
  const median = (name: string): number => times.get(name)?.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  const base = median(commands[0]?.[0] ?? '');
  console.log(title);
  for (const [name] of commands) {
    const ms = median(name);
    console.log(`  ${name.padEnd(44)} ${(ms / base).toFixed(2).padStart(7)} ×  ${ms.toFixed(0).padStart(7)} ms`);
  }
}

/** A playbook of modules and keywords that Ansible has too, with so many tasks. */
const common = (tasks: number): string =>
  `---\n- name: Common\n  hosts: all\n  gather_facts: false\n  vars:\n    folder: /srv\n  tasks:\n${Array.from(
    { length: tasks },
    (_, i) =>
      `    - name: Task ${i}\n      ansible.builtin.command: ls "{{ folder }}/${i}"\n      register: seen${i}\n      changed_when: false\n` +
      `    - name: Show ${i}\n      ansible.builtin.debug:\n        msg: "{{ seen${i}.stdout_lines | length }}"\n      when: seen${i}.rc == 0\n`,
  ).join('')}`;

async function apart(): Promise<string> {
  const folder = join(scratch, 'apart');
  await mkdir(folder);
  for (let i = 0; i < 1000; i += 1) await writeFile(join(folder, `${i}.yml`), common(10));
  return folder;
}

async function shared(): Promise<string> {
  const folder = join(scratch, 'shared');
  await cp(join(root, 'playbooks'), folder, { recursive: true });
  const names = (await readdir(folder)).filter(name => name.endsWith('.yml'));
  for (let i = names.length; i < 1000; i += 1) {
    const name = names[i % names.length] ?? '';
    await cp(join(folder, name), join(folder, `${String(i).padStart(4, '0')}-${name}`));
  }
  return folder;
}

try {
  await writeFile(join(scratch, 'empty.js'), '');
  await writeFile(join(scratch, 'one.yml'), common(10));
  await compare('one playbook', 21, [
    node('an empty Node process', 'empty.js'),
    node('quorate --version', quorate, '--version'),
    node('quorate lint, 20 tasks', quorate, 'lint', 'one.yml'),
    node('quorate lint, add-member and its procedures', quorate, 'lint', join(root, 'playbooks', 'add-member.yml')),
  ]);
  for (const [title, folder] of [
    ['a thousand playbooks of 20 tasks', await apart()],
    ['a thousand copies of the shipped playbooks', await shared()],
  ] as const) {
    await compare(title, 3, [
      node('their YAML parsed', join(root, 'bench', 'parse-yaml.ts'), folder),
      node('quorate lint', quorate, 'lint', folder),
    ]);
  }
  const hasAnsible = (await execa('ansible-lint', ['--version'], { reject: false })).exitCode === 0;
  if (!hasAnsible) console.log('ansible-lint is not here: apt-get install ansible-lint');
  else {
    await compare('a playbook that Ansible can read too', 3, [
      node('quorate lint', quorate, 'lint', 'one.yml'),
      ['ansible-playbook --syntax-check', 'ansible-playbook', '--syntax-check', '-i', 'localhost,', 'one.yml'],
      ['ansible-lint', 'ansible-lint', '--offline', '-q', 'one.yml'],
    ]);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
