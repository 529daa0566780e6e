import { join } from 'node:path';
import { modules } from '../modules/index.ts';
import type { Io } from './io.ts';
import { refuse, writeNew } from './new-files.ts';

/** `quorate new module`: writes a module that works, its cases, and the test that runs them. Leaves alone what is there. */
export async function newModule(io: Io, name: string, folder: string): Promise<number> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    return refuse(io, `${name} is no name of a module`, 'small letters, digits and _, such as time_zone');
  }
  if (modules.some(module => module.name === name))
    return refuse(io, `${name} is a module that there is`, `quorate doc ${name}`);
  const files = new Map([
    [join(folder, `${name}.ts`), moduleText(name)],
    [join(folder, `${name}.cases.ts`), casesText(name)],
    [join(folder, `${name}.test.ts`), testText(name)],
  ]);
  const next = `quorate test ${folder}    runs its cases\nquorate doc ${name}    its reference, where ${folder} lies\n`;
  const taken = ['mts', 'js', 'mjs'].map(ending => join(folder, `${name}.${ending}`));
  return await writeNew(io, files, next, taken);
}

const moduleText = (name: string): string => `import { defineModule, Failure, noRisks, Type } from 'quorate';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export default defineModule({
  kind: 'converge',
  name: '${name}',
  summary: 'Sees to it that a file has a text.',
  description: 'What it relies on, and what it refuses.',
  params: Type.Object(
    {
      path: Type.String({ pattern: '^/', description: 'The file, from the root.' }),
      text: Type.String({ description: 'All that is to stand in it.' }),
    },
    { additionalProperties: false },
  ),
  returns: Type.Object({ path: Type.String({ description: 'The file.' }) }),
  examples: [{ title: 'A greeting', yaml: "- ${name}:\\n    path: /etc/motd\\n    text: welcome" }],
  // True where it can change the members of etcd, or stop one: then the course of a run is shown first.
  weighed: false,

  // Only looks: its probe cannot change anything. It runs in check mode too, and again after \`apply\`.
  async observe(probe, { path, text }) {
    const bytes = await probe.readFile(path);
    const now = bytes && decoder.decode(bytes);
    if (now === text) return { kind: 'same', state: now, result: { path } };
    const before = now === undefined ? 'absent' : now;
    return { kind: 'differs', state: now, changes: [{ what: path, before, after: text }] };
  },

  // What it costs etcd. To guards it is opaque all the same: the members are compared before and after it.
  risks: noRisks,

  // Makes the change. What is wrong is a Failure: the cause, and the host.
  async apply(host, { path, text }) {
    if (path.endsWith('/')) throw new Failure('task-failed', \`\${path} on \${host.name} is a folder\`);
    await host.writeFile(path, encoder.encode(text), 0o644);
    return undefined;
  },

  // How long the effect of \`apply\` may take to be seen, in milliseconds.
  settleMs: () => 0,
});
`;

const casesText = (name: string): string => `import type { ModuleCase } from 'quorate/testing';

const params = { path: '/etc/motd', text: 'welcome' };

/** What ${name} does, as data: its parameters, what the host has, what is expected. */
export const cases: readonly ModuleCase[] = [
  {
    name: 'as it is wanted already',
    params,
    hosts: { node001: { files: { '/etc/motd': 'welcome' } } },
    expect: { changes: 'same', result: { path: '/etc/motd' } },
  },
  {
    name: 'written where it is absent',
    params,
    hosts: { node001: {} },
    expect: {
      changes: [{ what: '/etc/motd', before: 'absent', after: 'welcome' }],
      writes: { 'node001: /etc/motd': 'welcome' },
      result: { path: '/etc/motd' },
    },
  },
  {
    name: 'refuses a folder',
    params: { path: '/etc/', text: 'welcome' },
    hosts: { node001: {} },
    expect: {
      changes: [{ what: '/etc/', before: 'absent', after: 'welcome' }],
      failure: { code: 'task-failed', message: /is a folder/ },
    },
  },
];
`;

const testText = (name: string): string => `import { test } from 'node:test';
import { playCase } from 'quorate/testing';
import { cases } from './${name}.cases.ts';
import ${name} from './${name}.ts';

for (const scene of cases) test(scene.name, () => playCase(${name}, scene));
`;
