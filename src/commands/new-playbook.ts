import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findCmsh } from './hosts.ts';
import type { Io } from './io.ts';
import { refuse, schemaLine, writeNew } from './new-files.ts';
import { shippedNames } from './playbook.ts';

const INVENTORY = 'hosts.yml';

/**
 * `quorate new playbook`: one that lints and runs as it is; where there is neither cmsh nor an inventory, with one that has this machine.
 * Leaves alone what is there.
 */
export async function newPlaybook(io: Io, given: string, folder: string): Promise<number> {
  const name = given.replace(/\.ya?ml$/, '');
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) {
    return refuse(
      io,
      `${given} is no name of a playbook`,
      'letters, digits, - and _, such as check-disks; --folder says where',
    );
  }
  if ((await shippedNames(io)).includes(name)) {
    return refuse(
      io,
      `${name} is a playbook that quorate brings`,
      `take another name; quorate doc ${name} shows that one`,
    );
  }
  const path = join(folder, `${name}.yml`);
  const inventory = join(folder, INVENTORY);
  const isHeadNode = (await findCmsh(io)) !== undefined;
  const hasInventory = await access(resolve(io.cwd, inventory)).then(
    () => true,
    () => false,
  );
  const typed = `${path}${isHeadNode ? '' : ` -i ${inventory}`}`;
  const files = new Map([[path, playbookText(schemaLine(io, path, 'playbook'), name, typed)]]);
  if (!isHeadNode && !hasInventory) files.set(inventory, inventoryText(schemaLine(io, inventory, 'inventory')));
  const next = [
    ['quorate lint', path, 'what can be known before a run'],
    ['quorate run', `${typed} --check`, 'what it would change; changes nothing'],
    ['quorate run', typed, 'runs it'],
  ].map(([command, words, about]) => `${command} ${words}`.padEnd(28 + typed.length) + about);
  return await writeNew(io, files, `${next.join('\n')}\n`, [join(folder, `${name}.yaml`)]);
}

const playbookText = (
  line: string,
  name: string,
  typed: string,
): string => `${line}# ${name}: what it is for, in one sentence.
#
#   quorate run ${typed} -e folder=/var/tmp/${name}
- name: ${name}
  hosts: all
  params:
    folder:
      description: The folder that there is to be
      type: string
      pattern: ^/
      default: /tmp/${name}
  tasks:
    - name: There is {{ folder }}
      file:
        path: "{{ folder }}"
        state: directory
        mode: "0755"
      register: made

    - name: Say whether it was there
      debug:
        msg: "{{ folder }} {{ 'is new' if made.changed else 'was there' }} on {{ inventory_hostname }}"
`;

const inventoryText = (line: string): string => `${line}all:
  hosts:
    localhost:
      connection: local
`;
