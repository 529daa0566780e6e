import { type Static, Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { Risk } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import type { Change } from '../core/module.ts';
import { converge } from '../core/module.ts';
import { readCommand } from '../core/read-command.ts';
import { accessOf } from '../etcd-client/client.ts';
import { accessParams } from '../etcd-client/schemas.ts';
import { must } from './must.ts';
import { MODE, OWNER, octal, PATH, pathRefusal, plainPath, timeName } from './paths.ts';

const params = Type.Object(
  {
    path: Type.String({ ...PATH, description: 'The directory; an absolute path. A symbolic link is followed.' }),
    state: Type.Enum(['present', 'empty'], {
      default: 'present',
      description: '`empty`: what is in it is moved aside, never deleted.',
    }),
    mode: Type.Optional(Type.String({ ...MODE, description: "The permissions in octal, in quotes: `'0700'`." })),
    owner: Type.Optional(Type.String({ ...OWNER, description: 'The name of its user.' })),
    group: Type.Optional(Type.String({ ...OWNER, description: 'The name of its group.' })),
    aside: Type.Optional(
      Type.String({ ...PATH, description: 'Where contents are moved to, below the time; default: `<path>.aside`.' }),
    ),
    unless_active: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9@:._\\\\-]+$',
        description: 'A systemd unit; contents are not touched while it runs.',
      }),
    ),
    environment_module: Type.String({
      default: 'etcd/kube-default',
      description: 'How guards reach etcd where the directory holds the data of a member.',
    }),
    via: accessParams.via,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  path: Type.String(),
  moved_to: Type.String({ description: "Where the contents are now; '' where nothing was moved." }),
});

type Params = Static<typeof params>;

