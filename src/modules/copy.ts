import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import type { Risk } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import { type Change, converge, type ModuleFinding } from '../core/module.ts';
import type { Json } from '../core/value.ts';
import { holdsSpool } from './command-risks.ts';
import { permissionChanges, setPermissions } from './file.ts';
import { type FileStatus, fileStatus } from './file-status.ts';
import { must } from './must.ts';
import { MODE, OWNER, PATH, pathRefusal, timeName } from './paths.ts';
import { sha256Of } from './stat.ts';

const params = Type.Object(
  {
    dest: Type.String({
      ...PATH,
      description: 'The file to be written; an absolute path. Its directory must be there.',
    }),
    content: Type.Optional(Type.String({ description: 'All that is to stand in it, as UTF-8.' })),
    src: Type.Optional(Type.String({ ...PATH, description: 'A file of the same host; with `remote_src: true`.' })),
    remote_src: Type.Boolean({ default: false, description: '`src` lies on the host of the task.' }),
    mode: Type.Optional(
      Type.String({ ...MODE, description: "The permissions in octal, in quotes; a new file has `'0644'`." }),
    ),
    owner: Type.Optional(Type.String({ ...OWNER, description: 'The name of its user; otherwise it keeps its own.' })),
    group: Type.Optional(Type.String({ ...OWNER, description: 'The name of its group; otherwise it keeps its own.' })),
    backup: Type.Boolean({ default: false, description: 'Keep what was there beside it, with the time in its name.' }),
    environment_module: Type.String({
      default: 'etcd/kube-default',
      description: 'How guards reach etcd where the data of a member would be overwritten.',
    }),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  dest: Type.String(),
  checksum: Type.String({ description: 'SHA-256, hex.' }),
  backup_file: Type.String({ description: "Where the old file is kept; '' where none is." }),
});

type Params = Static<typeof params>;

interface Found {
  readonly host: string;
  /** Undefined: nothing is there. */
  readonly status: FileStatus | undefined;
  readonly same: boolean;
  readonly wanted: string;
}

export const copy = converge<typeof params, typeof returns, Found>({
  name: 'copy',
  summary: 'Writes a file with a given content, or copies one on the host.',
  description: [
    'The content is compared by its SHA-256. A file is replaced whole, under a temporary name first. A directory or a link in its place is',
    'refused: name what the link leads to. Files of the machine that quorate runs on are not sent; give their text as `content`.',
    '',
    'To guards, writing into `/var/lib/etcd`, or into the data of a member elsewhere, wipes a member.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'A small file',
      yaml: ['- copy:', '    dest: /etc/motd', '    content: "etcd is being extended\\n"'].join('\n'),
    },
    {
      title: 'A copy on the host',
      yaml: ['- copy:', '    src: /etc/etcd.conf', '    dest: /root/etcd.conf', '    remote_src: true'].join('\n'),
    },
  ],
  weighed: false,
  lint: findings,
  async observe(probe, given) {
    const [wrong] = findings(given);
    if (wrong !== undefined) throw new Failure('invalid-value', wrong.message);
    const status = await fileStatus(probe, given.dest, false);
    if (status !== undefined && 'why' in status) return { kind: 'unknown', why: status.why };
    if (status !== undefined && status.type !== 'file') {
      throw new Failure('task-failed', `${given.dest} on ${probe.name} is not a regular file but a ${status.type}`);
    }
    const wanted = await wantedSum(probe, given);
    const same = status !== undefined && (await sha256Of(probe, given.dest)) === wanted;
    const found = { host: probe.name, status, same, wanted };
    const changes = changesFrom(found, given);
    if (changes.length > 0) return { kind: 'differs', state: found, changes };
    return { kind: 'same', state: found, result: { dest: given.dest, checksum: wanted, backup_file: '' } };
  },
  risks({ dest, environment_module }, { host, same }): readonly Risk[] {
    if (same || !(holdsSpool(dest) || /\/member\/(wal|snap)\//.test(dest))) return [];
    const access = { module: environment_module };
    return [{ kind: 'service', effect: 'wipe', hosts: [host], together: false, access }];
  },
  async apply(host, given, { status, same }) {
    const { dest, content, src = '' } = given;
    const mode = given.mode ?? status?.mode ?? '0644';
    const kept = given.backup && status !== undefined && !same ? `${dest}.${timeName(host.clock.now())}` : '';
    if (kept !== '') await must(host, ['cp', '-p', '--', dest, kept]);
    if (!same) {
      if (content !== undefined) {
        await host.writeFile(dest, new TextEncoder().encode(content), Number.parseInt(mode, 8));
      } else {
        await must(host, ['cp', '--', src, `${dest}.new`]);
        await must(host, ['mv', '-T', '--', `${dest}.new`, dest]);
      }
    }
    const owner = given.owner ?? status?.owner;
    const group = given.group ?? status?.group;
    const owned = { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
    await setPermissions(host, { path: dest, ...owned, mode });
    return { backup_file: kept };
  },
  settleMs: () => 0,
});

async function wantedSum(probe: Probe, { content, src = '' }: Params): Promise<string> {
  return content === undefined ? await sha256Of(probe, src) : createHash('sha256').update(content).digest('hex');
}

function changesFrom({ status, same, wanted }: Found, given: Params): readonly Change[] {
  const after = `SHA-256 ${wanted.slice(0, 12)}…`;
  const before = status === undefined ? 'absent' : `${status.size} bytes`;
  const content = same ? [] : [{ what: `${given.dest}: content`, before, after }];
  return [...content, ...permissionChanges(given.dest, status, given)];
}

function findings({ dest, content, src, remote_src }: Readonly<Record<string, Json>>): readonly ModuleFinding[] {
  const error = (at: readonly string[], message: string, hint?: string): readonly ModuleFinding[] => [
    { at, severity: 'error', message, ...(hint === undefined ? {} : { hint }) },
  ];
  const wrong = typeof dest === 'string' ? pathRefusal(dest, false) : undefined;
  if (wrong !== undefined) return error(['dest'], wrong);
  if (content !== undefined && src !== undefined) return error(['src'], 'copy takes either content or src');
  if (content === undefined && src === undefined) return error([], 'copy is given nothing to write');
  if (src !== undefined && remote_src !== true) {
    return error(
      [],
      'files of this machine are not sent',
      'write `remote_src: true` for one of the host, or `content`',
    );
  }
  return [];
}
