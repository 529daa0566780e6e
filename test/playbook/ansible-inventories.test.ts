import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Inventory } from '../../src/core/inventory.ts';
import type { Json } from '../../src/core/value.ts';
import { Findings } from '../../src/playbook/findings.ts';
import { readInventory } from '../../src/playbook/inventory/inventory.ts';
import { type VarsFolders, varsBeside } from '../../src/playbook/inventory/vars-beside.ts';
import { validators } from '../support/playbook-world.ts';

// What ansible-core makes of each inventory was written down by scripts/record-inventories.ts; each file names the version.
const folder = 'test/cases/inventories';
const names = (await readdir(folder)).toSorted();

type List = Readonly<Record<string, { hosts?: string[]; children?: string[]; hostvars?: Record<string, Json> }>>;

const folders: VarsFolders = {
  readFile: path => readFile(path, 'utf8').catch(() => undefined),
  list: async path => {
    const found = await readdir(path).catch(() => undefined);
    const listed = found?.map(async name => ({ name, isFolder: (await stat(join(path, name))).isDirectory() }));
    return listed && (await Promise.all(listed));
  },
};

async function ours(name: string): Promise<Inventory> {
  const files = await readdir(join(folder, name));
  const file = join(folder, name, files.find(one => one.startsWith('hosts')) ?? 'none');
  const found = new Findings();
  const given = [
    ...(await varsBeside(join(folder, name), 'inventory', folders, found)),
    ...(await varsBeside(join(folder, name, 'play'), 'playbook', folders, found)),
  ];
  const { value, diagnostics } = readInventory(
    { name: file, text: await readFile(file, 'utf8') },
    validators.inventory,
    given,
  );
  expect([...diagnostics, ...found.diagnostics]).toEqual([]);
  if (!value) throw new Error('no inventory');
  return value;
}

/** The hosts of a group and of those below it, sorted. */
function theirHosts(list: List, group: string): readonly string[] {
  const { hosts = [], children = [] } = list[group] ?? {};
  return [...new Set([...hosts, ...children.flatMap(child => theirHosts(list, child))])].toSorted();
}

describe('an inventory of Ansible means what it means there', () => {
  test.each(names)('%s', async name => {
    const { version, list }: { version: string; list: List } = JSON.parse(
      await readFile(join(folder, name, 'expected.json'), 'utf8'),
    );
    expect(version).toMatch(/^2\./);
    const inventory = await ours(name);
    const theirVars = list._meta?.hostvars ?? {};
    const hosts = theirHosts(list, 'all');
    const vars = hosts.map(host => [host, inventory.hosts.get(host)?.vars]);
    expect(Object.fromEntries(vars)).toEqual(Object.fromEntries(hosts.map(host => [host, theirVars[host] ?? {}])));
    const groups = new Set(['all', ...Object.keys(list).filter(group => group !== '_meta')]);
    for (const { children = [] } of Object.values(list)) for (const child of children) groups.add(child);
    for (const group of groups) {
      expect([group, ...(inventory.groups.get(group) ?? []).toSorted()]).toEqual([group, ...theirHosts(list, group)]);
    }
    expect([...inventory.groups.keys()].filter(group => !groups.has(group))).toEqual([]);
  });
});
