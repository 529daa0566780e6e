import { join } from 'node:path';
import type { Io } from './io.ts';
import { refuse, schemaLine, writeNew } from './new-files.ts';

/** `quorate new role`: tasks, handlers, defaults and argument specs that lint as they are. Leaves alone what is there. */
export async function newRole(io: Io, name: string, folder: string): Promise<number> {
  if (!/^[a-z][a-z0-9_-]*$/.test(name)) {
    return refuse(
      io,
      `${name} is no name of a role`,
      'small letters, digits, - and _, such as time_zone; --folder says where',
    );
  }
  const dir = join(folder, name);
  // The role's names begin with its own, so that no two roles mean different things by one.
  const path = `${name.replaceAll('-', '_')}_path`;
  const tasks = join(dir, 'tasks/main.yml');
  const handlers = join(dir, 'handlers/main.yml');
  const specs = join(dir, 'meta/argument_specs.yml');
  const files = new Map([
    [tasks, schemaLine(io, tasks, 'tasks') + tasksText(name, path)],
    [handlers, schemaLine(io, handlers, 'tasks') + handlersText(name, path)],
    [join(dir, 'defaults/main.yml'), defaultsText(name, path)],
    [specs, schemaLine(io, specs, 'argument-specs') + specsText(name, path)],
  ]);
  const next = `quorate lint ${dir}    what can be known before a run

In a play of a playbook beside ${folder}/:

  roles:
    - role: ${name}
      ${path}: /tmp/${name}
`;
  return await writeNew(io, files, next, [dir]);
}

const tasksText = (name: string, path: string): string => `- name: There is {{ ${path} }}
  file:
    path: "{{ ${path} }}"
    state: directory
    mode: "0755"
  notify: ${name} has changed
`;

const handlersText = (name: string, path: string): string => `- name: ${name} has changed
  debug:
    msg: "{{ ${path} }} is new on {{ inventory_hostname }}"
`;

const defaultsText = (
  name: string,
  path: string,
): string => `# What ${name} takes where it is given nothing else; meta/argument_specs.yml says what these are.
${path}: /tmp/${name}
`;

const specsText = (name: string, path: string): string => `argument_specs:
  main:
    short_description: What ${name} does, in one sentence
    options:
      ${path}:
        type: path
        description: The folder that there is to be
`;
