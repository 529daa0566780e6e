import { Type } from 'typebox';
import { adjustableCodes } from './adjustable.ts';

const severity = Type.Enum(['error', 'warning', 'off'], {
  description: 'What such a finding counts as; `off`: it is not made.',
});

const paths = (description: string) => Type.Array(Type.String({ minLength: 1 }), { description });

const rule = (description: string) =>
  Type.Optional(
    Type.Union(
      [
        severity,
        Type.Object(
          { severity: Type.Optional(severity), exclude: Type.Optional(paths('Files in which it is not made: globs.')) },
          { additionalProperties: false },
        ),
      ],
      { description },
    ),
  );

/** `quorate.yml`. Its paths and globs are relative to the folder that it lies in. */
export const configSchema = Type.Object(
  {
    rules: Type.Optional(
      Type.Object(Object.fromEntries(adjustableCodes.map(([code, about]) => [code, rule(about)])), {
        additionalProperties: false,
        description:
          'Severities, by the code of a finding. What `run` refuses is always an error, and has no entry here.',
      }),
    ),
    exclude: Type.Optional(
      paths('Files that are passed over where they are found in a folder or by a glob: globs, such as `charts/**`.'),
    ),
    modules: Type.Optional(paths('Folders of modules of your own, as with `--modules`.')),
    inventory: Type.Optional(
      Type.String({ minLength: 1, description: 'The inventory whose vars count as defined, as with `-i`.' }),
    ),
    max_warnings: Type.Optional(
      Type.Integer({ minimum: 0, description: 'The most warnings there may be, as with `--max-warnings`.' }),
    ),
    baseline: Type.Optional(
      Type.Union([Type.Boolean(), Type.String({ minLength: 1 })], {
        description: 'The file of findings that are known: its path, or true for `quorate-baseline.json`.',
      }),
    ),
  },
  {
    title: "Configuration of quorate's lint",
    description: '`quorate.yml`, found in the working directory or above it.',
    additionalProperties: false,
  },
);

export type Severity = 'error' | 'warning' | 'off';
