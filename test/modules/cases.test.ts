// One loop runs the cases of all modules. A module without cases fails, and so do cases without a module.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { modules } from '../../src/modules/index.ts';
import type { ModuleCase } from '../../src/testing/module-case.ts';
import { playCase } from '../../src/testing/play-case.ts';

const directory = new URL('../cases/modules/', import.meta.url);
const files = readdirSync(directory).filter(file => file.endsWith('.ts'));

test('every file of cases is of a module', () => {
  expect(files.map(file => file.slice(0, -3)).filter(name => !modules.some(m => m.name === name))).toEqual([]);
});

for (const module of modules) {
  const found = files.includes(`${module.name}.ts`);
  const cases: readonly ModuleCase[] = found ? (await import(new URL(`${module.name}.ts`, directory).href)).cases : [];
  describe(module.name, () => {
    test('has cases', () => expect(cases.length).toBeGreaterThan(0));
    for (const scene of cases) test(scene.name, () => playCase(module, scene));
  });
}