/** What `stat` and `ls` say. */
interface Found {
  readonly host: string;
  readonly exists: boolean;
  /** Octal, without leading zeros. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly contents: readonly string[];
}

export const directory = converge<typeof params, typeof returns, Found>({
  name: 'directory',
  summary: 'Makes a directory, sets its mode and owner, or empties it by moving its contents aside.',
  description: [
    'A member must join with an empty data directory, and what was there may be the only copy of something: `state: empty` moves it',
    'to `aside`, into a directory named by the time, and never deletes anything. With the default `aside` that is a sibling; where',
    '`path` is a mount point, the contents are copied to the other file system, which takes its time and space.',
    '',
    'Refused: system directories, a path that is no directory, and contents while the unit `unless_active` runs. To guards, moving',
    'aside what holds a `member` directory wipes a member.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: "etcd's data directory is clean (6.1)",
      yaml: [
        '- directory:',
        '    path: /var/lib/etcd',
        '    state: empty',
        "    mode: '0700'",
        '    unless_active: etcd',
      ].join('\n'),
    },
  ],
  weighed: false,
  lint: given => {
    const wrong = typeof given.path === 'string' ? pathRefusal(given.path, given.state === 'empty') : undefined;
    return wrong === undefined ? [] : [{ at: ['path'], severity: 'error', message: wrong }];
  },
  async observe(probe, given) {
    const wrong = pathRefusal(given.path, given.state === 'empty' || changesMode(given)) ?? refusalOfAside(given);
    if (wrong !== undefined) throw new Failure('invalid-value', wrong);
    const found = await look(probe, given.path);
    if ('why' in found) return { kind: 'unknown', why: found.why };
    const changes = changesFrom(found, given);
    if (changes.length === 0) return { kind: 'same', state: found, result: { path: given.path, moved_to: '' } };
    if (emptied(found, given)) await refuseWhileActive(probe, given);
    return { kind: 'differs', state: found, changes };
  },
  risks(given, found): readonly Risk[] {
    if (!emptied(found, given) || !found.contents.includes('member')) return [];
    const access = accessOf(given);
    return [{ kind: 'service', effect: 'wipe', hosts: [found.host], together: false, access }];
  },
  async apply(host, given, found) {
    const { path } = given;
    if (!found.exists) await must(host, ['mkdir', '-p', '--', path]);
    let movedTo = '';
    if (emptied(found, given)) {
      await refuseWhileActive(host, given);
      movedTo = `${asideOf(given)}/${timeName(host.clock.now())}`;
      await must(host, ['mkdir', '-p', '-m', '0700', '--', movedTo]);
      await must(host, [
        'find',
        '-H',
        path,
        '-mindepth',
        '1',
        '-maxdepth',
        '1',
        '-exec',
        'mv',
        '-t',
        movedTo,
        '--',
        '{}',
        '+',
      ]);
    }
    if (given.owner !== undefined || given.group !== undefined) {
      await must(host, [
        'chown',
        `${given.owner ?? ''}${given.group === undefined ? '' : `:${given.group}`}`,
        '--',
        path,
      ]);
    }
    if (given.mode !== undefined) await must(host, ['chmod', given.mode, '--', path]);
    return { moved_to: movedTo };
  },
  byHand(given, { host }, found) {
    const path = typed([given.path]);
    const owner = `${given.owner ?? ''}${given.group === undefined ? '' : `:${given.group}`}`;
    const aside = `${typed([asideOf(given)])}/$(date -u +%Y%m%dT%H%M%SZ)`;
    const commands = [
      ...(found.exists ? [] : [`mkdir -p ${path}`]),
      ...(emptied(found, given)
        ? [
            `aside=${aside}; mkdir -p -m 0700 "$aside" && ` +
              `find -H ${path} -mindepth 1 -maxdepth 1 -exec mv -t "$aside" -- {} +`,
          ]
        : []),
      ...(owner === '' ? [] : [`chown ${owner} ${path}`]),
      ...(given.mode === undefined ? [] : [`chmod ${given.mode} ${path}`]),
    ];
    return commands.map(command => ({ host, command }));
  },
  settleMs: () => 0,
});

function refusalOfAside(given: Params): string | undefined {
  if (given.state !== 'empty') return undefined;
  const wrong = pathRefusal(asideOf(given), false);
  if (wrong !== undefined) return wrong;
  const inside = `${plainPath(asideOf(given))}/`.startsWith(`${plainPath(given.path)}/`);
  return inside ? `${asideOf(given)} lies inside ${given.path}` : undefined;
}

const asideOf = (given: Params): string => given.aside ?? `${plainPath(given.path)}.aside`;
const changesMode = ({ mode, owner, group }: Params): boolean => (mode ?? owner ?? group) !== undefined;
const emptied = (found: Found, given: Params): boolean => given.state === 'empty' && found.contents.length > 0;

async function look(probe: Probe, path: string): Promise<Found | { why: string }> {
  const stat = await probe.read(readCommand(['stat', '-L', '--format=%a %U %G %F', '--', path]));
  if (stat.code !== 0) {
    if (!/No such file/.test(stat.stderr)) return { why: `${path} on ${probe.name}: ${stat.stderr.trim()}` };
    return { host: probe.name, exists: false, mode: '', owner: '', group: '', contents: [] };
  }
  const [mode = '', owner = '', group = '', ...type] = stat.stdout.trim().split(' ');
  if (type.join(' ') !== 'directory') {
    throw new Failure('task-failed', `${path} on ${probe.name} is not a directory but a ${type.join(' ')}`);
  }
  const list = await probe.read(readCommand(['ls', '-A', '-1', '--', path]));
  if (list.code !== 0) return { why: `${path} on ${probe.name}: ${list.stderr.trim()}` };
  const contents = list.stdout.split('\n').filter(name => name !== '');
  return { host: probe.name, exists: true, mode: octal(mode), owner, group, contents };
}

function changesFrom(found: Found, given: Params): readonly Change[] {
  const { path } = given;
  const changes: Change[] = [];
  if (!found.exists) changes.push({ what: path, before: 'absent', after: 'a directory' });
  const differs = (what: string, before: string, after: string | undefined): void => {
    if (after !== undefined && before !== after) {
      changes.push({ what: `${path}: ${what}`, after, ...(found.exists ? { before } : {}) });
    }
  };
  if (emptied(found, given)) {
    const { length } = found.contents;
    const shown = found.contents.slice(0, 3).join(', ') + (length > 3 ? ` and ${length - 3} more` : '');
    changes.push({ what: `${path}: contents`, before: shown, after: `moved below ${asideOf(given)}` });
  }
  differs('mode', found.mode, given.mode === undefined ? undefined : octal(given.mode));
  differs('owner', found.owner, given.owner);
  differs('group', found.group, given.group);
  return changes;
}

async function refuseWhileActive(probe: Probe, { path, unless_active }: Params): Promise<void> {
  if (unless_active === undefined) return;
  const out = await probe.read(readCommand(['systemctl', 'show', '--property=ActiveState', '--', unless_active]));
  const state = /^ActiveState=(.*)$/m.exec(out.stdout)?.[1] ?? 'unknown';
  if (state === 'inactive' || state === 'failed') return;
  throw new Failure('task-failed', `${unless_active} on ${probe.name} is ${state}, so ${path} is left as it is`, {
    hint: `on ${probe.name}: systemctl status ${unless_active}; take the node out of its configuration overlay first`,
  });
}
