import type { Json } from '../core/value.ts';
import type { Schema } from './schema-walk.ts';

/** The types a param can have. */
export const paramTypes = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const;

/** What a param's schema may say: a part of JSON Schema, and `secret`. Each with the JSON types its value may have. */
export const paramKeywords: Readonly<Record<string, { readonly takes: readonly string[]; readonly about: string }>> = {
  type: { takes: ['string'], about: `One of ${paramTypes.join(', ')}.` },
  description: { takes: ['string'], about: 'What it is for; shown in the reference.' },
  default: {
    takes: ['string', 'number', 'boolean', 'null', 'array', 'object'],
    about: 'Taken where none is given; may be an expression over earlier params. `null`: it may be left out.',
  },
  secret: { takes: ['boolean'], about: 'Masked wherever it flows.' },
  enum: { takes: ['array'], about: 'The values allowed.' },
  pattern: { takes: ['string'], about: 'A regular expression that a string must match.' },
  minLength: { takes: ['number'], about: 'The fewest characters of a string.' },
  maxLength: { takes: ['number'], about: 'The most characters of a string.' },
  minimum: { takes: ['number'], about: 'The least number.' },
  maximum: { takes: ['number'], about: 'The greatest number.' },
  items: { takes: ['object'], about: 'The schema of the items of an array.' },
  minItems: { takes: ['number'], about: 'The fewest items.' },
  maxItems: { takes: ['number'], about: 'The most items.' },
  uniqueItems: { takes: ['boolean'], about: 'No item twice.' },
  properties: { takes: ['object'], about: 'The schemas of the properties of an object.' },
  required: { takes: ['array'], about: 'The properties that must be there.' },
  additionalProperties: { takes: ['boolean'], about: 'Whether an object may have other properties.' },
};

export function jsonType(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const isObject = (value: Json): value is { readonly [key: string]: Json } => jsonType(value) === 'object';

/** What is wrong with a value given for a param, in one sentence that goes on from its name; undefined where nothing is. */
export function faultOf(schema: Schema, value: Json): string | undefined {
  const { type } = schema;
  const wrong = `must be ${article(String(type))}, not ${JSON.stringify(value)}`;
  if (type === 'integer' ? !Number.isInteger(value) : type !== undefined && jsonType(value) !== type) return wrong;
  if (Array.isArray(schema.enum) && !schema.enum.some(allowed => same(allowed, value))) {
    return `must be one of ${schema.enum.map(String).join(', ')}, not ${JSON.stringify(value)}`;
  }
  if (typeof value === 'string') return faultOfText(schema, value);
  if (typeof value === 'number') return outside(value, schema.minimum, schema.maximum, '');
  if (Array.isArray(value)) return faultOfList(schema, value);
  return isObject(value) ? faultOfObject(schema, value) : undefined;
}

function faultOfText(schema: Schema, value: string): string | undefined {
  if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern, 'u').test(value)) {
    return `must match ${schema.pattern}; ${JSON.stringify(value)} does not`;
  }
  return outside(value.length, schema.minLength, schema.maxLength, ' characters');
}

function faultOfList(schema: Schema, value: readonly Json[]): string | undefined {
  const { items } = schema;
  if (schema.uniqueItems === true) {
    const twice = value.find((item, i) => value.slice(0, i).some(other => same(item, other)));
    if (twice !== undefined) return `has ${JSON.stringify(twice)} twice`;
  }
  for (const item of value) {
    const fault = isSchemaObject(items) ? faultOf(items, item) : undefined;
    if (fault) return `has an item that ${fault}`;
  }
  return outside(value.length, schema.minItems, schema.maxItems, ' items');
}

function faultOfObject(schema: Schema, value: { readonly [key: string]: Json }): string | undefined {
  const properties = isSchemaObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const missing = required.find(key => !Object.hasOwn(value, key));
  if (missing !== undefined) return `needs the property ${missing}`;
  for (const [key, inner] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known === undefined && schema.additionalProperties === false) return `has no property ${key}`;
    const fault = isSchemaObject(known) ? faultOf(known, inner) : undefined;
    if (fault) return `has a property ${key} that ${fault}`;
  }
  return undefined;
}

/** `unit` is what is counted, with a space before it; '' for the number itself. */
function outside(size: number, least: unknown, most: unknown, unit: string): string | undefined {
  const verb = unit === '' ? 'must be' : 'must have';
  if (typeof least === 'number' && size < least) return `${verb} ${least}${unit} or more, not ${size}`;
  if (typeof most === 'number' && size > most)
    return `${verb} ${most}${unit} or ${unit ? 'fewer' : 'less'}, not ${size}`;
  return undefined;
}

const isSchemaObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function article(type: string): string {
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

const booleanTexts: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

/**
 * The value that a text of the command line means for a param: `-e wipe=false` is false, `-e nodes=node001,node002` a
 * list. A text that does not fit is given back as it is, and `faultOf` says what is wrong with it.
 */
export function fromText(schema: Schema, text: string): Json {
  const word = text.trim();
  switch (schema.type) {
    case 'boolean':
      return booleanTexts[word.toLowerCase()] ?? text;
    case 'integer':
    case 'number':
      return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : text;
    case 'array': {
      if (word.startsWith('[')) return parsed(word) ?? text;
      const items = isSchemaObject(schema.items) ? schema.items : {};
      return word === '' ? [] : word.split(',').map(item => fromText(items, item.trim()));
    }
    case 'object':
      return parsed(word) ?? text;
    default:
      return text;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
