import { type Static, Type } from 'typebox';
import { codes } from '../../core/codes.ts';

const place = {
  file: Type.Optional(Type.String({ description: 'As it was named, or as what includes it names it.' })),
  line: Type.Optional(Type.Integer({ minimum: 1 })),
  column: Type.Optional(Type.Integer({ minimum: 1, description: 'In UTF-16 code units.' })),
  end_line: Type.Optional(Type.Integer({ minimum: 1 })),
  end_column: Type.Optional(Type.Integer({ minimum: 1, description: 'Of what follows the stretch.' })),
};

const closed = { additionalProperties: false };

const finding = Type.Object(
  {
    code: Type.Enum(Object.keys(codes), { description: 'docs/errors.md says what each means.' }),
    severity: Type.Enum(['error', 'warning']),
    message: Type.String(),
    ...place,
    hint: Type.Optional(Type.String({ description: 'What to type instead.' })),
    related: Type.Optional(Type.Array(Type.Object({ message: Type.String(), ...place }, closed))),
    fix: Type.Optional(
      Type.Object(
        { replacement: Type.String(), ...place },
        { ...closed, description: 'What `--fix` would write there.' },
      ),
    ),
    suppressed: Type.Optional(
      Type.Object(
        { by: Type.Enum(['ignored', 'baseline']), reason: Type.Optional(Type.String()) },
        {
          ...closed,
          description: 'Present where it counts for nothing: by a comment, or because the baseline knows it.',
        },
      ),
    ),
    fingerprint: Type.String({ description: 'The same while the line and the message are, wherever they go.' }),
  },
  closed,
);

const count = Type.Integer({ minimum: 0 });

/** What `quorate lint --format json` prints. */
export const lintSchema = Type.Object(
  {
    version: Type.Literal(1, { description: 'Of this format.' }),
    quorate: Type.String({ description: 'The version of quorate.' }),
    findings: Type.Array(finding),
    summary: Type.Object(
      {
        files: Type.Array(Type.String(), {
          description: 'Those that were checked; what they include is not among them.',
        }),
        passed_over: Type.Array(Type.String(), { description: 'YAML files below a folder that are none of ours.' }),
        errors: count,
        warnings: count,
        ignored: count,
        baselined: count,
      },
      closed,
    ),
  },
  { ...closed, title: 'Output of quorate lint --format json' },
);

export type LintOutput = Static<typeof lintSchema>;
export type JsonPlace = Pick<LintOutput['findings'][number], keyof typeof place>;
