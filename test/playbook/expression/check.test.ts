import { Type as Schema } from 'typebox';
import { describe, expect, test } from 'vitest';
import { hasErrors } from '../../../src/core/diagnostic.ts';
import { fromSchema } from '../../../src/playbook/expression/schema-types.ts';
import {
  compileCondition,
  compileExpression,
  compileText,
  listTemplate,
  mapTemplate,
} from '../../../src/playbook/expression/template.ts';
import {
  anything,
  booleanType,
  describe as describeType,
  integerType,
  listOf,
  oneOf,
  recordOf,
  stringType,
  type Type,
  unknownUntilRun,
} from '../../../src/playbook/expression/types.ts';
import { compiled, marked, typesOf } from '../../support/expression.ts';

const member = Schema.Object({
  id: Schema.String(),
  name: Schema.String(),
  peer_urls: Schema.Array(Schema.String()),
  learner: Schema.Boolean(),
  lag: Schema.Optional(Schema.Integer()),
});
const added = Schema.Object({
  member_id: Schema.String(),
  members: Schema.Array(member),
  state: Schema.Enum(['learner', 'voter']),
  leader: Schema.Union([Schema.String(), Schema.Null()]),
  labels: Schema.Record(Schema.String(), Schema.String()),
  raw: Schema.Unknown(),
});

const types = typesOf({
  added: fromSchema(added),
  node: stringType,
  nodes: listOf(stringType),
  count: integerType,
  wipe: booleanType,
  mode: oneOf('fast', 'safe'),
  cfg: recordOf({ spool: stringType, keep: integerType }),
  open: anything,
  facts: unknownUntilRun('include_vars'),
});

describe('the type of an expression', () => {
  test.each([
    ['1', 'an integer'],
    ['1.5', 'a number'],
    ["'a'", '"a"'],
    ['none', 'none'],
    ['true', 'a boolean'],
    ['[1, 2]', 'a list of integers'],
    ["[1, 'a']", 'a list'],
    ["{'a': 1}", 'a map with a'],
    ["{'a': 1}.a", 'an integer'],
    ['added.member_id', 'a string'],
    ['added.members', 'a list of maps'],
    ['added.members[0].lag', 'an integer'],
    ['added.members.0.name', 'a string'],
    ["added.members | map(attribute='name')", 'a list of strings'],
    ["added.members | map(attribute='peer_urls') | first", 'a list of strings'],
    ["added.members | map(attribute='lag', default=0)", 'a list'],
    ["added.members | selectattr('learner') | map(attribute='id') | list", 'a list of strings'],
    ["(added.members | selectattr('name', 'eq', node) | first).id", 'a string'],
    ['added.state', 'one of "learner", "voter"'],
    ['added.leader', 'a string or none'],
    ['added.labels.any', 'a string'],
    ['added.raw.whatever.you.like', 'any value'],
    ['nodes', 'a list of strings'],
    ['nodes | length', 'an integer'],
    ['nodes | first', 'a string'],
    ['nodes[0]', 'a string'],
    ['nodes[1:]', 'a list of strings'],
    ["nodes | map('length') | list", 'a list of integers'],
    ["nodes | join(',')", 'a string'],
    ["nodes + ['a']", 'a list of strings'],
    ['nodes | union([1])', 'a list'],
    ['count + 1', 'an integer'],
    ['count / 2', 'a number'],
    ['count // 2', 'an integer'],
    ['-count', 'an integer'],
    ["node ~ 'x'", 'a string'],
    ['node * 2', 'a string'],
    ['count > 1', 'a boolean'],
    ['node in nodes', 'a boolean'],
    ['wipe and count', 'a boolean or an integer'],
    ['not node', 'a boolean'],
    ['node is defined', 'a boolean'],
    ["'a' if wipe else 'b'", 'one of "a", "b"'],
    ["'a' if wipe else 1", '"a" or an integer'],
    ["wipe | ternary('a', 'b')", 'one of "a", "b"'],
    ["nope | default('x')", '"x"'],
    ["cfg.nope | default('x')", '"x"'],
    ['cfg.spool | default(1)', 'a string or an integer'],
    ['added.leader | default(1)', 'a string or an integer or none'],
    ['node | int', 'an integer'],
    ["node | int('?')", '"?" or an integer'],
    ['node | float', 'a number'],
    ["node.split(',')", 'a list of strings'],
    ['cfg | dict2items | first', 'a map with key, value'],
    ["cfg | combine({'more': true})", 'a map with spool, keep, more'],
    ["(cfg | combine({'more': true})).more", 'a boolean'],
    ['cfg.values()', 'a list'],
    ["node | regex_search('a')", 'a string or none'],
    ["node | regex_search('(a)', '\\1')", 'a list of strings or none'],
    ['range(3)', 'a list of integers'],
    ['open.x[0] | first', 'any value'],
    ['facts.x', 'a value that is known only after include_vars'],
    ["node is version('3.4', '>=')", 'a boolean'],
  ])('%s: %s', (text, wanted) => {
    const { type, diagnostics } = compiled(compileExpression, text).check(types);
    expect(diagnostics).toEqual([]);
    expect(describeType(type)).toBe(wanted);
  });
});

