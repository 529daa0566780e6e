import { Failure } from '../core/failure.ts';
import type { Risk } from '../core/guard.ts';
import type { Module } from '../core/module.ts';
import type { Validate } from '../core/validate.ts';

/**
 * A module of the user's own as the runner takes it. What it throws is its author's mistake, not a defect of quorate; and as
 * nobody but its author knows what it does, it is opaque to guards: the membership is compared before and after it.
 */
export function ownModule(module: Module, file: string, checkParams: Validate): Module {
  const sync = <A extends readonly unknown[], T>(call: (...args: A) => T) => {
    return (...args: A): T => {
      try {
        return call(...args);
      } catch (error) {
        throw blamed(error, file);
      }
    };
  };
  const async = <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      try {
        return await call(...args);
      } catch (error) {
        throw blamed(error, file);
      }
    };
  };
  const own = { checkParams, file };
  switch (module.kind) {
    case 'observe':
      return { ...module, ...own, observe: async((probe, params) => module.observe(probe, params)) };
    case 'converge':
      return {
        ...module,
        ...own,
        observe: async((probe, params, applied) => module.observe(probe, params, applied)),
        risks: sync((params, state) => opaque(module.name, module.risks(params, state))),
        apply: async((host, params, state) => module.apply(host, params, state)),
        settleMs: sync(params => module.settleMs(params)),
      };
    case 'act': {
      const { done } = module;
      return {
        ...module,
        ...own,
        ...(done ? { done: async((probe, params) => done.call(module, probe, params)) } : {}),
        repeat: sync(params => module.repeat(params)),
        risks: sync((params, host, files) => opaque(module.name, module.risks(params, host, files))),
        apply: async((host, params) => module.apply(host, params)),
      };
    }
    case 'control':
      return { ...module, ...own, control: sync(params => module.control(params)) };
  }
}

/** A change of the membership that is named is looked for after it anyway. */
function opaque(name: string, risks: readonly Risk[]): readonly Risk[] {
  return risks.some(risk => risk.kind === 'membership') ? risks : [...risks, { kind: 'opaque', command: name }];
}

function blamed(error: unknown, file: string): unknown {
  if (error instanceof Failure) return error;
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Failure('task-failed', `${file} threw ${why}${placeIn(error, file)}`, {
    hint: 'throw a `Failure` with the cause where it is not a mistake of the module',
    cause: error,
  });
}

/** " (line 12)": where in the file, by the stack; empty where it doesn't say. */
export function placeIn(error: unknown, file: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const name = file.replace(/^.*\//, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = new RegExp(`/${name}:(\\d+)`).exec(stack)?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}
