import { Type as Schema } from 'typebox';
import { expect, test } from 'vitest';
import { fromSchema } from '../../../src/playbook/expression/schema-types.ts';
import { propertyType } from '../../../src/playbook/expression/type-rules.ts';
import {
  anything,
  describe as describeType,
  fits,
  integerType,
  listOf,
  mapOf,
  nothing,
  nullType,
  numberType,
  oneOf,
  recordOf,
  stringType,
  union,
  unknownUntilRun,
  widen,
} from '../../../src/playbook/expression/types.ts';

test.each([
  [Schema.String(), 'a string'],
  [Schema.Integer({ minimum: 1 }), 'an integer'],
  [Schema.Number(), 'a number'],
  [Schema.Boolean(), 'a boolean'],
  [Schema.Null(), 'none'],
  [Schema.Literal('a'), '"a"'],
  [Schema.Enum(['a', 'b']), 'one of "a", "b"'],
  [Schema.Union([Schema.Literal('a'), Schema.Literal('b')]), 'one of "a", "b"'],
  [Schema.Union([Schema.String(), Schema.Integer()]), 'a string or an integer'],
  [Schema.Array(Schema.Integer()), 'a list of integers'],
  [Schema.Array(Schema.Object({ a: Schema.String() })), 'a list of maps'],
  [Schema.Object({ a: Schema.String(), b: Schema.Optional(Schema.Null()) }), 'a map with a, b'],
  [Schema.Unknown(), 'any value'],
  [{}, 'any value'],
  [true, 'any value'],
  [{ type: ['string', 'null'] }, 'a string or none'],
  [{ enum: [1, 2, 'auto'] }, '"auto" or an integer'],
  [{ type: 'array', items: [{ type: 'string' }, { type: 'integer' }] }, 'a list'],
  [{ $ref: '#/$defs/x' }, 'any value'],
])('%j is %s', (schema, wanted) => {
  expect(describeType(fromSchema(schema))).toBe(wanted);
});

test('an object is closed where it lists properties, unless it allows more', () => {
  const has = (schema: unknown, name: string) => propertyType(fromSchema(schema), name) !== undefined;
  expect(has(Schema.Object({ a: Schema.String() }), 'b')).toBe(false);
  expect(has(Schema.Object({ a: Schema.String() }, { additionalProperties: true }), 'b')).toBe(true);
  expect(has(Schema.Object({ a: Schema.String() }, { additionalProperties: Schema.Integer() }), 'b')).toBe(true);
  expect(has(Schema.Object({}), 'b')).toBe(true);
  expect(has({ type: 'object' }, 'b')).toBe(true);
  expect(has({ type: 'object', additionalProperties: false }, 'b')).toBe(false);
  const labels = fromSchema(Schema.Record(Schema.String(), Schema.Integer()));
  expect(propertyType(labels, 'any')).toEqual(integerType);
});

test('a type fits where a value of it may be wanted', () => {
  const spool = recordOf({ path: stringType, keep: integerType });
  expect(fits(integerType, numberType)).toBe(true);
  expect(fits(numberType, integerType)).toBe(true);
  expect(fits(stringType, integerType)).toBe(false);
  expect(fits(nullType, stringType)).toBe(false);
  expect(fits(union(nullType, stringType), stringType)).toBe(true);
  expect(fits(oneOf('a', 'b'), oneOf('b', 'c'))).toBe(true);
  expect(fits(oneOf('a'), oneOf('b', 'c'))).toBe(false);
  expect(fits(stringType, oneOf('b'))).toBe(true);
  expect(fits(listOf(stringType), listOf(integerType))).toBe(false);
  expect(fits(listOf(nothing), listOf(integerType))).toBe(true);
  expect(fits(listOf(anything), listOf(integerType))).toBe(true);
  expect(fits(stringType, listOf(stringType))).toBe(false);
  expect(fits(unknownUntilRun('x'), integerType)).toBe(true);
  expect(fits(spool, recordOf({ path: stringType, keep: numberType }))).toBe(true);
  expect(fits(spool, recordOf({ path: stringType }))).toBe(false);
  expect(fits(recordOf({ path: stringType }), spool)).toBe(false);
  expect(fits(mapOf(stringType), spool)).toBe(true);
  expect(fits(spool, mapOf(stringType))).toBe(false);
  expect(fits(spool, mapOf(anything))).toBe(true);
});

test('a union has each alternative once, and what is open swallows the rest', () => {
  expect(describeType(union(stringType, integerType, stringType))).toBe('a string or an integer');
  expect(union(oneOf('a'), stringType)).toEqual(stringType);
  expect(union(integerType, anything)).toEqual(anything);
  expect(union(nothing, integerType)).toEqual(integerType);
});

test('a widened type has lost the values of its strings', () => {
  expect(widen(union(oneOf('a'), nullType))).toEqual(union(stringType, nullType));
  expect(widen(listOf(recordOf({ a: oneOf('x') })))).toEqual(listOf(recordOf({ a: stringType })));
});
