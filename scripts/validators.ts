// The one way in which schemas are compiled: for the program ahead of time (generate.ts), for tests at once.

import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { AnyValidateFunction } from 'ajv/dist/types/index.js';
import { build } from 'esbuild';
import type { Module } from '../src/core/module.ts';
import type { Validate } from '../src/core/validate.ts';
import { inventorySchema } from '../src/playbook/inventory-schema.ts';

/** The schema as plain JSON; properties that have a default need not be given. */
export function plainSchema(schema: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (!Array.isArray(value?.required) || typeof value.properties !== 'object') return value;
    const required = value.required.filter((name: string) => value.properties[name]?.default === undefined);
    const { required: _, ...rest } = value;
    return required.length > 0 ? { ...rest, required } : rest;
  });
}

/** The same for whoever writes a playbook: without what a module is given and nobody writes. */
export function writtenSchema(schema: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(plainSchema(schema)), (_key, value) =>
    value?.['x-quorate-made'] === true ? undefined : value,
  );
}

/** With every schema added under the name it is exported by: a module's own, and `inventory`. */
export function schemaCompiler(modules: readonly Module[]): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
    keywords: ['markdownDescription', 'deprecationMessage', 'x-quorate-expression', 'x-quorate-made', 'secret'],
  });
  for (const module of modules) ajv.addSchema({ ...plainSchema(module.params), $id: `module_${module.name}` });
  ajv.addSchema({ ...plainSchema(inventorySchema), $id: 'inventory' });
  return ajv;
}

export const validatorTypes = `import type { Validators } from '../core/validate.ts';
export declare const validators: Validators;
`;

/** The text of a module that exports `validators`, with nothing left to compile or to import when it runs. */
export async function compiledValidators(modules: readonly Module[]): Promise<string> {
  const ajv = schemaCompiler(modules);
  const names = [...modules.map(m => `module_${m.name}`), 'inventory'];
  const code = standalone.default(ajv, Object.fromEntries(names.map(name => [name, name])));
  const table = modules.map(m => `  [${JSON.stringify(m.name)}, checker(module_${m.name})],`).join('\n');
  const contents = `${code}
${checkerSource}
const byModule = new Map([
${table}
]);
export const validators = {
  module(name) {
    const found = byModule.get(name);
    if (!found) throw new Error('no validator for ' + name + ': run npm run generate');
    return found;
  },
  inventory: checker(inventory),
};
`;
  const built = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    legalComments: 'none',
    logLevel: 'error',
  });
  const [file] = built.outputFiles;
  if (!file) throw new Error('esbuild gave nothing');
  return file.text.replace(/^export \{[^}]*\};\s*$/m, 'export { validators };\n');
}

/** From ajv's errors to ours: paths as lists. */
export function checker(validate: AnyValidateFunction): Validate {
  return value => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map(e => ({
      path: e.instancePath
        .split('/')
        .slice(1)
        .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~')),
      keyword: e.keyword,
      params: e.params,
      message: e.message ?? '',
    }));
  };
}

/** The same as text, for the generated module. */
const checkerSource = checker.toString();
