import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readInventory } from '../../src/playbook/inventory/inventory.ts';
import { validators } from '../support/playbook-world.ts';

const page = await readFile('docs/inventory.md', 'utf8');
const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, kind = '', text = '']) => ({ kind, text }));

test.each(blocks)('the $kind of docs/inventory.md is read', ({ text }) => {
  const { value, diagnostics } = readInventory({ name: 'hosts', text }, validators.inventory);
  expect(diagnostics).toEqual([]);
  expect([...(value?.groups.get('etcd') ?? [])]).toEqual(['node001', 'node002', 'node003', 'node007']);
  expect(value?.hosts.get('node007')).toMatchObject({ address: '10.141.0.7', vars: { site: 'north', rack: 'b' } });
});
