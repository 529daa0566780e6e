import { Unknown, type Value } from '../../core/value.ts';
import type { Call } from './call.ts';
import { Fault } from './fault.ts';
import { lookupPaths } from './lookup-paths.ts';
import { Missing, need, type Slot } from './missing.ts';
import { didYouMean } from './nearest.ts';
import type { FunctionSpec, ParameterSpec, Reach } from './signature.ts';
import { kindOf } from './text.ts';
import { anyList, anything, booleanType, stringType } from './types.ts';

interface Lookup {
  /** One sentence. */
  readonly summary: string;
  readonly example: string;
  /** What it finds under a name; undefined where there is nothing. Throws `Fault`, or `Failure`. */
  find(term: string, reach: Reach, call: Call): Value | undefined;
}

export const lookups: Readonly<Record<string, Lookup>> = {
  env: {
    summary: 'A variable of the environment that quorate was started with.',
    example: "lookup('env', 'HOME', default='/root')",
    find: (name, { scope }) => scope.machine?.env(name),
  },
  file: {
    summary:
      'The text of a file of the machine that quorate runs on, without white space at its end (`rstrip=false` keeps it, `lstrip=true` takes that at its beginning too).',
    example: "lookup('file', 'key.pub')",
    find: (name, { scope, from }, call) => {
      const text = scope.machine?.text(lookupPaths(name, from));
      const begun = text !== undefined && call.flag('lstrip') ? text.trimStart() : text;
      return begun !== undefined && call.flag('rstrip') ? begun.trimEnd() : begun;
    },
  },
  vars: {
    summary: 'The value of a name that is itself worked out.',
    example: "lookup('vars', 'port_' ~ role, default=2379)",
    find: (name, { scope }) => scope.get(name),
  },
};

const names = Object.keys(lookups);

/** Lookups of Ansible that are not here, and what to write instead. */
const elsewhere: Readonly<Record<string, string>> = {
  pipe: 'run it with `command` and register its result',
  lines: 'run it with `command` and register its result',
  url: 'fetch it with `command: curl …` and register its result',
  template: 'write the file with the module `template`',
  password: 'give it as a param with `secret: true`',
  unvault: 'give secrets as params with `secret: true`',
  random_choice: 'a run that is resumed must find the same value: give it as a param',
  fileglob: 'name the files, or list them in a param',
  first_found: "write lookup('file', 'a') | default(lookup('file', 'b'))",
  sequence: 'write range(1, 9)',
  dict: 'write `| dict2items`',
  items: 'write the list itself',
  list: 'write the list itself',
  together: 'write `| zip(…)`',
  nested: 'write `| product(…)`',
  subelements: 'write `| subelements(…)`',
  indexed_items: 'use `index_var`, or loop.index in a template',
  inventory_hostnames: "write groups['name']",
};

/** What to write instead of a lookup of Ansible that is not here. */
export function lookupReplacement(name: string): string | undefined {
  return Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
}

/** The same, or what else may have been meant, for any name. */
export function insteadOfLookup(name: string): string {
  const plain = name.replace(/^ansible\.builtin\./, '');
  return lookupReplacement(plain) ?? didYouMean(plain, names) ?? `there are ${names.join(', ')}`;
}

export const isLookup = (name: string): boolean => Object.hasOwn(lookups, name.replace(/^ansible\.builtin\./, ''));

function found(call: Call, reach: Reach): readonly Slot[] {
  const name = call.textArgument('plugin');
  const lookup = isLookup(name) ? lookups[name.replace(/^ansible\.builtin\./, '')] : undefined;
  if (!lookup) throw new Fault(`there is no lookup \`${name}\``, insteadOfLookup(name));
  const fallback = call.given('default');
  return call.rest().map(term => {
    if (term instanceof Unknown) return term;
    if (typeof term !== 'string') throw new Fault(`\`${name}\` looks up a name, not ${kindOf(term)}`);
    const value = lookup.find(term, reach, call);
    if (value !== undefined) return value;
    return fallback === undefined ? new Missing(() => notFound(name, term)) : fallback;
  });
}

function notFound(lookup: string, name: string): Fault {
  switch (lookup.replace(/^ansible\.builtin\./, '')) {
    case 'env':
      return new Fault(`the environment has no ${name}`, "set it, or say what to take instead: default='…'");
    case 'file':
      return new Fault(
        `there is no file ${name} on this machine that can be read`,
        'it lies beside the playbook, or in files/ there',
      );
    default:
      return new Fault(`\`${name}\` is not defined`);
  }
}

const strip = (name: string, usual: boolean): ParameterSpec => ({
  name,
  type: booleanType,
  default: usual,
  byNameOnly: true,
});
const parameters: readonly ParameterSpec[] = [
  { name: 'plugin', type: stringType },
  { name: 'default', type: anything, optional: true, byNameOnly: true },
  strip('rstrip', true),
  strip('lstrip', false),
  { name: 'terms', type: stringType, takes: 'rest' },
];

/** The functions that read what stands outside of the playbook, on the machine that quorate runs on, and names by name. */
export const lookupFunctions: readonly FunctionSpec[] = [
  {
    name: 'lookup',
    summary:
      'What the environment (`env`), a file of this machine (`file`) or the names that can be used here (`vars`) have under a name; undefined where they have nothing, unless `default` is given.',
    examples: [
      { expression: "lookup('env', 'NOT_SET_ANYWHERE', default='x')", value: 'x' },
      { expression: "lookup('vars', 'not_set_anywhere') | default(1)", value: 1 },
      { expression: "lookup('file', 'not/there.pub', default='')", value: '' },
    ],
    parameters,
    returns: () => anything,
    apply: (call, reach) => {
      const [first, second] = found(call, reach);
      if (first !== undefined && second === undefined) return first;
      throw new Fault(
        '`lookup` takes one name',
        first === undefined ? "lookup('env', 'HOME')" : 'query(…) gives a list for several',
      );
    },
  },
  {
    name: 'query',
    aliases: ['q'],
    summary: 'The same for several names, as a list.',
    examples: [{ expression: "query('env', 'NOT_SET', 'NOT_SET_EITHER', default='x')", value: ['x', 'x'] }],
    parameters,
    returns: () => anyList,
    apply: (call, reach) => found(call, reach).map(need),
  },
];
