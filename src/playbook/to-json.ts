import type { Json } from '../core/value.ts';
import type { Node } from './document.ts';

/** The value as it is written, its expressions as texts. */
export function toJson(node: Node): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toJson);
    case 'map':
      return Object.fromEntries(node.entries.map(e => [e.key, toJson(e.value)]));
  }
}
