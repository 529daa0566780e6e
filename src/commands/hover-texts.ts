import { isSchema, type Schema } from '../playbook/schema-walk.ts';

/**
 * The schema with `markdownDescription` beside each description that holds Markdown: an editor that knows it shows that,
 * another one shows the plain words. What stands below `examples`, `default`, `enum` and `const` is data, not schema.
 */
export function withHoverTexts(schema: Schema): Schema {
  const entries = Object.entries(schema).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (key === 'description' && typeof value === 'string') {
      const plain = value.replaceAll('`', '');
      const hasOwn = 'markdownDescription' in schema || plain === value;
      return hasOwn
        ? [[key, plain]]
        : [
            [key, plain],
            ['markdownDescription', value],
          ];
    }
    return [[key, isData(key) ? value : below(key, value)]];
  });
  return Object.fromEntries(entries);
}

const isData = (key: string): boolean => ['examples', 'default', 'enum', 'const', 'required', 'type'].includes(key);

/** Below `properties` and `$defs` stand names, of which one may be `default` or `description`. */
function below(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(one => (isSchema(one) ? withHoverTexts(one) : one));
  if (!isSchema(value)) return value;
  if (!['properties', 'patternProperties', '$defs'].includes(key)) return withHoverTexts(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isSchema(one) ? withHoverTexts(one) : one]),
  );
}
