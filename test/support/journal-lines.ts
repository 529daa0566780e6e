import { Ajv2020 } from 'ajv/dist/2020.js';
import { journalSchema } from '../../src/journal/schema.ts';

const ajv = new Ajv2020({ strict: false, allErrors: false });
const ofType = new Map(
  journalSchema.anyOf.map(schema => {
    const { type } = schema.properties as { type?: { const?: string } };
    return [type?.const ?? 'header', ajv.compile(schema)] as const;
  }),
);

/** What of the lines is not as the published schema says, one text a fault. */
export function faultsIn(lines: readonly unknown[]): string[] {
  return lines.flatMap(line => {
    const type = typeof line === 'object' && line !== null && 'type' in line ? String(line.type) : 'header';
    const check = ofType.get(type);
    // As it is in the file: what is undefined is not there.
    if (!check) return [`${type}: of no known type`];
    return check(JSON.parse(JSON.stringify(line)))
      ? []
      : [`${type}: ${ajv.errorsText(check.errors)}: ${JSON.stringify(line)}`];
  });
}

/** The types of event that the schema knows. */
export const knownTypes = [...ofType.keys()].filter(type => type !== 'header');
