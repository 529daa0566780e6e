import type { Span } from '../core/source.ts';
import { describe, entry, type MapNode, type Node } from './document.ts';
import { didYouMean } from './expression/nearest.ts';
import { explosion } from './expression/pattern.ts';
import { fromSchema } from './expression/schema-types.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anything, describe as describeType, fits, nullType, type Type, union } from './expression/types.ts';
import { Names, noResults } from './names.ts';
import { faultOf, jsonType, paramKeywords, paramTypes } from './param-schema.ts';
import { checkIdentifier, readMap, readTemplate, takeWord } from './read-values.ts';
import type { Reading } from './reading.ts';
import type { Schema } from './schema-walk.ts';
import { toJson } from './to-json.ts';

/** A typed input of a play. One without a default must be given. */
export interface Param {
  readonly name: string;
  readonly span: Span;
  readonly schema: Schema;
  readonly type: Type;
  readonly description?: string;
  readonly secret: boolean;
  /** May be an expression over the params before it. */
  readonly default?: TypedTemplate;
}

export function readParams(r: Reading, node: Node, used: Set<string>): readonly Param[] {
  const params: Param[] = [];
  const map = readMap(r, node, '`params`', 'a map from names to schemas');
  for (const { key, keySpan, value } of map?.entries ?? []) {
    if (!checkIdentifier(r, key, keySpan)) continue;
    if (value.kind !== 'map') {
      r.invalid(value, `the param \`${key}\``, 'a schema', `write \`${key}: {type: string}\``);
      params.push({ name: key, span: keySpan, schema: {}, type: anything, secret: false });
    } else params.push(readParam(r, key, keySpan, value, params, used));
  }
  return params;
}

function readParam(
  r: Reading,
  name: string,
  span: Span,
  map: MapNode,
  earlier: readonly Param[],
  used: Set<string>,
): Param {
  const given = entry(map, 'default')?.value;
  const schema = readSchema(r, map, `the param \`${name}\``, ['default']);
  const secret = schema.secret === true;
  const type = fromSchema(schema);
  const about = {
    name,
    span,
    schema,
    secret,
    ...(typeof schema.description === 'string' ? { description: schema.description } : {}),
  };
  if (!given) return { ...about, type };
  if (schema.type === 'boolean') {
    const word = takeWord(r, given);
    if (word !== undefined) {
      return {
        ...about,
        type,
        default: readTemplate(r, { ...given, kind: 'scalar', value: word, locate: () => given.span }),
      };
    }
  }
  r.inSecret = secret;
  const template = readTemplate(r, given);
  r.inSecret = false;
  const optional = template.literal && given.kind === 'scalar' && given.value === null;
  if (template.literal) {
    const fault = optional ? undefined : faultOf(schema, toJson(given));
    if (fault) r.error('invalid-value', given.span, `the default of \`${name}\` ${fault}`);
  } else {
    const outer = [{ level: 'params' as const, names: new Map(earlier.map(p => [p.name, p.type])) }];
    const names = new Names(r, { outer, results: noResults, registers: new Map(), used, open: false });
    const found = names.check(template);
    if (!fits(found, type)) {
      const message = `the default of \`${name}\` must be ${describeType(type)}; this is ${describeType(found)}`;
      r.error('type-mismatch', given.span, message);
    }
  }
  return { ...about, type: optional ? union(type, nullType) : type, default: template };
}

function readSchema(r: Reading, map: MapNode, what: string, apart: readonly string[]): Schema {
  const schema: Record<string, unknown> = {};
  for (const { key, keySpan, value } of map.entries) {
    const keyword = Object.hasOwn(paramKeywords, key) ? paramKeywords[key] : undefined;
    if (!keyword) {
      r.error('unknown-keyword', keySpan, `\`${key}\` is not a keyword of a param`, {
        hint: didYouMean(key, Object.keys(paramKeywords)),
      });
      continue;
    }
    if (apart.includes(key)) continue;
    const json = keyword.takes.includes('boolean') ? (takeWord(r, value) ?? toJson(value)) : toJson(value);
    const explosive = key === 'pattern' ? explosion(String(json)) : undefined;
    if (!keyword.takes.includes(jsonType(json))) {
      r.invalid(
        value,
        `\`${key}\` of ${what}`,
        keyword.takes.map(t => (t === 'object' ? 'a map' : `a ${t}`)).join(' or '),
      );
    } else if (key === 'items' && value.kind === 'map') schema[key] = readSchema(r, value, `the items of ${what}`, []);
    else if (key === 'properties' && value.kind === 'map') {
      const read = value.entries.map(e => [
        e.key,
        e.value.kind === 'map' ? readSchema(r, e.value, `${e.key} of ${what}`, []) : {},
      ]);
      schema[key] = Object.fromEntries(read);
    } else if (key === 'pattern' && !isPattern(String(json))) {
      r.error('invalid-value', value.span, `${describe(value)} is not a regular expression`);
    } else if (explosive) {
      r.error('invalid-value', value.span, explosive.message, { hint: explosive.hint });
    } else if (key === 'type' && !paramTypes.some(t => t === json)) {
      const hint = didYouMean(String(json), paramTypes) ?? likelyTypes[String(json)];
      r.error('invalid-value', value.span, `a param's type must be one of ${paramTypes.join(', ')}`, { hint });
    } else schema[key] = json;
  }
  const typed = entry(map, 'type') ?? entry(map, 'enum');
  if (!typed)
    r.error('missing-parameter', map.span, `${what} needs a \`type\``, { hint: `one of ${paramTypes.join(', ')}` });
  return schema;
}

const likelyTypes: Readonly<Record<string, string>> = {
  str: 'write `string`',
  text: 'write `string`',
  int: 'write `integer`',
  float: 'write `number`',
  bool: 'write `boolean`',
  list: 'write `array`',
  dict: 'write `object`',
  map: 'write `object`',
};

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
