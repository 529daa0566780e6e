import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import { noRisks } from '../core/guard.ts';
import { act } from '../core/module.ts';
import { accessParams } from '../etcd-client/schemas.ts';

const params = Type.Object(
  {
    directory: Type.String({
      default: '/cm/shared/backup/etcd',
      pattern: '^/',
      description: 'Where it is put: storage that is not tied to one node. Made where it does not exist.',
    }),
    member: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._-]+$',
        description: 'The voter to take it from. Default: a healthy one, rather a follower.',
      }),
    ),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  path: Type.String(),
  size: Type.Integer({ description: 'Bytes.' }),
  revision: Type.Integer({ description: '0 where no tool there can tell it.' }),
  sha256: Type.String({ description: 'Of the database in it, in hex, as the file itself ends with it.' }),
  member: Type.String({ description: 'The name of the voter it was taken from.' }),
  member_id: Type.String(),
  host: Type.String({ description: 'The host on which it was taken.' }),
  cluster_id: Type.String(),
  membership: Type.String({ description: 'The IDs and roles of the members when it was taken.' }),
  taken_at_ms: Type.Integer({ description: 'When taking it began, in milliseconds since the epoch.' }),
});

export const etcdSnapshot = act<typeof params, typeof returns>({
  name: 'etcd_snapshot',
  weighed: false,
  summary: 'Takes a snapshot of etcd and verifies it.',
  description: '',
  params,
  returns,
  examples: [],
  repeat: () => 'safe',
  risks: noRisks,
  async apply() {
    throw new Failure('unknown-state', 'not built yet');
  },
  proves: result => [
    { kind: 'snapshot', takenAtMs: result.taken_at_ms, path: result.path, membership: result.membership },
  ],
});
