import type { Risk } from '../core/guard.ts';
import type { Module } from '../core/module.ts';
import type { Json } from '../core/value.ts';

type Params = Readonly<Record<string, Json>>;

/** What a task of this module may cost, as far as its parameters tell. */
export function risksOf(module: Module, params: Params): readonly Risk[] {
  switch (module.kind) {
    case 'converge':
      return orNothing(() => module.foretells?.(params) ?? []);
    case 'act':
      // Only those that run commands can tell from what is written in these.
      return module.commands ? orNothing(() => module.risks(params, '', new Map())) : [];
    case 'observe':
    case 'control':
      return [];
  }
}

/** The commands that it runs, each in its words. */
export function commandsOf(module: Module, params: Params): readonly (readonly string[])[] {
  return module.kind === 'act' ? orNothing(() => module.commands?.(params) ?? []) : [];
}

/** What a module cannot read, or a mistake in one of the user's own, is found elsewhere. */
function orNothing<T>(work: () => readonly T[]): readonly T[] {
  try {
    return work();
  } catch {
    return [];
  }
}