type Row = readonly [text: string, code: string, message: string, hint?: string];
const named = ([withMark, code, message, hint]: Row) => ({ withMark, code, message, hint });

const findings: readonly Row[] = [
  ['«nod»', 'error undefined-name', '`nod` is not defined', 'did you mean `node`?'],
  ['«null»', 'error undefined-name', '`null` is not defined', 'write `none`'],
  ['[«nod»]', 'error undefined-name', '`nod` is not defined'],
  ['«zzzzzz».x', 'error undefined-name', '`zzzzzz` is not defined'],
  ['nodes[«nod»]', 'error undefined-name', '`nod` is not defined'],
  ['node | default(«nod»)', 'error undefined-name', '`nod` is not defined'],
  ['nod is defined or «nod» > 1', 'error undefined-name', '`nod` is not defined'],
  ['added.«member_idd»', 'error unknown-attribute', 'a map with member_id,', 'did you mean `member_id`?'],
  ["added[«'member_idd'»]", 'error unknown-attribute', 'a map with member_id,', 'did you mean `member_id`?'],
  ['added.members[0].«nam»', 'error unknown-attribute', 'a map with id,', 'did you mean `name`?'],
  [
    'added.members.«name»',
    'error unknown-attribute',
    'a list of maps has no `name`',
    "of each item: | map(attribute='name')",
  ],
  ["added.members | map(attribute=«'nam'»)", 'error unknown-attribute', 'a map with id,', 'did you mean `name`?'],
  [
    "added.members | selectattr(«'nam'», 'eq', 'x')",
    'error unknown-attribute',
    'a map with id,',
    'did you mean `name`?',
  ],
  ['node.«spool»', 'error unknown-attribute', 'a string has no `spool`'],
  ['cfg.«items»', 'error unknown-attribute', 'a map with spool, keep has no `items`', 'write .items() to call it'],
  ['count[«0»]', 'error unknown-attribute', 'an integer has no items'],
  ["{'stat': cfg}.«keep»", 'error unknown-attribute', 'a map with stat has no `keep`', 'did you mean `stat.keep`?'],
  ['(cfg if wipe else added).«nope»', 'error unknown-attribute', 'a map with'],
  [
    'nodes | «upper»',
    'error type-mismatch',
    '`upper` wants a string, not a list of strings',
    "make a text of it with `| join(',')`, or take one item of it",
  ],
  [
    'node | «join»',
    'error type-mismatch',
    '`join` wants a list or a map, not a string',
    "make a list of it with `| split(',')`, or write [ … ] around it",
  ],
  ["nodes | map(«'round'»)", 'error type-mismatch', '`round` wants a number, not a string'],
  ["nodes | select(«'even'»)", 'error type-mismatch', '`even` wants an integer, not a string'],
  [
    'nodes is «even»',
    'error type-mismatch',
    '`is even` wants an integer, not a list of strings',
    'count its items with `| length`',
  ],
  ['node is «changed»', 'error type-mismatch', '`is changed` wants a map, not a string'],
  ['nodes | join(«1»)', 'error type-mismatch', '`d` of `join` must be a string, not an integer'],
  ["node is version('3.4', «'=>'»)", 'error type-mismatch', '`operator` of `version` must be one of'],
  ['nodes.«split»()', 'error type-mismatch', '`.split()` wants a string, not a list of strings'],
  [
    '«node + 1»',
    'error type-mismatch',
    '`+` cannot take a string and an integer',
    'join texts with ~, or make a number of a text with `| int`',
  ],
  ['«nodes - nodes»', 'error type-mismatch', '`-` cannot take a list of strings and a list of strings'],
  ['1 + «nodes * nodes»', 'error type-mismatch', '`*` cannot take'],
  ['«-node»', 'error type-mismatch', '`-` wants a number, not a string'],
  [
    '«count < node»',
    'error type-mismatch',
    'an integer and a string have no order',
    'make a number of it with `| int` or `| float`',
  ],
  ['1 < «count < node»', 'error type-mismatch', 'an integer and a string have no order'],
  ['«node in count»', 'error type-mismatch', '`in` cannot look for a string in an integer'],
  ['«count in node»', 'error type-mismatch', '`in` cannot look for an integer in a string'],
  ['{«nodes»: 1}', 'error type-mismatch', 'a key must be a string, not a list of strings'],
  ['«count[1:]»', 'error type-mismatch', 'only a list or a text has parts, not an integer'],
  ['nodes[«wipe»]', 'error type-mismatch', 'an index is a string or a whole number, not a boolean'],
  [
    "«count == '0'»",
    'warning type-mismatch',
    'this is always false: an integer against "0"',
    'make a number of it with `| int` or `| float`',
  ],
  ["«count != '0'»", 'warning type-mismatch', 'this is always true: an integer against "0"'],
  ["«added.state == 'learnr'»", 'warning type-mismatch', 'this is always false', 'did you mean `learner`?'],
  ['«count in nodes»', 'warning type-mismatch', 'this is always false: an integer against a list of strings'],
  ['«wipe == 1»', 'warning type-mismatch', 'this is always false: a boolean against an integer'],
];

