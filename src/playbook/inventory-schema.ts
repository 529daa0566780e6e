import { Type } from 'typebox';

const vars = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
  description: 'Values by name, for expressions.',
});

const host = Type.Object(
  {
    address: Type.Optional(Type.String({ minLength: 1, description: 'What ssh connects to; the name by default.' })),
    user: Type.Optional(Type.String({ minLength: 1, description: 'The user to log in as.' })),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: "ssh's port." })),
    identity_file: Type.Optional(
      Type.String({ minLength: 1, description: 'A private key for ssh, besides those that it tries by itself.' }),
    ),
    connection: Type.Optional(
      Type.Enum(['ssh', 'local'], { description: '`local` for the machine on which quorate runs.' }),
    ),
    vars: Type.Optional(vars),
  },
  { additionalProperties: false },
);

const group = Type.Object(
  {
    hosts: Type.Optional(
      Type.Union([Type.Record(Type.String(), Type.Union([host, Type.Null()])), Type.Null()], {
        description: 'Hosts by name; `node[001:003]` and `node001..node003` stand for several.',
      }),
    ),
    children: Type.Optional(
      Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
        description: 'Groups that belong to this one, by name.',
      }),
    ),
    vars: Type.Optional(vars),
  },
  { additionalProperties: false },
);

/** An inventory file: groups by name. What stands below `children` is a group again, or nothing where it is defined elsewhere. */
export const inventorySchema = Type.Record(Type.String(), Type.Union([group, Type.Null()]), {
  title: 'Inventory of quorate',
});
