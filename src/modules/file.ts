import { type Static, Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { Risk } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import type { Change, ModuleFinding } from '../core/module.ts';
import { converge } from '../core/module.ts';
import { readCommand } from '../core/read-command.ts';
import type { Json } from '../core/value.ts';
import { holdsSpool } from '../etcd/spool.ts';
import { type FileStatus, fileStatus } from './file-status.ts';
import { must } from './must.ts';
import { MODE, OWNER, octal, PATH, pathRefusal, plainPath } from './paths.ts';

const params = Type.Object(
  {
    path: Type.String({ ...PATH, description: 'An absolute path.' }),
    state: Type.Optional(
      Type.Enum(['file', 'directory', 'link', 'touch', 'absent'], {
        description:
          '`file`: a regular file that is there; `touch`: made where it is not there, and given the time of now. Left out: whatever is there, which gets the mode and owner.',
      }),
    ),
    src: Type.Optional(Type.String({ minLength: 1, description: 'With `state: link`: where the link leads.' })),
    force: Type.Boolean({ default: false, description: 'With `state: link`: put the link in place of a file.' }),
    mode: Type.Optional(Type.String({ ...MODE, description: "The permissions in octal, in quotes: `'0644'`." })),
    owner: Type.Optional(Type.String({ ...OWNER, description: 'The name of its user.' })),
    group: Type.Optional(Type.String({ ...OWNER, description: 'The name of its group.' })),
    environment_module: Type.String({
      default: 'etcd/kube-default',
      description: 'How guards reach etcd where the data of a member would be deleted.',
    }),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  path: Type.String(),
  state: Type.String({ description: '`absent`, `file`, `directory`, `link` …' }),
  mode: Type.String({ description: "Four octal digits; '' where it is absent." }),
  owner: Type.String(),
  group: Type.String(),
});

type Params = Static<typeof params>;

interface Found {
  readonly host: string;
  /** Undefined: nothing is there. */
  readonly status: FileStatus | undefined;
  /** Where a link leads, as it is written. */
  readonly target: string;
  /** True where it is, holds or is held by the data of a member of etcd. */
  readonly spool: boolean;
}

export const file = converge<typeof params, typeof returns, Found>({
  name: 'file',
  summary: 'Makes a file, directory or link, sets its mode and owner, or deletes it.',
  description: [
    'Works on what a link leads to, except with `state: link` and `state: absent`. A directory is never replaced by a link, and',
    'nothing but a file by force. Modes and owners are those of the path itself, not of what is below it.',
    '',
    '`state: absent` deletes a directory with all that is in it, for good, within its file system; to keep the contents, use',
    '`directory` with `state: empty`. System directories are refused. To guards, deleting what holds a `member` directory, or',
    'lies in `/var/lib/etcd`, wipes a member.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'A directory',
      yaml: ['- file:', '    path: /cm/local/backup/etcd', '    state: directory', "    mode: '0700'"].join('\n'),
    },
    { title: 'A link', yaml: ['- file:', '    path: /opt/etcd', '    state: link', '    src: etcd-3.5.16'].join('\n') },
    { title: 'Nothing there', yaml: ['- file:', '    path: /tmp/restore', '    state: absent'].join('\n') },
  ],
  weighed: false,
  lint: findings,
  async observe(probe, given, applied) {
    const [wrong] = findings(given);
    if (wrong !== undefined) throw new Failure('invalid-value', wrong.message);
    const found = await look(probe, given);
    if ('why' in found) return { kind: 'unknown', why: found.why };
    const changes = changesFrom(found, given, applied);
    if (changes.length > 0) return { kind: 'differs', state: found, changes };
    return { kind: 'same', state: found, result: resultOf(given.path, found) };
  },
  risks(given, found): readonly Risk[] {
    if (given.state !== 'absent' || !found.spool) return [];
    const access = { module: given.environment_module };
    return [{ kind: 'service', effect: 'wipe', hosts: [found.host], together: false, access }];
  },
  foretells: ({ path, state, environment_module: module }) => {
    if (state !== 'absent' || typeof path !== 'string' || !holdsSpool(path)) return [];
    const access = typeof module === 'string' ? { module } : {};
    return [{ kind: 'service', effect: 'wipe', hosts: [], together: false, access }];
  },
  async apply(host, given, found) {
    for (const argv of commandsFor(given, found)) await must(host, argv);
    return undefined;
  },
  byHand: (given, { host }, found) => commandsFor(given, found).map(argv => ({ host, command: typed(argv) })),
  settleMs: () => 0,
});

type Commands = readonly (readonly string[])[];

/** What brings the wanted state about. */
function commandsFor(given: Params, { status }: Found): Commands {
  const { path, state, src = '' } = given;
  switch (state) {
    case 'absent':
      return [['rm', '-rf', '--one-file-system', '--', plainPath(path)]];
    case 'link':
      // Where it is there already, only its owner differs.
      return [['ln', '-sfT', '--', src, path], ...permissionCommands(given)];
    case 'directory':
      return [...(status === undefined ? [['mkdir', '-p', '--', path]] : []), ...permissionCommands(given)];
    case 'touch':
      return [['touch', '--', path], ...permissionCommands(given)];
    default:
      return permissionCommands(given);
  }
}

