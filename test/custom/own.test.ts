import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { Cancelled, Failure } from '../../src/core/failure.ts';
import type { Risk } from '../../src/core/guard.ts';
import { defineModule } from '../../src/custom/define.ts';
import { ownModule } from '../../src/custom/own.ts';
import { compileParams } from '../../src/custom/params.ts';
import { scriptedHost } from '../../src/testing/scripted-host.ts';

const stop: Risk = { kind: 'service', effect: 'stop', hosts: ['node001'], together: false, access: {} };
const remove: Risk = { kind: 'membership', change: 'remove', member: { name: 'node001' }, access: {} };
const params = Type.Object({ text: Type.String({ default: 'hello' }) }, { additionalProperties: false });

const { host } = scriptedHost({ name: 'any', params: {}, expect: {} });

function greet(risks: readonly Risk[], thrown: unknown = undefined) {
  const apply = async () => {
    if (thrown !== undefined) throw thrown;
    return {};
  };
  const module = defineModule({
    kind: 'act',
    name: 'greet',
    summary: 'Greets.',
    description: '',
    params,
    returns: Type.Object({}),
    examples: [],
    weighed: false,
    repeat: () => 'safe' as const,
    risks: () => risks,
    apply,
  });
  const own = ownModule(module, 'site/modules/greet.ts', compileParams(params));
  if (own.kind !== 'act') throw new Error('it is an act');
  return own;
}

describe("a module of the user's own", () => {
  test('is opaque to guards, whatever else it says of itself', () => {
    expect(greet([]).risks({}, 'node001', new Map())).toEqual([{ kind: 'opaque', command: 'greet' }]);
    expect(greet([stop]).risks({}, 'node001', new Map())).toEqual([stop, { kind: 'opaque', command: 'greet' }]);
  });

  test('is looked after by its own words where they name a change of the membership', () => {
    expect(greet([remove]).risks({}, 'node001', new Map())).toEqual([remove]);
  });

  test('fails by what it throws: its mistake, not a defect of quorate', async () => {
    const mistake = greet([], new TypeError('text is undefined')).apply(host, {});
    await expect(mistake).rejects.toMatchObject({
      code: 'task-failed',
      message: 'site/modules/greet.ts threw TypeError: text is undefined',
    });
  });

  test.each([new Failure('wrong-cluster', 'it is another one'), new Cancelled('stopped')])(
    '%s stays as it is',
    async failure => {
      await expect(greet([], failure).apply(host, {})).rejects.toBe(failure);
    },
  );

  test('has its own validator, which fills defaults in', () => {
    const own = greet([]);
    const value = {};
    expect(own.checkParams?.(value)).toEqual([]);
    expect(value).toEqual({ text: 'hello' });
    expect(own.checkParams?.({ txet: 'x' })).toMatchObject([{ keyword: 'additionalProperties' }]);
    expect(own.file).toBe('site/modules/greet.ts');
  });
});
