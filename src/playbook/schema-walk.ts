/** A JSON Schema, as far as it is walked here. */
export type Schema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas that a value may be taken to fulfil: the alternatives of `anyOf`, `oneOf`, `allOf`, or the schema itself. */
export function alternativesOf(schema: unknown): readonly Schema[] {
  if (!isSchema(schema)) return [];
  const parts = [schema.anyOf, schema.oneOf, schema.allOf].flatMap(list => (Array.isArray(list) ? list : []));
  return parts.length === 0
    ? [schema]
    : [...(isSchema(schema.properties) ? [schema] : []), ...parts.flatMap(alternativesOf)];
}

/** The schemas of what stands below a key of a map, or in a list (`key` is then an index). Empty: nothing is known. */
export function below(schemas: readonly Schema[], key: string): readonly unknown[] {
  return schemas.flatMap(alternativesOf).flatMap(schema => {
    if (isSchema(schema.properties) && Object.hasOwn(schema.properties, key)) return [schema.properties[key]];
    if (isSchema(schema.patternProperties)) {
      const found = Object.entries(schema.patternProperties).filter(([pattern]) => new RegExp(pattern, 'u').test(key));
      if (found.length > 0) return found.map(([, value]) => value);
    }
    if (isSchema(schema.additionalProperties)) return [schema.additionalProperties];
    return isSchema(schema.items) && /^\d+$/.test(key) ? [schema.items] : [];
  });
}

/** The same, at the end of a path. */
export function at(schema: unknown, path: readonly string[]): readonly Schema[] {
  let schemas = isSchema(schema) ? [schema] : [];
  for (const key of path) schemas = below(schemas, key).filter(isSchema);
  return schemas;
}

/** The keys a map may have. */
export function keysOf(schemas: readonly Schema[]): readonly string[] {
  return schemas.flatMap(alternativesOf).flatMap(s => (isSchema(s.properties) ? Object.keys(s.properties) : []));
}
