import type { Fix } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import type { SchemaError } from '../core/validate.ts';
import { describe, entry, type Node } from './document.ts';
import { didYouMean } from './expression/nearest.ts';
import { fromSchema } from './expression/schema-types.ts';
import { describe as describeType, union } from './expression/types.ts';
import { quoted, respelt, writtenAt } from './fixes.ts';
import { alternativesOf, at, keysOf, type Schema } from './schema-walk.ts';

/** A fault of a value against a schema, in the words of who wrote it. */
export interface Finding {
  readonly kind: 'unknown' | 'missing' | 'invalid';
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly fix?: Fix | undefined;
  /** The key that is unknown or missing. */
  readonly key?: string;
}

/** Shapes of the message: `what` is the whole ("etcdctl_member"), `part` what its keys are called ("parameter"). */
export interface Wording {
  readonly what: string;
  readonly part: string;
  /** Where something is missing at the root. */
  readonly root: Span;
}

/**
 * What is wrong with a value, one finding a place: a validator says the same thing in several ways, and of alternatives
 * says what is wrong with each. Faults at or below the paths in `holes` are left out: what stands there is not known yet.
 */
export function explain(
  node: Node,
  schema: unknown,
  errors: readonly SchemaError[],
  holes: readonly (readonly string[])[],
  wording: Wording,
): readonly Finding[] {
  const known = errors.filter(e => !holes.some(hole => startsWith(e.path, hole)));
  const inner = known.filter(e => {
    const choice = known.find(o => isChoice(o) && samePath(o, e));
    if (!choice) return true;
    if (holes.some(hole => startsWith(hole, e.path))) return false;
    // Where one alternative alone is of the value's kind, what is wrong with that one says more; and so does what is inside.
    const meant = at(schema, e.path)
      .flatMap(alternativesOf)
      .filter(s => s.type === jsonKind(nodeAt(node, e.path)));
    if (meant.length === 1 && known.some(o => samePath(o, e) && !isChoice(o) && o.keyword !== 'type')) {
      return !isChoice(e) && e.keyword !== 'type';
    }
    return e === choice && !known.some(o => deeper(o, e.path));
  });
  const places = new Map<string, readonly SchemaError[]>();
  for (const e of inner) {
    const place = JSON.stringify([e.path, e.params.missingProperty ?? e.params.additionalProperty ?? null]);
    places.set(place, [...(places.get(place) ?? []), e]);
  }
  return [...places.values()].map(group => finding(node, schema, group, wording));
}

const isChoice = (e: SchemaError) => e.keyword === 'anyOf' || e.keyword === 'oneOf';
const startsWith = (path: readonly string[], start: readonly string[]) => start.every((key, i) => path[i] === key);
const samePath = (a: SchemaError, b: SchemaError) => a.path.length === b.path.length && startsWith(a.path, b.path);
const deeper = (e: SchemaError, path: readonly string[]) => e.path.length > path.length && startsWith(e.path, path);

function finding(root: Node, schema: unknown, group: readonly SchemaError[], wording: Wording): Finding {
  const e = group.find(isChoice) ?? group[0];
  if (!e) return { kind: 'invalid', span: root.span, message: `${wording.what} is not as it must be` };
  const node = nodeAt(root, e.path);
  const where = e.path.length === 0 ? wording.what : `\`${e.path.join('.')}\` of ${wording.what}`;
  const schemas = at(schema, e.path);
  if (e.keyword === 'required') {
    const span = e.path.length === 0 ? wording.root : node.span;
    const missing = String(e.params.missingProperty);
    return {
      kind: 'missing',
      span,
      message: `${where} needs the ${wording.part} \`${missing}\``,
      hint: about(schemas, missing),
    };
  }
  if (e.keyword === 'additionalProperties' || e.keyword === 'unevaluatedProperties') {
    const key = String(e.params.additionalProperty ?? e.params.unevaluatedProperty);
    const span = node.kind === 'map' ? (entry(node, key)?.keySpan ?? node.span) : node.span;
    const keys = keysOf(schemas);
    const hint = didYouMean(key, keys) ?? (keys.length > 0 ? `it has ${keys.join(', ')}` : undefined);
    return {
      kind: 'unknown',
      span,
      message: `${where} has no ${wording.part} \`${key}\``,
      hint,
      key,
      fix: respelt(span, key, keys),
    };
  }
  return { kind: 'invalid', span: node.span, ...invalid(e, node, where, schemas) };
}

function about(schemas: readonly Schema[], key: string): string | undefined {
  const description = schemas.flatMap(s => at(s, [key])).find(s => typeof s.description === 'string')?.description;
  return typeof description === 'string' ? `${key}: ${description}` : undefined;
}

function invalid(
  e: SchemaError,
  node: Node,
  where: string,
  schemas: readonly Schema[],
): Pick<Finding, 'message' | 'hint' | 'fix'> {
  const written = writtenAt(node.span);
  const { limit, allowedValues, pattern } = e.params;
  switch (e.keyword) {
    case 'enum': {
      const allowed = Array.isArray(allowedValues) ? allowedValues.map(String) : [];
      const hint = node.kind === 'scalar' ? didYouMean(String(node.value), allowed) : undefined;
      const fix = node.kind === 'scalar' ? respelt(node.span, String(node.value), allowed) : undefined;
      return { message: `${where} must be one of ${allowed.join(', ')}, not ${describe(node)}`, hint, fix };
    }
    case 'type':
    case 'anyOf':
    case 'oneOf':
    case 'const': {
      const wanted = describeType(union(...schemas.map(fromSchema)));
      const number = node.kind === 'scalar' && typeof node.value === 'number' && /string/.test(wanted);
      const text = node.kind === 'scalar' && typeof node.value === 'string' && /integer|number/.test(wanted);
      const digits = text && /^["']-?\d+(\.\d+)?["']$/.test(written);
      const hint = number ? `quote it: "${written}"` : digits ? 'write it without quotes' : undefined;
      const fix = number
        ? quoted(node.span)
        : digits
          ? { span: node.span, replacement: written.slice(1, -1) }
          : undefined;
      return { message: `${where} must be ${wanted}, not ${describe(node)}`, hint, fix };
    }
    case 'minimum':
      return { message: `${where} must be ${limit} or more, not ${written}` };
    case 'maximum':
      return { message: `${where} must be ${limit} or less, not ${written}` };
    case 'minItems':
      return { message: `${where} must have ${limit} or more items` };
    case 'maxItems':
      return { message: `${where} must have ${limit} or fewer items` };
    case 'minLength':
      return { message: limit === 1 ? `${where} must not be empty` : `${where} must have ${limit} or more characters` };
    case 'minProperties':
      return { message: `${where} must have at least ${limit === 1 ? 'one entry' : `${limit} entries`}` };
    case 'pattern':
      return { message: `${where} must match ${pattern}; ${written} does not` };
    default:
      return { message: `${where} ${e.message}` };
  }
}

function jsonKind(node: Node): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'object' : 'array';
  return node.value === null ? 'null' : typeof node.value;
}

/** The node at a path, or the nearest above it. */
export function nodeAt(root: Node, path: readonly (string | number)[]): Node {
  let node = root;
  for (const key of path) {
    const next =
      node.kind === 'map'
        ? entry(node, String(key))?.value
        : node.kind === 'list'
          ? node.items[Number(key)]
          : undefined;
    if (!next) return node;
    node = next;
  }
  return node;
}
