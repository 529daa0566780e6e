import { expect, test } from 'vitest';
import type { Json } from '../../src/core/value.ts';
import { faultOf, fromText } from '../../src/playbook/param-schema.ts';
import type { Schema } from '../../src/playbook/schema-walk.ts';

const nodes = { type: 'array', items: { type: 'string' } };

// schema, text of the command line, what it means
const texts: readonly (readonly [Schema, string, Json])[] = [
  [{ type: 'boolean' }, 'false', false],
  [{ type: 'boolean' }, 'No', false],
  [{ type: 'boolean' }, 'on', true],
  [{ type: 'boolean' }, '1', '1'],
  [{ type: 'boolean' }, '', ''],
  [{ type: 'integer' }, ' 12 ', 12],
  [{ type: 'integer' }, '-3', -3],
  [{ type: 'integer' }, '0x10', '0x10'],
  [{ type: 'integer' }, '', ''],
  [{ type: 'number' }, '2.5', 2.5],
  [{ type: 'number' }, '1e3', 1000],
  [{ type: 'number' }, 'Infinity', 'Infinity'],
  [{ type: 'string' }, '12', '12'],
  [{ type: 'string' }, ' x ', ' x '],
  [nodes, 'node001,node002', ['node001', 'node002']],
  [nodes, 'node001, node002', ['node001', 'node002']],
  [nodes, 'node001', ['node001']],
  [nodes, '', []],
  [nodes, '["a,b"]', ['a,b']],
  [nodes, '[broken', '[broken'],
  [{ type: 'array', items: { type: 'integer' } }, '1,2', [1, 2]],
  [{ type: 'object' }, '{"a": 1}', { a: 1 }],
  [{ type: 'object' }, 'a', 'a'],
  [{ enum: ['fast', 'slow'] }, 'fast', 'fast'],
];

test.each(texts)('%j reads %j as %j', (schema, text, value) => expect(fromText(schema, text)).toEqual(value));

// schema, value, the fault (or nothing)
const values: readonly (readonly [Schema, Json, string?])[] = [
  [{ type: 'string' }, 'a'],
  [{ type: 'string' }, 1, 'must be a string, not 1'],
  [{ type: 'string' }, null, 'must be a string, not null'],
  [{ type: 'integer' }, 1],
  [{ type: 'integer' }, 1.5, 'must be an integer, not 1.5'],
  [{ type: 'number' }, 1.5],
  [{ type: 'boolean' }, 'yes', 'must be a boolean, not "yes"'],
  [{ type: 'array' }, {}, 'must be an array, not {}'],
  [{ type: 'object' }, [], 'must be an object, not []'],
  [{ enum: ['a', 'b'] }, 'c', 'must be one of a, b, not "c"'],
  [{ type: 'string', pattern: '^n' }, 'x', 'must match ^n; "x" does not'],
  [{ type: 'string', minLength: 2 }, 'x', 'must have 2 characters or more, not 1'],
  [{ type: 'string', maxLength: 2 }, 'xyz', 'must have 2 characters or fewer, not 3'],
  [{ type: 'integer', minimum: 3 }, 2, 'must be 3 or more, not 2'],
  [{ type: 'integer', maximum: 3 }, 4, 'must be 3 or less, not 4'],
  [{ type: 'array', minItems: 1 }, [], 'must have 1 items or more, not 0'],
  [{ type: 'array', maxItems: 1 }, [1, 2], 'must have 1 items or fewer, not 2'],
  [{ type: 'array', uniqueItems: true }, [1, 1], 'has 1 twice'],
  [{ type: 'array', uniqueItems: true }, [null, null], 'has null twice'],
  [nodes, ['a', 1], 'has an item that must be a string, not 1'],
  [{ type: 'object', required: ['a'] }, {}, 'needs the property a'],
  [
    { type: 'object', properties: { a: { type: 'integer' } } },
    { a: 'x' },
    'has a property a that must be an integer, not "x"',
  ],
  [{ type: 'object', additionalProperties: false }, { a: 1 }, 'has no property a'],
  [{ type: 'object' }, { a: 1 }],
];

test('a value is what its schema wants, or the fault is said', () => {
  for (const [schema, value, fault] of values) expect(faultOf(schema, value)).toBe(fault);
});
