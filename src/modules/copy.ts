import { type Static, Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { digest } from '../core/digest.ts';
import { Failure } from '../core/failure.ts';
import type { Risk } from '../core/guard.ts';
import type { LocalFiles, Probe } from '../core/host.ts';
import { type Change, converge, type ModuleFinding } from '../core/module.ts';
import type { Json } from '../core/value.ts';
import { holdsSpool } from '../etcd/spool.ts';
import { permissionChanges, permissionCommands } from './file.ts';
import { type FileStatus, fileStatus } from './file-status.ts';
import { must } from './must.ts';
import { MODE, OWNER, PATH, pathRefusal, timeName } from './paths.ts';
import { sha256Of } from './stat.ts';
import { MOST_COMPARED, withTexts } from './texts.ts';

const params = Type.Object(
  {
    dest: Type.String({
      ...PATH,
      description: 'The file to be written; an absolute path. Its directory must be there.',
    }),
    content: Type.Optional(Type.String({ description: 'All that is to stand in it, as UTF-8.' })),
    src: Type.Optional(
      Type.String({
        pattern: '^[^\\n\\r]+$',
        description:
          'A file: of this machine, beside the playbook or in `files/` there; with `remote_src: true` one of the host, by an absolute path.',
      }),
    ),
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
  /** Lines to come and to go, where both are texts. */
  readonly lines: string;
}

export const copy = converge<typeof params, typeof returns, Found>({
  name: 'copy',
  summary: 'Writes a file with a given content, sends one of this machine, or copies one on the host.',
  description: [
    'The content is compared by its SHA-256. A file is replaced whole, under a temporary name first. A directory or a link in its place is',
    'refused: name what the link leads to. Of this machine, files of at most 64 MiB are sent, one by one; a directory is copied with',
    '`rsync_dir` from where the hosts can read it.',
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
      title: 'A file that lies beside the playbook, or in files/ there',
      yaml: ['- copy:', '    src: etcd.conf', '    dest: /etc/etcd.conf', "    mode: '0600'"].join('\n'),
    },
    {
      title: 'A copy on the host',
      yaml: ['- copy:', '    src: /etc/etcd.conf', '    dest: /root/etcd.conf', '    remote_src: true'].join('\n'),
    },
  ],
  weighed: false,
  lint: findings,
  localFiles: ({ src, remote_src }): Readonly<Record<string, string>> =>
    typeof src === 'string' && (remote_src === undefined || remote_src === false) ? { src } : {},
  async observe(probe, given) {
    const [wrong] = findings(given);
    if (wrong !== undefined) throw new Failure('invalid-value', wrong.message);
    const status = await fileStatus(probe, given.dest, false);
    if (status !== undefined && 'why' in status) return { kind: 'unknown', why: status.why };
    if (status !== undefined && status.type !== 'file') {
      throw new Failure('task-failed', `${given.dest} on ${probe.name} is not a regular file but a ${status.type}`);
    }
    const bytes = bytesOf(given, probe.files);
    const wanted = bytes ? sha256(bytes) : await sha256Of(probe, given.src ?? '');
    const same = status !== undefined && (await sha256Of(probe, given.dest)) === wanted;
    const lines = same || !bytes || !status || status.size > MOST_COMPARED ? '' : await lineChange(probe, given, bytes);
    const found = { host: probe.name, status, same, wanted, lines };
    const [content, ...others] = changesFrom(found, given);
    const changes =
      probe.diff && !same && content
        ? [await contentChange(probe, given, content, bytes, status), ...others]
        : [...(content ? [content] : []), ...others];
    if (changes.length > 0) return { kind: 'differs', state: found, changes };
    return { kind: 'same', state: found, result: { dest: given.dest, checksum: wanted, backup_file: '' } };
  },
  risks({ dest, environment_module }, { host, same }): readonly Risk[] {
    if (same || !(holdsSpool(dest) || /\/member\/(wal|snap)\//.test(dest))) return [];
    const access = { module: environment_module };
    return [{ kind: 'service', effect: 'wipe', hosts: [host], together: false, access }];
  },
  async apply(host, given, { status, same }) {
    const { dest, src = '' } = given;
    const bytes = bytesOf(given, host.files);
    const mode = given.mode ?? status?.mode ?? '0644';
    const kept = given.backup && status !== undefined && !same ? `${dest}.${timeName(host.clock.now())}` : '';
    if (kept !== '') await must(host, ['cp', '-p', '--', dest, kept]);
    if (!same) {
      if (bytes) {
        await host.writeFile(dest, bytes, Number.parseInt(mode, 8));
      } else {
        await must(host, ['cp', '--', src, `${dest}.new`]);
        await must(host, ['mv', '-T', '--', `${dest}.new`, dest]);
      }
    }
    for (const argv of permissionCommands({ path: dest, ...owned(given, status), mode })) await must(host, argv);
    return { backup_file: kept };
  },
  byHand(given, { host }, { status, same }) {
    const { dest, content, src = '', remote_src, backup } = given;
    // A file of another machine, and a long text, are not typed.
    if (!same && !remote_src && (content === undefined || content.length > MOST_TYPED)) return [];
    const to = typed([dest]);
    const written = content === undefined ? `cp -- ${typed([src])} ${to}` : `printf %s ${typed([content])} > ${to}`;
    const mode = given.mode ?? status?.mode ?? '0644';
    const commands = [
      ...(backup && status !== undefined && !same ? [`cp -p -- ${to} ${to}.$(date -u +%Y%m%dT%H%M%SZ)`] : []),
      ...(same ? [] : [written]),
      ...permissionCommands({ path: dest, ...owned(given, status), mode }).map(typed),
    ];
    return commands.map(command => ({ host, command }));
  },
  settleMs: () => 0,
});

/** Characters up to which a content is told as a command. */
const MOST_TYPED = 500;

/** A file that is replaced keeps its owner. */
function owned(given: Params, status: FileStatus | undefined): Pick<Params, 'owner' | 'group'> {
  const owner = given.owner ?? status?.owner;
  const group = given.group ?? status?.group;
  return { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
}

/** What is to stand in it; undefined where that lies on the host. */
function bytesOf({ content, src, remote_src }: Params, files: LocalFiles): Uint8Array | undefined {
  if (content !== undefined) return new TextEncoder().encode(content);
  if (remote_src) return undefined;
  const file = files.get('src');
  if (!file) throw new Failure('file-not-found', `there is no file ${src} on this machine`);
  return file.bytes;
}

const sha256 = (bytes: Uint8Array): string => digest('sha256', bytes).toString('hex');

/** "2 lines more, 1 less". Not the lines themselves: the file of a host may hold secrets that nobody told of. */
async function lineChange(probe: Probe, { dest }: Params, bytes: Uint8Array): Promise<string> {
  const there = await probe.readFile(dest);
  if (!there || bytes.length > MOST_COMPARED || there.includes(0) || bytes.includes(0)) return '';
  const left = new Map<string, number>();
  for (const line of linesIn(there)) left.set(line, (left.get(line) ?? 0) + 1);
  let more = 0;
  for (const line of linesIn(bytes)) {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    else more += 1;
  }
  const less = [...left.values()].reduce((sum, count) => sum + count, 0);
  if (more + less === 0) return 'the lines in another order';
  return `${more} ${more === 1 ? 'line' : 'lines'} more, ${less} less`;
}

/** With its texts, where both are small enough to be read. */
async function contentChange(
  probe: Probe,
  { dest, src = '' }: Params,
  change: Change,
  bytes: Uint8Array | undefined,
  status: FileStatus | undefined,
): Promise<Change> {
  const source = bytes ? undefined : await fileStatus(probe, src, true);
  const sizes = [status, source].map(found => (found && !('why' in found) ? found.size : 0));
  if (sizes.some(size => size > MOST_COMPARED)) return change;
  const after = bytes ?? (await probe.readFile(src));
  return after ? withTexts(change, status && (await probe.readFile(dest)), after) : change;
}

const linesIn = (bytes: Uint8Array): readonly string[] => new TextDecoder().decode(bytes).split('\n');

function changesFrom({ status, same, wanted, lines }: Found, given: Params): readonly Change[] {
  const after = `SHA-256 ${wanted.slice(0, 12)}…${lines === '' ? '' : ` (${lines})`}`;
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
  if (typeof src === 'string' && remote_src === true && !src.startsWith('/')) {
    return error(['src'], 'the path of a file of the host must begin with /');
  }
  if (typeof src === 'string' && src.endsWith('/')) {
    return error(['src'], 'a directory is not copied', 'name its files in a `loop`, or use `rsync_dir`');
  }
  return [];
}
