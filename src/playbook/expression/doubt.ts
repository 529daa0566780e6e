import type { Span } from '../../core/source.ts';
import type { Node } from './syntax.ts';
import { pathOf } from './syntax.ts';
import type { Conjunct } from './template.ts';
import { resultTests } from './tests/results.ts';
import { listOf, type Type } from './types.ts';

/** Why a result may lack what its module returns. */
export interface Doubt {
  readonly because: 'skipped' | 'failed' | 'unreached' | 'untagged';
  /** Where the result gets its name. */
  readonly at: Span;
  /** Of a skipped one: all that must be true for it not to be. */
  readonly unless?: readonly Conjunct[];
}

/** What a result has however its task ended. */
const fields: ReadonlySet<string> = new Set([
  'changed',
  'failed',
  'skipped',
  'message',
  'unreachable',
  'results',
  'item',
]);
/** Those that tell how it ended. */
const telling: ReadonlySet<string> = new Set(['changed', 'failed', 'skipped', 'unreachable']);
const tests: ReadonlySet<string> = new Set(resultTests.flatMap(({ name, aliases = [] }) => [name, ...aliases]));

/** True for a test (`skipped`), or a field, by which one asks how a task ended. */
export const tellsOfEnd = (word: string): boolean => telling.has(word) || tests.has(word);

/** True where a test for being defined settles it. */
export const isOfSetting = ({ because }: Doubt): boolean => because === 'untagged' || because === 'unreached';

/** True for a field that is there in any case. */
export const isSure = (field: string): boolean => fields.has(field);

/** The paths of the results of which a condition asks anywhere in it how their tasks ended: `added` for `not added.changed`. */
export function askedIn(node: Node): readonly string[] {
  switch (node.kind) {
    case 'test':
      return [...(tests.has(node.name.text) ? pathsOf(node.of) : []), ...askedIn(node.of)];
    case 'attribute':
      return [...(telling.has(node.name.text) ? pathsOf(node.of) : []), ...askedIn(node.of)];
    case 'index': {
      const asks = node.index.kind === 'literal' && telling.has(String(node.index.value));
      return [...(asks ? pathsOf(node.of) : []), ...askedIn(node.of)];
    }
    case 'not':
      return askedIn(node.of);
    case 'filter': {
      const asks = node.args.positional.some(
        argument => argument.kind === 'literal' && telling.has(String(argument.value)),
      );
      return [...(asks ? pathsOf(node.of) : []), ...askedIn(node.of)];
    }
    case 'logic':
      return [...askedIn(node.left), ...askedIn(node.right)];
    case 'compare':
      return [node.first, ...node.rest.map(({ operand }) => operand)].flatMap(askedIn);
    case 'ternary':
      return [node.condition, node.value, ...(node.otherwise ? [node.otherwise] : [])].flatMap(askedIn);
    default:
      return [];
  }
}

function pathsOf(node: Node): readonly string[] {
  const path = pathOf(node);
  return path === undefined ? [] : [path];
}

/** The type of a result that is in doubt; of a loop's, that of its rounds. */
export function doubted(type: Type, doubt: Doubt): Type {
  return throughResults(type, result => ({ ...result, doubt }));
}

/** The same type without doubt. */
export function certain(type: Type): Type {
  if (type.kind === 'list') return listOf(certain(type.items));
  return throughResults(type, ({ doubt: _, ...result }) => result);
}

type MapType = Extract<Type, { kind: 'map' }>;

function throughResults(type: Type, change: (result: MapType) => Type): Type {
  if (type.kind === 'union') return { kind: 'union', of: type.of.map(one => throughResults(one, change)) };
  if (type.kind !== 'map') return type;
  const rounds = type.properties.get('results')?.type;
  if (rounds?.kind !== 'list' || rounds.items.kind !== 'map' || !rounds.items.properties.has('item')) {
    return change(type);
  }
  const results = { type: listOf(change(rounds.items)), optional: false };
  return { ...type, properties: new Map([...type.properties, ['results', results]]) };
}

/** What is said of a use of `name` that a result, the subject, may lack. */
export function doubtfulUse(
  subject: string,
  name: string,
  { because, unless: [first] = [] }: Doubt,
): { readonly message: string; readonly hint: string; readonly here: string } {
  const here = first ? `registered here, where \`${first.text}\`` : 'registered here';
  const isItem = !subject.startsWith('`');
  const bare = subject.replaceAll('`', '');
  const usual = isItem ? '' : `, or write \`${bare}.${name} | default(…)\``;
  switch (because) {
    case 'untagged':
      return {
        message: `${subject} is only set where a tag of its task is asked for: the task has the tag \`never\``,
        hint: `ask for it first: \`${bare} is defined\`${usual}`,
        here,
      };
    case 'unreached':
      return {
        message: `${subject} is not set where a task before it in its block fails`,
        hint: `ask for it first: \`${bare}.${name} is defined\`${usual}`,
        here,
      };
    case 'skipped':
    case 'failed': {
      const message = `${subject} may be the result of a task that ${because === 'failed' ? 'failed' : 'was skipped'}, and has no \`${name}\` then`;
      const test = because === 'failed' ? 'is succeeded' : 'is not skipped';
      const hint = isItem
        ? `leave such items out first: \`| rejectattr('${because}')\``
        : `ask for it first: \`${bare} ${test}\`${usual}`;
      return { message, hint, here };
    }
  }
}
