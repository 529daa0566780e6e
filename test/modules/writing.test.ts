// The module of docs/writing-a-module.md is real: its code is in test/support/example, compiled and run here.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { playCase } from '../../src/testing/play-case.ts';
import { timezone } from '../support/example/timezone.ts';
import { cases } from '../support/example/timezone-cases.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the module of the guide', () => {
  const [module, itsCases] = [...read('../../docs/writing-a-module.md').matchAll(/```ts\n\/\/ \S+\n(.*?)```/gs)];

  it('is the one that is printed there', () => {
    expect(module?.[1]?.replaceAll("'../core/", "'../../../src/core/")).toBe(read('../support/example/timezone.ts'));
    expect(itsCases?.[1]).toBe(read('../support/example/timezone-cases.ts'));
  });

  it.each(cases.map(scene => [scene.name, scene] as const))('%s', (_name, scene) => playCase(timezone, scene));
});
