import { type Static, Type } from 'typebox';

const MODES = ['AUTO', 'FULL', 'NOSYNC', 'SKIP', 'MAIN'] as const;

export const params = Type.Object(
  {
    node: Type.String({ pattern: '^[A-Za-z0-9_.:][A-Za-z0-9_.:-]*$', description: 'The node.' }),
    install_mode: Type.Optional(
      Type.Enum([...MODES, ''], { description: "How it boots; '' is as its category says." }),
    ),
    next_install_mode: Type.Optional(
      Type.Enum([...MODES, ''], { description: "How it boots the next time alone; '' is as always." }),
    ),
    provision: Type.Optional(
      Type.Enum(['FULL', 'AUTO', 'NOSYNC'], {
        description: 'Reboot it with this install mode, and wait until it is up.',
      }),
    ),
    other_than_boot: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f-]{36}$',
        description: 'With `provision`: a `boot_id`; as long as it is the current one, the node was not provisioned.',
      }),
    ),
    gone: Type.Optional(
      Type.Array(Type.String({ pattern: '^/[^\\n\\r]*$' }), {
        minItems: 1,
        description:
          'With `provision`: files of the node that this removes; as long as one is there, it was not provisioned.',
      }),
    ),
    confirm: Type.Boolean({
      default: true,
      description: 'Whether to confirm the FULL install of a data node, which waits for that.',
    }),
    status: Type.Optional(Type.Enum(['up', 'down'], { description: 'Wait until BCM shows the node so.' })),
    timeout: Type.Number({ minimum: 0, default: 3600, description: 'Seconds to wait for the node.' }),
    environment_module: Type.String({
      default: 'etcd/kube-default',
      description: 'How guards reach etcd where the node runs a member.',
    }),
    cmsh: Type.String({ default: 'cmsh', pattern: '(^|/)cmsh$', description: 'The path of cmsh.' }),
  },
  { additionalProperties: false },
);

export const returns = Type.Object({
  node: Type.String(),
  status: Type.String({ description: "As cmsh has it: UP, DOWN, INSTALLING …; '' where it can't be read." }),
  install_mode: Type.String(),
  next_install_mode: Type.String(),
  data_node: Type.Boolean({ description: 'A FULL install of it waits for a confirmation.' }),
  boot_id: Type.String({
    description: "The kernel's identifier of the node's current boot; '' where the node can't be asked.",
  }),
});

export type Params = Static<typeof params>;
export type Result = Static<typeof returns>;