/** What gives a path the owner, group and mode that are wanted of it. */
export function permissionCommands({
  path,
  state,
  owner,
  group,
  mode,
}: Pick<Params, 'path' | 'state' | 'owner' | 'group' | 'mode'>): Commands {
  const link = state === 'link' ? ['-h'] : [];
  const owned = `${owner ?? ''}${group === undefined ? '' : `:${group}`}`;
  return [
    ...(owned === '' ? [] : [['chown', ...link, owned, '--', path]]),
    // After the owner, because a change of owner takes setuid and setgid away.
    ...(mode === undefined ? [] : [['chmod', mode, '--', path]]),
  ];
}

/** The owner, group and mode that differ. */
export function permissionChanges(
  path: string,
  status: FileStatus | undefined,
  given: Pick<Params, 'owner' | 'group' | 'mode'>,
): readonly Change[] {
  const differs = (what: string, before: string | undefined, after: string | undefined): readonly Change[] =>
    after === undefined || before === after
      ? []
      : [{ what: `${path}: ${what}`, after, ...(before === undefined ? {} : { before }) }];
  return [
    ...differs('mode', status?.mode, given.mode === undefined ? undefined : octal(given.mode)),
    ...differs('owner', status?.owner, given.owner),
    ...differs('group', status?.group, given.group),
  ];
}

function findings(given: Readonly<Record<string, Json>>): readonly ModuleFinding[] {
  const { path, state } = given;
  const error = (at: string, message: string): readonly ModuleFinding[] => [{ at: [at], severity: 'error', message }];
  const deeply = state === 'absent' || (given.mode ?? given.owner ?? given.group) !== undefined;
  const wrong = typeof path === 'string' ? pathRefusal(path, deeply) : undefined;
  if (wrong !== undefined) return error('path', wrong);
  if (state === 'link' && given.src === undefined) {
    return [{ at: [], severity: 'error', message: 'a link needs `src`', hint: 'write where it leads as `src`' }];
  }
  if (state !== 'link' && given.src !== undefined) return error('src', '`src` goes with `state: link`');
  if (state === 'link' && given.mode !== undefined) return error('mode', 'a link has no mode of its own');
  return [];
}

async function look(probe: Probe, given: Params): Promise<Found | { why: string }> {
  const { path, state } = given;
  const itself = state === 'link' || state === 'absent';
  const status = await fileStatus(probe, itself ? plainPath(path) : path, !itself);
  if (status !== undefined && 'why' in status) return status;
  const fails = (why: string): Failure => new Failure('task-failed', `${path} on ${probe.name} ${why}`);
  if (status === undefined && (state === undefined || state === 'file')) throw fails('does not exist');
  if (state === 'directory' && status !== undefined && status.type !== 'directory') {
    throw fails(`is not a directory but a ${status.type}`);
  }
  if (state === 'file' && status?.type !== 'file') throw fails(`is not a regular file but a ${status?.type}`);
  const replaceable = status === undefined || status.type === 'link' || (given.force && status.type === 'file');
  if (state === 'link' && !replaceable) {
    throw fails(
      `is a ${status.type}, which is not replaced by a link${status.type === 'file' ? ' without force' : ''}`,
    );
  }
  const target = status?.type === 'link' ? await read(probe, ['readlink', '-n', '--', plainPath(path)]) : '';
  const spool = state === 'absent' && status !== undefined && (await isSpool(probe, path, status));
  return { host: probe.name, status, target, spool };
}

/** Looks at the true path, because a directory on the way to it may be a link. Throws where that is a system directory. */
async function isSpool(probe: Probe, path: string, status: FileStatus): Promise<boolean> {
  const plain = plainPath(path);
  const cut = plain.lastIndexOf('/');
  const parent = await read(probe, ['readlink', '-n', '-f', '--', plain.slice(0, cut) || '/']);
  const real = plainPath(`${parent}${plain.slice(cut)}`);
  const wrong = status.type === 'link' ? undefined : pathRefusal(real, true);
  if (wrong !== undefined) throw new Failure('invalid-value', `${path} on ${probe.name} is ${real}: ${wrong}`);
  if (holdsSpool(real)) return true;
  if (status.type !== 'directory') return /\/member\/(wal|snap)\//.test(real);
  const names = (await read(probe, ['ls', '-A', '-1', '--', plain])).split('\n');
  return names.includes('member') || (names.includes('wal') && names.includes('snap')) || /\/member\//.test(real);
}

async function read(probe: Probe, argv: readonly string[]): Promise<string> {
  const out = await probe.read(readCommand(argv));
  if (out.code === 0) return out.stdout;
  throw new Failure('task-failed', `${argv[0]} on ${probe.name}: ${out.stderr.trim() || `status ${out.code}`}`);
}

function changesFrom({ status, target }: Found, given: Params, applied: Found | undefined): readonly Change[] {
  const { path, state } = given;
  if (state === 'absent') return status === undefined ? [] : [{ what: path, before: status.type, after: 'absent' }];
  const permissions = permissionChanges(path, status, given);
  if (state === 'link') {
    const after = `a link to ${given.src}`;
    if (status?.type === 'link' && target === given.src) return permissions;
    const before = status === undefined ? 'absent' : status.type === 'link' ? `a link to ${target}` : status.type;
    return [{ what: path, before, after }, ...permissions];
  }
  if (status === undefined) {
    return [{ what: path, before: 'absent', after: state === 'directory' ? 'a directory' : 'a file' }, ...permissions];
  }
  if (state === 'touch' && applied === undefined) return [{ what: `${path}: time`, after: 'now' }, ...permissions];
  return permissions;
}

function resultOf(path: string, { status }: Found): Static<typeof returns> {
  const { type = 'absent', mode = '', owner = '', group = '' } = status ?? {};
  return { path, state: type, mode: mode === '' ? '' : mode.padStart(4, '0'), owner, group };
}
