import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { selectHosts } from '../../src/playbook/host-patterns.ts';
import { readInventory } from '../../src/playbook/inventory/inventory.ts';
import { validators } from '../support/playbook-world.ts';

// What ansible-core selects was written down by scripts/record-inventories.ts. Ours are in the inventory's order in any case, so
// numbers of `all` mean others there, where hosts are ordered by the depth of their groups.
const recorded = JSON.parse(await readFile('test/cases/host-patterns.json', 'utf8'));
const selected: Readonly<Record<string, readonly string[]>> = recorded.selected;
const name = `test/cases/inventories/${recorded.inventory}/hosts`;
const { value: inventory } = readInventory({ name, text: await readFile(name, 'utf8') }, validators.inventory);

test.each(Object.keys(selected))('%s selects what it selects in Ansible', pattern => {
  if (!inventory) throw new Error('no inventory');
  const { hosts, unmatched } = selectHosts([pattern], inventory);
  expect([...hosts].toSorted()).toEqual([...(selected[pattern] ?? [])].toSorted());
  expect(unmatched).toEqual([]);
});
