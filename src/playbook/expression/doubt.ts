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

/** What is said of a use that may fail. */
export interface DoubtWords {
  readonly message: string;
  readonly hint: string;
  /** Of the place where the name is given. */
  readonly here: string;
}

/** Of a use of the attribute `name`, which a result may lack. `path`: of the result; undefined for an item of a list. */
export function doubtfulUse(path: string | undefined, name: string, doubt: Doubt): DoubtWords {
  const { because } = doubt;
  const subject = path === undefined ? 'an item' : `\`${path}\``;
  const tested = path ?? 'item';
  const usual = path === undefined ? '' : `, or write \`${path}.${name} | default(…)\``;
  const here = `registered here${whereOf(doubt)}`;
  switch (because) {
    case 'untagged':
      return {
        message: `${subject} is only set where a tag of its task is asked for: the task has the tag \`never\``,
        hint: `ask for it first: \`${tested} is defined\`${usual}`,
        here,
      };
    case 'unreached':
      return {
        message: `${subject} is not set where a task before it in its block fails`,
        hint: `ask for it first: \`${tested}.${name} is defined\`${usual}`,
        here,
      };
    case 'skipped':
    case 'failed': {
      const how = because === 'failed' ? 'failed' : 'was skipped';
      const test = because === 'failed' ? 'is succeeded' : 'is not skipped';
      return {
        message: `${subject} may be the result of a task that ${how}, and has no \`${name}\` then`,
        hint:
          path === undefined
            ? `leave such items out first: \`| rejectattr('${because}')\``
            : `ask for it first: \`${path} ${test}\`${usual}`,
        here,
      };
    }
  }
}

/** Of a use of a fact that may not be set. */
export function doubtfulName(name: string, doubt: Doubt): DoubtWords {
  return {
    message: `\`${name}\` is not set where the task that sets it is ${doubt.because === 'skipped' ? 'skipped' : 'left out'}`,
    hint: `ask for it first: \`${name} is defined\`, write \`${name} | default(…)\`, or give it a value in \`vars\``,
    here: `set here${whereOf(doubt)}`,
  };
}

function whereOf({ unless: [first] = [] }: Doubt): string {
  return first ? `, where \`${first.text}\`` : '';
}
