import { holdsExpression, type MapNode, type Node } from './document.ts';
import type { TypedTemplate } from './expression/template.ts';
import { readTemplate } from './read-values.ts';
import type { Reading } from './reading.ts';

/**
 * `environment:` a map of variables, a list of such maps, or an expression for either. What is written out is checked here;
 * the rest when the task runs (`runner/environment.ts`).
 */
export function readEnvironment(r: Reading, node: Node): TypedTemplate | undefined {
  let sound = true;
  for (const map of node.kind === 'list' ? node.items : [node]) {
    if (map.kind === 'map') checkVariables(r, map);
    else if (!holdsExpression(map)) {
      r.invalid(map, '`environment`', 'a map of variables');
      sound = false;
    }
  }
  return sound ? readTemplate(r, node) : undefined;
}

function checkVariables(r: Reading, map: MapNode): void {
  for (const { key, keySpan, value } of map.entries) {
    if (key === '' || /[=\0]/.test(key))
      r.error('invalid-value', keySpan, `\`${key}\` cannot be the name of a variable`);
    if (value.kind !== 'scalar') r.invalid(value, `the variable \`${key}\``, 'a text');
    else if (typeof value.value === 'boolean' || value.value === null) {
      // Ansible hands on Python's True; which word is meant, only the writer knows.
      r.invalid(value, `the variable \`${key}\``, 'a text', 'put quotes around what the command is to see');
    }
  }
}
