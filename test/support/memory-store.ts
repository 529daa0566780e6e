import type { State } from '../../src/lab/standin/state.ts';
import type { Store } from '../../src/lab/standin/store.ts';

/** A store of the stand-in's state in memory: changes are seen at once, `watch` tells of each. */
export function memoryStore(initial: State): Store & { readonly state: State } {
  let state = structuredClone(initial);
  const watchers = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    load: async () => structuredClone(state),
    update: async change => {
      const copy = structuredClone(state);
      if (!change(copy)) return copy;
      state = copy;
      for (const tell of watchers) tell();
      return structuredClone(copy);
    },
    watch: (onChange, signal) => {
      watchers.add(onChange);
      signal.addEventListener('abort', () => watchers.delete(onChange));
    },
  };
}
