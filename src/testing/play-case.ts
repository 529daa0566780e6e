// Plays one case of a module, in the order in which the runner does things: lint, observe, risks, apply, observe.
import assert from 'node:assert/strict';
import type { HandPlace } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { ConvergeModule, Module } from '../core/module.ts';
import type { Json } from '../core/value.ts';
import { compileParams } from '../custom/params.ts';
import type { ModuleCase } from './module-case.ts';
import { type Recording, scriptedHost } from './scripted-host.ts';

type Params = Record<string, Json>;
type Result = Record<string, Json>;

/** Fails the test that it is called in where the module does anything else than the case expects. */
export async function playCase(module: Module, scene: ModuleCase): Promise<void> {
  const { lint, failure, ...rest } = scene.expect;
  if (lint !== undefined) {
    includes(module.lint?.(scene.params) ?? [], lint, 'findings');
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
    assert.ok(thrown instanceof Failure, 'it was to fail');
    assert.equal(thrown.code, failure.code);
    if (failure.message) assert.match(thrown.message, failure.message);
    if (failure.hint) assert.match(thrown.hint ?? '', failure.hint);
    if (rest.result) includes(thrown.result, rest.result, 'result');
  } else {
    if (thrown !== undefined) throw thrown;
    if (result !== undefined) accepted(module.returns, structuredClone(result));
    if (rest.result) includes(result, rest.result, 'result');
  }
  same(recording.runs, rest.runs ?? [], 'commands that it ran');
  same(recording.writes, rest.writes ?? {}, 'files that it wrote');
  if (rest.sleptMs !== undefined) assert.equal(recording.sleptMs, rest.sleptMs);
  let from = 0;
  for (const wanted of rest.progress ?? []) {
    const at = recording.progress.findIndex((text, index) => index >= from && wanted.test(text));
    assert.ok(at >= 0, `${wanted} among ${JSON.stringify(recording.progress.slice(from))}`);
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
      if (wanted.effects) same(effects, wanted.effects, 'effects');
      return undefined;
    }
    case 'observe':
      return asResult(await module.observe(host, params));
    case 'act': {
      if (wanted.repeat) assert.equal(module.repeat(params), wanted.repeat);
      const done = await module.done?.(host, params);
      if (done !== undefined) return asResult(done);
      const risks = module.risks(params, host.name, host.files);
      if (wanted.risks) same(risks, wanted.risks, 'risks');
      if (wanted.byHand) same(module.byHand?.(params, placeIn(scene, host)), wanted.byHand, 'commands by hand');
      const result = await module.apply(host, params);
      if (wanted.evidence) includes(module.proves?.(result, host.clock.now()) ?? [], wanted.evidence, 'evidence');
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
    if (wanted.changes !== undefined) same(first.kind, wanted.changes, 'what is found');
    return first.kind === 'same' ? asResult(first.result) : undefined;
  }
  same(first.changes, wanted.changes ?? 'changes are to be given', 'what differs');
  const risks = module.risks(params, first.state);
  if (wanted.risks) same(risks, wanted.risks, 'risks');
  if (wanted.byHand)
    same(module.byHand?.(params, placeIn(scene, host), first.state), wanted.byHand, 'commands by hand');
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
function accepted(schema: unknown, value: unknown): void {
  const errors = compileParams(schema)(value).map(({ path, message }) => `${path.join('.')} ${message}`);
  same(errors, [], `faults of ${JSON.stringify(value)} by its schema`);
}

/** Data as JSON has it: a field that is undefined is none. */
function same(actual: unknown, wanted: unknown, what: string): void {
  // Within a map of their name, because a message would take the place of the difference.
  assert.deepEqual({ [what]: plain(actual) }, { [what]: plain(wanted) });
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/**
 * All that is wanted is there, and there may be more fields, but not more items: `assert.partialDeepStrictEqual` is content
 * with a list that has more.
 */
function includes(actual: unknown, wanted: unknown, what: string): void {
  same(narrowed(plain(actual), plain(wanted)), wanted, what);
}

function narrowed(actual: unknown, wanted: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(wanted)) return actual.map((item, i) => narrowed(item, wanted[i]));
  if (!isMap(actual) || !isMap(wanted)) return actual;
  return Object.fromEntries(
    Object.entries(actual).flatMap(([key, value]) =>
      Object.hasOwn(wanted, key) ? [[key, narrowed(value, wanted[key])]] : [],
    ),
  );
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function asResult(value: unknown): Result {
  return JSON.parse(JSON.stringify(value));
}
