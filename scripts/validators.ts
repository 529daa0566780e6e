// The one way in which schemas are compiled: for the program ahead of time (generate.ts), for tests at once.

import type { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import type { Module } from '../src/core/module.ts';
import { checker, plainSchema, schemaCompiler } from '../src/custom/params.ts';
import { configSchema } from '../src/lint/config-schema.ts';
import { inventorySchema } from '../src/playbook/inventory-schema.ts';

/** With every schema added under the name it is exported by: a module's own, and `inventory`. */
export function schemasOf(modules: readonly Module[]): Ajv2020 {
  const ajv = schemaCompiler();
  for (const module of modules) ajv.addSchema({ ...plainSchema(module.params), $id: `module_${module.name}` });
  ajv.addSchema({ ...plainSchema(inventorySchema), $id: 'inventory' });
  return ajv;
}

export const configValidatorTypes = `import type { Validate } from '../core/validate.ts';
export declare const validateConfig: Validate;
`;

/** The same for the configuration of lint, by itself: it is loaded only where there is one. */
export async function compiledConfigValidator(): Promise<string> {
  const ajv = schemaCompiler();
  ajv.addSchema({ ...plainSchema(configSchema), $id: 'config' });
  const code = standalone.default(ajv, { config: 'config' });
  return bundled(`${code}\n${checkerSource}\nexport const validateConfig = checker(config);\n`, 'validateConfig');
}

export const validatorTypes = `import type { Validators } from '../core/validate.ts';
export declare const validators: Validators;
`;

/** The text of a module that exports `validators`, with nothing left to compile or to import when it runs. */
export async function compiledValidators(modules: readonly Module[]): Promise<string> {
  const ajv = schemasOf(modules);
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
  return bundled(contents, 'validators');
}

async function bundled(contents: string, name: string): Promise<string> {
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
  return file.text.replace(/^export \{[^}]*\};\s*$/m, `export { ${name} };\n`);
}

/** The errors' translation as text, for the generated module. */
const checkerSource = checker.toString();
