import type { Module } from '../core/module.ts';

/** By kind: the functions and the switches that a module must have. */
const needed: Readonly<Record<Module['kind'], Readonly<Record<string, 'function' | 'boolean'>>>> = {
  observe: { observe: 'function', foresees: 'boolean' },
  converge: { observe: 'function', risks: 'function', apply: 'function', settleMs: 'function', weighed: 'boolean' },
  act: { repeat: 'function', risks: 'function', apply: 'function', weighed: 'boolean' },
  control: { control: 'function' },
};

const isKind = (kind: unknown): kind is Module['kind'] => typeof kind === 'string' && Object.hasOwn(needed, kind);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why what a file exports is no module called `name`, in words that follow "it"; undefined where it is one. */
export function whyNoModule(value: unknown, name: string): string | undefined {
  if (!isMap(value)) return 'has no default export that is a module: `export default defineModule({ … })`';
  const { kind } = value;
  if (!isKind(kind)) return `has the kind ${JSON.stringify(kind)}, not one of ${Object.keys(needed).join(', ')}`;
  if (value.name !== name)
    return `defines ${JSON.stringify(value.name)}; a module is called as its file is: \`${name}\``;
  for (const text of ['summary', 'description'])
    if (typeof value[text] !== 'string') return `lacks the text \`${text}\``;
  if (!Array.isArray(value.examples)) return 'lacks the list `examples`';
  for (const schema of ['params', 'returns']) if (!isMap(value[schema])) return `lacks the schema \`${schema}\``;
  if (!isMap(value.params) || value.params.type !== 'object') return 'has `params` that are not `Type.Object({ … })`';
  for (const [field, type] of Object.entries(needed[kind])) {
    const what = type === 'function' ? 'function' : 'switch (true or false)';
    if (typeof value[field] !== type) return `is of the kind ${kind} and lacks the ${what} \`${field}\``;
  }
  return undefined;
}

/** True where `whyNoModule` has nothing to say. */
export function isModule(value: unknown, name: string): value is Module {
  return whyNoModule(value, name) === undefined;
}
