import type { MapNode, Node } from './document.ts';
import { didYouMean } from './expression/nearest.ts';
import { respelt } from './fixes.ts';
import { withoutPrefix } from './prefix.ts';
import { unknownModule } from './read-task.ts';
import { readMap } from './read-values.ts';
import type { Reading } from './reading.ts';
import { at, keysOf } from './schema-walk.ts';

/** Parameters that tasks of a module have where they do not give them themselves, by the module's name. */
export type ModuleDefaults = ReadonlyMap<string, MapNode>;

/**
 * What holds inside of a `module_defaults`: for a module that it names, its parameters and not those from around, as in Ansible.
 * Values are checked with those of each task that takes them.
 */
export function readModuleDefaults(r: Reading, around: ModuleDefaults, node: Node | undefined): ModuleDefaults {
  if (!node) return around;
  const defaults = new Map(around);
  const what = '`module_defaults`';
  for (const entry of readMap(r, node, what, 'a map of modules and their parameters')?.entries ?? []) {
    const name = withoutPrefix(entry.key);
    const module = r.modules.get(name);
    if (name.startsWith('group/')) {
      r.error('invalid-value', entry.keySpan, 'there are no groups of modules', { hint: 'name each module' });
    } else if (!module) unknownModule(r, entry);
    const map = readMap(r, entry.value, `what ${what} gives ${name}`, 'a map of parameters');
    if (!module || !map) continue;
    const known = keysOf(at(module.params, []));
    for (const { key, keySpan } of map.entries) {
      if (known.length === 0 || known.includes(key)) continue;
      const hint = didYouMean(key, known) ?? `it has ${known.join(', ')}`;
      r.error('unknown-parameter', keySpan, `${name} has no parameter \`${key}\``, {
        hint,
        fix: respelt(keySpan, key, known),
      });
    }
    defaults.set(name, map);
  }
  return defaults;
}

/** Parameters with those added that are not there. */
export function withDefaults(map: MapNode, defaults: MapNode | undefined): MapNode {
  const missing = defaults?.entries.filter(({ key }) => !map.entries.some(own => own.key === key)) ?? [];
  return missing.length === 0 ? map : { ...map, entries: [...map.entries, ...missing] };
}
