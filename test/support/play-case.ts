// Plays one case of a module, in the order in which the runner does things: lint, observe, risks, apply, observe.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { HandPlace } from '../../src/core/by-hand.ts';
import { Failure } from '../../src/core/failure.ts';
import type { ConvergeModule, Module } from '../../src/core/module.ts';
import type { Json } from '../../src/core/value.ts';
import type { ModuleCase } from './module-case.ts';
import { type Recording, scriptedHost } from './scripted-host.ts';

const ajv = new Ajv2020({ strict: false, useDefaults: true, allErrors: true, allowUnionTypes: true });

type Params = Record<string, Json>;
type Result = Record<string, Json>;

/** Fails the test that it is called in where the module does anything else than the case expects. */
export async function playCase(module: Module, scene: ModuleCase): Promise<void> {
  const { lint, failure, ...rest } = scene.expect;
  if (lint !== undefined) {
    expect(module.lint?.(scene.params) ?? []).toMatchObject(lint);
    expect(module.lint?.(scene.params) ?? []).toHaveLength(lint.length);
    if (Object.keys(rest).length === 0 && failure === undefined) return;
  }
  const { host, recording } = scriptedHost(scene);
  const params: Params = structuredClone(scene.params);
  accepted(module.params, params);
  let result: Result | undefined;
  let thrown: unknown;
  try {
    result = await carryOut(module, scene, params, host, recording);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    thrown = error;
  }
  if (failure !== undefined) {
    expect(thrown, 'it was to fail').toBeInstanceOf(Failure);
    if (!(thrown instanceof Failure)) return;
    expect(thrown.code).toBe(failure.code);
    if (failure.message) expect(thrown.message).toMatch(failure.message);
    if (failure.hint) expect(thrown.hint ?? '').toMatch(failure.hint);
    if (rest.result) expect(thrown.result).toMatchObject(rest.result);
  } else {
    if (thrown !== undefined) throw thrown;
    if (result !== undefined) accepted(module.returns, structuredClone(result));
    if (rest.result) expect(result).toMatchObject(rest.result);
  }
  expect(recording.runs).toEqual(rest.runs ?? []);
  expect(recording.writes).toEqual(rest.writes ?? {});
  if (rest.sleptMs !== undefined) expect(recording.sleptMs).toBe(rest.sleptMs);
  let from = 0;
  for (const wanted of rest.progress ?? []) {
    const at = recording.progress.findIndex((text, index) => index >= from && wanted.test(text));
    expect(at, `${wanted} among ${JSON.stringify(recording.progress.slice(from))}`).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
}

type Host = ReturnType<typeof scriptedHost>['host'];

async function carryOut(
  module: Module,
  scene: ModuleCase,
  params: Params,
  host: Host,
  recording: Recording,
): Promise<Result | undefined> {
  const wanted = scene.expect;
  switch (module.kind) {
    case 'control': {
      const effects = module.control(params);
      if (wanted.effects) expect(effects).toEqual(wanted.effects);
      return undefined;
    }
    case 'observe':
      return asResult(await module.observe(host, params));
    case 'act': {
      if (wanted.repeat) expect(module.repeat(params)).toBe(wanted.repeat);
      const done = await module.done?.(host, params);
      if (done !== undefined) return asResult(done);
      const risks = module.risks(params, host.name, host.files);
      if (wanted.risks) expect(risks).toEqual(wanted.risks);
      if (wanted.byHand) expect(module.byHand?.(params, placeIn(scene, host))).toEqual(wanted.byHand);
      const result = await module.apply(host, params);
      if (wanted.evidence) expect(module.proves?.(result, host.clock.now()) ?? []).toMatchObject(wanted.evidence);
      return asResult(result);
    }
    case 'converge':
      return converge(module, scene, params, host, recording);
  }
}

async function converge(
  module: ConvergeModule,
  scene: ModuleCase,
  params: Params,
  host: Host,
  recording: Recording,
): Promise<Result | undefined> {
  const wanted = scene.expect;
  const first = await module.observe(host, params);
  if (first.kind !== 'differs') {
    if (wanted.changes !== undefined) expect(first.kind).toEqual(wanted.changes);
    return first.kind === 'same' ? asResult(first.result) : undefined;
  }
  expect(first.changes, 'what differs').toEqual(wanted.changes ?? 'changes are to be given');
  const risks = module.risks(params, first.state);
  if (wanted.risks) expect(risks).toEqual(wanted.risks);
  if (wanted.byHand) expect(module.byHand?.(params, placeIn(scene, host), first.state)).toEqual(wanted.byHand);
  const added = (await module.apply(host, params, first.state)) ?? {};
  const limitMs = recording.sleptMs + module.settleMs(params);
  for (;;) {
    const now = await module.observe(host, params, first.state);
    if (now.kind === 'same') return { ...asResult(now.result), ...asResult(added) };
    if (recording.sleptMs >= limitMs) throw new Failure('not-settled', `still ${JSON.stringify(now)}`);
    await host.clock.sleep(1000, host.signal);
  }
}

function placeIn({ groups = {} }: ModuleCase, { name }: Host): HandPlace {
  return { host: name, etcdHosts: groups.etcd ?? [name], unknown: [] };
}

/** Fails where the schema doesn't accept the value; fills defaults in. */
function accepted(schema: object, value: unknown): void {
  const check = ajv.compile(withoutRequiredDefaults(schema));
  if (!check(value)) expect.fail(`${JSON.stringify(value)}: ${ajv.errorsText(check.errors)}`);
}

/** ajv fills defaults in only after it has asked for what is required: see `useDefaults`. */
function withoutRequiredDefaults(schema: object): object {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (!Array.isArray(value?.required) || typeof value.properties !== 'object') return value;
    const required = value.required.filter((name: string) => value.properties[name]?.default === undefined);
    return { ...value, required };
  });
}

function asResult(value: unknown): Result {
  return JSON.parse(JSON.stringify(value));
}
