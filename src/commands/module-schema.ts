import type { Module } from '../core/module.ts';
import { writtenSchema } from '../custom/params.ts';
import { isSchema, type Schema } from '../playbook/schema-walk.ts';

const expression = { $ref: '#/$defs/expression' };

/** The same, or an expression instead. */
export const orExpression = (schema: Schema): Schema => ({ anyOf: [schema, expression] });

/** A module's schema for whoever writes: where a number, a boolean or one of several words is wanted, an expression may stand. */
function writable(schema: Schema): Schema {
  const { description } = schema;
  if (schema['x-quorate-expression'] === true) {
    return { ...(description ? { description } : {}), type: ['string', 'boolean', 'number', 'array', 'object'] };
  }
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (['properties', 'patternProperties'].includes(key) && isSchema(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([k, v]) => [k, isSchema(v) ? writable(v) : v]))];
      }
      if (['items', 'additionalProperties'].includes(key) && isSchema(value)) return [key, writable(value)];
      return [key, ['anyOf', 'oneOf', 'allOf'].includes(key) && Array.isArray(value) ? value.map(writable) : value];
    }),
  );
  const plainText = schema.type === 'string' && !['enum', 'pattern', 'minLength', 'format'].some(key => key in schema);
  const anything = schema.type === undefined && !('enum' in schema) && !('anyOf' in schema) && !('const' in schema);
  if (plainText || anything) return inner;
  const { description: _, default: fallback, ...rest } = inner;
  return {
    ...(description ? { description } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...orExpression(rest),
  };
}

/** What may stand below a module's name in a task; what is shown for it ends with its first example. */
export function argsOf(module: Module): Schema {
  const { required, properties = {}, ...rest } = writtenSchema(module.params);
  const params = isSchema(properties)
    ? Object.fromEntries(Object.entries(properties).map(([name, v]) => [name, isSchema(v) ? writable(v) : v]))
    : {};
  const object = { title: module.name, ...rest, properties: params, ...(required ? { required } : {}) };
  const forms: Schema[] = [object];
  if (module.freeForm) forms.push({ type: 'string' });
  if (!required) forms.push({ type: 'null' });
  const example = module.examples[0];
  const shown = example ? `\n\n\`\`\`yaml\n${example.yaml.trim()}\n\`\`\`` : '';
  const about = {
    description: module.summary,
    markdownDescription: `${module.summary}\n\n${module.description}${shown}`,
  };
  return { ...about, ...(forms.length > 1 ? { title: module.name, anyOf: forms } : object) };
}

/** The parameters of a module by themselves, as they are when it gets them. */
export function moduleSchema(module: Module): Schema {
  const { $schema: _, ...schema } = writtenSchema(module.params);
  return { title: module.name, description: module.summary, ...schema };
}
