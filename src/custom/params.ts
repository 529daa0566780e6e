import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnyValidateFunction } from 'ajv/dist/types/index.js';
import type { Validate } from '../core/validate.ts';

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

/** What compiles every schema of quorate's, of shipped modules ahead of time and of others when they are loaded. */
export function schemaCompiler(): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    useDefaults: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
    keywords: ['markdownDescription', 'deprecationMessage', 'x-quorate-expression', 'x-quorate-made', 'secret'],
  });
}

/** The validator of a module's parameters, compiled now. Throws where it is no JSON Schema. */
export function compileParams(schema: unknown): Validate {
  return checker(schemaCompiler().compile(plainSchema(schema)));
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
