import { Type } from 'typebox';
import { schemasOf } from '../../scripts/validators.ts';
import type { Inventory, InventoryHost } from '../../src/core/inventory.ts';
import { control, type Module, observe } from '../../src/core/module.ts';
import type { Validate, Validators } from '../../src/core/validate.ts';
import type { Json } from '../../src/core/value.ts';
import { checker } from '../../src/custom/params.ts';
import type { VarsFolders } from '../../src/playbook/inventory/vars-beside.ts';

const closed = { additionalProperties: false };

/** A module with every kind of parameter and a typed result; it stands in for the real ones, which change. */
const member = observe({
  name: 'member',
  summary: 'Looks at a member.',
  description: '',
  foresees: true,
  params: Type.Object(
    {
      name: Type.String({ minLength: 1, description: 'Its name.' }),
      state: Type.Optional(Type.Enum(['learner', 'voter', 'absent'])),
      wait: Type.Boolean({ default: true }),
      tries: Type.Optional(Type.Integer({ minimum: 1 })),
      mode: Type.Optional(Type.String({ pattern: '^0[0-7]{3}$' })),
      nodes: Type.Optional(
        Type.Array(Type.Object({ name: Type.String(), port: Type.Optional(Type.Integer()) }, closed)),
      ),
      lag: Type.Optional(Type.Union([Type.Integer(), Type.Array(Type.Integer())])),
      labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    },
    closed,
  ),
  returns: Type.Object({ member_id: Type.String(), started: Type.Boolean(), nodes: Type.Array(Type.String()) }),
  examples: [],
  localFiles: ({ name }) => (typeof name === 'string' && name.endsWith('.pem') ? { name } : {}),
  lint: ({ name }) =>
    name === 'localhost' ? [{ at: ['name'], severity: 'warning', message: 'a member needs a name of its own' }] : [],
  observe: async () => ({ member_id: '', started: false, nodes: [] }),
});

const run = observe({
  name: 'run',
  summary: 'Runs.',
  description: '',
  foresees: false,
  params: Type.Object({ cmd: Type.String() }, closed),
  returns: Type.Object({ rc: Type.Integer(), stdout: Type.String() }),
  examples: [],
  freeForm: 'cmd',
  failureKeeps: true,
  observe: async () => ({ rc: 0, stdout: '' }),
});

const check = control({
  name: 'check',
  summary: 'Checks.',
  description: '',
  params: Type.Object(
    { that: Type.Union([Type.Boolean(), Type.Array(Type.Boolean())], { 'x-quorate-expression': true }) },
    closed,
  ),
  returns: Type.Object({}),
  examples: [],
  control: () => [],
});

const setFact = control({
  name: 'set_fact',
  summary: 'Names values.',
  description: '',
  namesFacts: true,
  params: Type.Object({}, { additionalProperties: true, minProperties: 1 }),
  returns: Type.Object({}, { additionalProperties: true }),
  examples: [],
  control: () => [],
});

const show = control({
  name: 'show',
  summary: 'Shows.',
  description: '',
  params: Type.Object({ msg: Type.Unknown() }, closed),
  returns: Type.Object({}),
  examples: [],
  control: () => [],
});

const fail = control({
  name: 'fail',
  summary: 'Fails.',
  description: '',
  params: Type.Object({ msg: Type.String() }, closed),
  returns: Type.Object({}),
  examples: [],
  control: () => [],
});

const render = control({
  name: 'render',
  summary: 'Shows what a template renders to.',
  description: '',
  params: Type.Object(
    {
      src: Type.String(),
      trim_blocks: Type.Optional(Type.Boolean()),
      lstrip_blocks: Type.Optional(Type.Boolean()),
      content: Type.Optional(Type.String()),
    },
    closed,
  ),
  returns: Type.Object({}),
  examples: [],
  rendered: { from: 'src', into: 'content' },
  control: () => [],
});

const includeVars = control({
  name: 'include_vars',
  summary: 'Reads vars.',
  description: '',
  freeForm: 'file',
  readsVars: { from: 'file', under: 'name' },
  params: Type.Object({ file: Type.String(), name: Type.Optional(Type.String()) }, closed),
  returns: Type.Object({}),
  examples: [],
  control: () => [],
});

const list: readonly Module[] = [member, run, check, setFact, show, fail, render, includeVars];
export const modules: ReadonlyMap<string, Module> = new Map(list.map(m => [m.name, m]));

/** Validators compiled here and now. */
export function validatorsOf(all: readonly Module[]): Validators {
  const ajv = schemasOf(all);
  const validatorOf = (id: string): Validate => {
    const found = ajv.getSchema(id);
    if (!found) throw new Error(`no schema ${id}`);
    return checker(found);
  };
  return { module: name => validatorOf(`module_${name}`), inventory: validatorOf('inventory') };
}

export const validators: Validators = validatorsOf(list);

/** Files that there are. */
export const filesOf = (files: Readonly<Record<string, string>>) => async (path: string) =>
  Object.hasOwn(files, path) ? files[path] : undefined;

/** The folders that such files lie in. */
export function foldersOf(files: Readonly<Record<string, string>>): VarsFolders {
  return {
    readFile: filesOf(files),
    list: async path => {
      const inside = Object.keys(files).filter(file => file.startsWith(`${path}/`));
      const names = new Map(
        inside.map(file => {
          const [name = '', ...rest] = file.slice(path.length + 1).split('/');
          return [name, { name, isFolder: rest.length > 0 }];
        }),
      );
      return names.size === 0 ? undefined : [...names.values()];
    },
  };
}

function host(name: string, vars: Readonly<Record<string, Json>> = {}): InventoryHost {
  return { name, connection: 'ssh', address: name, vars };
}

/** headnode, node001 … node005; the groups etcd (001–003) and spare (004, 005). */
export const inventory: Inventory = {
  origin: 'hosts.yml',
  hosts: new Map(['headnode', 'node001', 'node002', 'node003', 'node004', 'node005'].map(name => [name, host(name)])),
  groups: new Map<string, readonly string[]>([
    ['all', ['headnode', 'node001', 'node002', 'node003', 'node004', 'node005']],
    ['etcd', ['node001', 'node002', 'node003']],
    ['spare', ['node004', 'node005']],
    ['empty', []],
  ]),
};