describe('what is surely wrong', () => {
  test.each(findings.map(named))('$withMark', ({ withMark, code, message, hint }) => {
    const text = withMark.replace(/[«»]/g, '');
    const [first, ...others] = compiled(compileExpression, text).check(types).diagnostics;
    expect(others).toEqual([]);
    expect(`${first?.severity} ${first?.code}: ${first?.message}`).toContain(`${code}: ${message}`);
    expect(marked(text, first?.span)).toBe(withMark);
    if (hint !== undefined) expect(first?.hint).toBe(hint);
  });

  test('everything in a value is reported, with its place in the text', () => {
    const text = 'x {{ nod }} y {{ added.nope }}';
    const template = compiled(compileText, text);
    const together = mapTemplate([['a', listTemplate([template], template.span)]], template.span);
    const { diagnostics } = together.check(types);
    expect(diagnostics.map(d => [d.code, d.span?.start, d.span?.end])).toEqual([
      ['undefined-name', 5, 8],
      ['unknown-attribute', 23, 27],
    ]);
  });
});

describe('what may be right', () => {
  test.each([
    'nope is defined',
    'nope.a.b is not defined',
    'nope | default(1)',
    'nope.a | default(also.nope) | default(1)',
    'nope is defined and nope.x > 1',
    'nope is not defined or nope.x > 1',
    'nope.x if nope is defined else 1',
    'cfg.nope is defined and cfg.nope.deeper == 1',
    'cfg.nope | default(1)',
    'open.a.b.c + 1',
    'facts.a | upper',
    '(facts.a ~ 1) | upper',
    'added.raw | join',
    'added.leader | upper',
    'added.members[0].lag > 3',
    "added.state == 'voter'",
    'added.leader == none',
    'added.leader is none',
    '[] | first',
    '[] == nodes',
    'node in []',
    'nodes | map(open)',
    "(open | first).x | default('')",
    "count | string == '0'",
    "{'a': 1}[node]",
    'added[node]',
    'mode in ["fast", "slow"]',
  ])('%s', text => {
    expect(compiled(compileExpression, text).check(types).diagnostics).toEqual([]);
  });
});

describe('conditions', () => {
  test.each([
    '«node»',
    'wipe and «node»',
    'not «node»',
    '«node | upper» or wipe',
    '«mode»',
    "wipe if count else «'x'»",
  ])('%s is refused', withMark => {
    const text = withMark.replace(/[«»]/g, '');
    const [first] = compiled(compileCondition, text).check(types).diagnostics;
    expect(first).toMatchObject({ code: 'type-mismatch', severity: 'error' });
    expect(marked(text, first?.span)).toBe(withMark);
  });

  test.each(['wipe', 'count', 'nodes', 'node == "a"', 'added.leader', 'open', 'facts', 'not (node is defined)'])(
    '%s',
    text => {
      const { type, diagnostics } = compiled(compileCondition, text).check(types);
      expect(hasErrors(diagnostics)).toBe(false);
      expect(type).toEqual(booleanType);
    },
  );
});

test('a compiled template can be checked against different scopes', () => {
  const template = compiled(compileText, '{{ a + 1 }}');
  const check = (a: Type) => template.check(typesOf({ a })).diagnostics.length;
  expect([check(integerType), check(stringType), check(anything)]).toEqual([0, 1, 0]);
});
