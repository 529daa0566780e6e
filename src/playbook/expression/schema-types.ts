import {
  anything,
  booleanType,
  integerType,
  listOf,
  nullType,
  numberType,
  oneOf,
  type Property,
  stringType,
  type Type,
  union,
} from './types.ts';

/** The keywords of JSON Schema that say something about a type. */
interface Schema {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly enum?: unknown;
  readonly anyOf?: unknown;
  readonly oneOf?: unknown;
  readonly items?: unknown;
  readonly prefixItems?: unknown;
  readonly properties?: unknown;
  readonly required?: unknown;
  readonly additionalProperties?: unknown;
  readonly patternProperties?: unknown;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The type that a JSON Schema (a typebox object is one) describes. An object that lists properties has no others, unless
 * `additionalProperties` allows them: what a module returns is what it declares. What is not understood is `any`.
 */
export function fromSchema(schema: unknown): Type {
  if (!isSchema(schema)) return anything;
  if ('const' in schema) return ofConstants([schema.const]);
  if (Array.isArray(schema.enum)) return ofConstants(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return choices.length > 0 ? union(...choices.map(fromSchema)) : anything;
  const types = schema.type;
  if (Array.isArray(types)) return union(...types.map(type => fromSchema({ ...schema, type })));
  switch (types) {
    case 'null':
      return nullType;
    case 'boolean':
      return booleanType;
    case 'integer':
      return integerType;
    case 'number':
      return numberType;
    case 'string':
      return stringType;
    case 'array':
      return listOf(itemsOf(schema));
    case 'object':
      return ofObject(schema);
    default:
      return anything;
  }
}

function ofConstants(values: readonly unknown[]): Type {
  return union(
    ...values.map(value => {
      if (typeof value === 'string') return oneOf(value);
      if (typeof value === 'boolean') return booleanType;
      if (typeof value === 'number') return Number.isInteger(value) ? integerType : numberType;
      return value === null ? nullType : anything;
    }),
  );
}

function itemsOf(schema: Schema): Type {
  const tuple = schema.prefixItems ?? schema.items;
  return Array.isArray(tuple) ? union(...tuple.map(fromSchema)) : fromSchema(schema.items);
}

function ofObject(schema: Schema): Type {
  const named = isSchema(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = new Map<string, Property>(
    Object.entries(named).map(([name, property]) => [
      name,
      { type: fromSchema(property), optional: !required.includes(name) },
    ]),
  );
  const more = schema.additionalProperties;
  const patterns = isSchema(schema.patternProperties) ? Object.values(schema.patternProperties) : [];
  if (patterns.length > 0) return { kind: 'map', properties, rest: union(...patterns.map(fromSchema)) };
  const closed = more === false || (more === undefined && properties.size > 0);
  return closed ? { kind: 'map', properties } : { kind: 'map', properties, rest: fromSchema(more) };
}
