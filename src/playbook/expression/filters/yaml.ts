import { parseAllDocuments, stringify, YAMLParseError } from 'yaml';
import { isList, isMap, type Value } from '../../../core/value.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { longest } from '../operators.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { kindOf } from '../text.ts';
import { anyList, anything, booleanType, integerType, stringType } from '../types.ts';

const sortKeys: ParameterSpec = { name: 'sort_keys', type: booleanType, default: true, byNameOnly: true };
const width: ParameterSpec = { name: 'width', type: integerType, default: 80, byNameOnly: true };

/** Ambiguous words are quoted for readers of YAML 1.1 too: `'no'` stays a text for Ansible. */
function write(call: Call, flow: boolean, indent: number): string {
  if (indent < 1 || indent > 16) throw new Fault('`indent` is a number from 1 to 16');
  const text = stringify(call.input, {
    compat: 'yaml-1.1',
    collectionStyle: flow ? 'flow' : 'block',
    aliasDuplicateObjects: false,
    indent,
    lineWidth: Math.max(20, call.wholeArgument('width')),
    sortMapEntries: call.flag('sort_keys'),
  });
  if (text.length > longest) throw new Fault('the text would be too long');
  return text;
}

/** The documents of a text, in the schema of playbooks (YAML 1.2 core), so that `no` is a text. */
function read(text: string): readonly Value[] {
  const documents = parseAllDocuments(text, { version: '1.2', merge: true, intAsBigInt: true, prettyErrors: false });
  const found = Array.isArray(documents) ? documents : [];
  return found.map(document => {
    const [error] = document.errors;
    // Its message may quote the text, which may be secret: only the place is said.
    if (error) throw notYaml(error);
    try {
      return asValue(document.toJS({ mapAsMap: true, maxAliasCount: 100 }));
    } catch (thrown) {
      if (thrown instanceof Fault) throw thrown;
      throw new Fault('the YAML has aliases to nothing, or too many of them');
    }
  });
}

function notYaml(error: unknown): Fault {
  const place = error instanceof YAMLParseError ? ` (from character ${error.pos[0] + 1} on)` : '';
  return new Fault(`the text is not YAML${place}`);
}

function asValue(parsed: unknown): Value {
  if (parsed === null || parsed === undefined) return null;
  if (typeof parsed === 'bigint') {
    const number = Number(parsed);
    return Number.isSafeInteger(number) ? number : String(parsed);
  }
  if (typeof parsed === 'boolean' || typeof parsed === 'number' || typeof parsed === 'string') return parsed;
  if (Array.isArray(parsed)) return parsed.map(asValue);
  if (!(parsed instanceof Map)) throw new Fault('the YAML has a value that cannot stand here');
  return Object.fromEntries([...parsed].map(([key, inner]) => [keyOf(asValue(key)), asValue(inner)]));
}

function keyOf(key: Value): string {
  if (isList(key) || isMap(key)) throw new Fault(`a key of the YAML is ${kindOf(key)}`);
  return String(key);
}

export const yamlFilters: readonly FilterSpec[] = [
  {
    name: 'to_yaml',
    summary: 'The value as YAML in its short form: maps and lists in braces and brackets.',
    examples: [{ expression: "{'a': [1, 'no']} | to_yaml", value: '{ a: [ 1, "no" ] }\n' }],
    input: anything,
    parameters: [{ name: 'indent', type: integerType, default: 2 }, width, sortKeys],
    returns: () => stringType,
    apply: call => write(call, true, call.wholeArgument('indent')),
  },
  {
    name: 'to_nice_yaml',
    summary: 'The value as YAML, an entry a line. Keys are sorted unless `sort_keys` is false.',
    examples: [
      {
        expression: "{'b': [1, 2], 'a': {'c': true}} | to_nice_yaml",
        value: 'a:\n    c: true\nb:\n    - 1\n    - 2\n',
      },
    ],
    input: anything,
    parameters: [{ name: 'indent', type: integerType, default: 4 }, width, sortKeys],
    returns: () => stringType,
    apply: call => write(call, false, call.wholeArgument('indent')),
  },
  {
    name: 'from_yaml',
    summary:
      'The value that a text of YAML stands for, read as playbooks are. Whole numbers beyond 2^53 become text, so that they stay exact.',
    examples: [{ expression: "'a: [1, no]' | from_yaml", value: { a: [1, 'no'] } }],
    input: stringType,
    parameters: [],
    returns: () => anything,
    apply: call => {
      const documents = read(call.text());
      if (documents.length > 1) throw new Fault('the text has several documents', 'read them with `| from_yaml_all`');
      return documents[0] ?? null;
    },
  },
  {
    name: 'from_yaml_all',
    summary: 'The values of all documents of a text of YAML, as a list.',
    examples: [{ expression: "'a: 1\n---\nb' | from_yaml_all", value: [{ a: 1 }, 'b'] }],
    input: stringType,
    parameters: [],
    returns: () => anyList,
    apply: call => read(call.text()),
  },
];
