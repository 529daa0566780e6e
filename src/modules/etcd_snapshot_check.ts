import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import { observe } from '../core/module.ts';
import { readCommand } from '../core/read-command.ts';
import { openClient } from '../etcd-client/client.ts';
import { checkSnapshot, contentsOf, SAVE_TIMEOUT_MS } from '../etcd-client/snapshot-check.ts';
import { timeName } from './paths.ts';

const params = Type.Object(
  {
    path: Type.String({
      pattern: '^(/[^\\n\\r]*)?$',
      description: 'The snapshot. Empty: none was chosen, and the failure names the newest ones in `directory`.',
    }),
    directory: Type.String({
      default: '/cm/shared/backup/etcd',
      pattern: '^/',
      description: 'Where snapshots are, for a failure to name some.',
    }),
    environment_module: Type.String({
      default: 'etcd/kube-default',
      description: "The environment module that brings etcdctl, which tells the snapshot's revision.",
    }),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  path: Type.String(),
  size: Type.Integer({ description: 'Bytes.' }),
  sha256: Type.String({ description: 'Of the database in it, in hex, as the file itself ends with it.' }),
  revision: Type.Integer({ description: '0 where no tool there can tell it.' }),
  checked_at: Type.String({ description: 'When it was checked, as in 20260401T083000Z; makes a token that is new.' }),
  keys: Type.Integer({ description: 'How many keys it holds; 0 where no tool there can tell it.' }),
});

const SHOWN = 5;

export const etcdSnapshotCheck = observe<typeof params, typeof returns>({
  name: 'etcd_snapshot_check',
  foresees: true,
  summary: 'Finds out whether a file is a whole snapshot of etcd, as this host reads it.',
  description: [
    'Its size must be that of whole pages and a checksum, and the checksum at its end that of its content; `etcdctl snapshot status`',
    'checks neither. The file is read whole. Of several hosts that are to restore it, each can be asked: `sha256` must be the same.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Before anything is restored',
      yaml: [
        '- etcd_snapshot_check:',
        '    path: /cm/shared/backup/etcd/etcd-node001-20260401083000',
        '  register: snapshot',
      ].join('\n'),
    },
  ],
  async observe(probe, { path, directory, environment_module }) {
    if (path === '') throw new Failure('task-failed', 'no snapshot is named', { hint: await newest(probe, directory) });
    const there = await probe.read(readCommand(['test', '-f', path]));
    if (there.code !== 0)
      throw new Failure('task-failed', `there is no snapshot ${path} on ${probe.name}`, {
        hint: await newest(probe, directory),
      });
    const sums = await checkSnapshot(probe, path);
    const client = await openClient(probe, { module: environment_module });
    const contents = await contentsOf(client, path, argv =>
      probe.read(readCommand(argv, { timeoutMs: SAVE_TIMEOUT_MS })),
    );
    return { path, ...sums, ...contents, checked_at: timeName(probe.clock.now()) };
  },
});

/** The newest first, by the time at which they were written. */
async function newest(probe: Probe, directory: string): Promise<string> {
  const out = await probe.read(readCommand(['ls', '-t', '-1', '--', directory]));
  const names = out.stdout.split('\n').filter(name => /^etcd-.*\d$/.test(name));
  if (names.length === 0) return `${directory} on ${probe.name} holds none; name one that is elsewhere`;
  return `the newest are, the last one first: ${names
    .slice(0, SHOWN)
    .map(name => `${directory}/${name}`)
    .join(', ')}`;
}
