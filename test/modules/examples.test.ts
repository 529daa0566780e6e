// The examples of the reference are tasks that the modules accept.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { validators } from '../../src/generated/validators.js';
import { modules } from '../../src/modules/index.ts';

describe.each(modules.map(module => [module.name, module] as const))('%s', (name, module) => {
  it('has examples', () => expect(module.examples.length).toBeGreaterThan(0));

  it.each(module.examples.map(({ title, yaml }) => [title, yaml] as const))('%s', (_title, yaml) => {
    const tasks: unknown = parse(yaml, { version: '1.2' });
    const task: unknown = Array.isArray(tasks) ? tasks.find(one => name in one) : undefined;
    expect(Object.keys(task ?? {})).toContain(name);
    const given: unknown = Object.entries(task ?? {}).find(([key]) => key === name)?.[1];
    const params =
      typeof given === 'string' && module.freeForm !== undefined ? { [module.freeForm]: given } : (given ?? {});
    // An expression may stand for anything; what it gives is checked when it is known.
    const faults = validators.module(name)(structuredClone(params));
    expect(
      faults.filter(({ path }) => !isExpression(valueAt(params, path)) && !isBareExpression(name, path[0])),
    ).toEqual([]);
  });
});

const isExpression = (value: unknown): boolean => typeof value === 'string' && value.includes('{{');
const isBareExpression = (name: string, parameter = ''): boolean => `${name}.${parameter}` === 'assert.that';

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => Object.entries(at ?? {}).find(([name]) => name === key)?.[1], value);
}
