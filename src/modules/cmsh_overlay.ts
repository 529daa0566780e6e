import { type Static, Type } from 'typebox';
import { type Overlay, sameName, wantedOverlay } from '../bcm/overlay.ts';
import { changeCommands, differences, type OverlayStep, overlayText } from '../bcm/overlay-change.ts';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { ClusterAccess, Risk } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import type { Change, NotSeen } from '../core/module.ts';
import { converge } from '../core/module.ts';
import { type Effects, effectRisks, effectsOf, type KnownOverlays, type Seen } from './cmsh_overlay-effects.ts';
import { contradictions, fulfilledByNone, onlyLooks, type Wish, wish } from './cmsh_overlay-wishes.ts';
import { change, readDevices, readEffectiveRoles, readOverlay, Unreadable } from './cmsh-session.ts';

const params = Type.Object(
  {
    overlays: Type.Array(wish, {
      minItems: 1,
      description: 'What is wanted of overlays. All changes are made in one commit.',
    }),
    etcd_role: Type.String({
      default: 'Etcd::Host',
      pattern: '^[A-Za-z0-9_.:-]+$',
      description: 'The role that makes a node run etcd; in any case.',
    }),
    cmsh: Type.String({ default: 'cmsh', pattern: '(^|/)cmsh$', description: 'The path of cmsh.' }),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  overlays: Type.Array(
    Type.Object({
      name: Type.String(),
      exists: Type.Boolean(),
      priority: Type.Optional(Type.Integer({ description: 'Absent where the overlay does not exist.' })),
      all_head_nodes: Type.Boolean(),
      nodes: Type.Array(Type.String()),
      categories: Type.Array(Type.String()),
      roles: Type.Array(
        Type.Object({
          name: Type.String(),
          options: Type.Array(Type.String()),
          etcd_cluster: Type.Optional(Type.String()),
        }),
        { description: 'The etcd role and those that were asked about, where it has them.' },
      ),
    }),
    { description: 'As they are now, in the order in which they were asked about.' },
  ),
  started_nodes: Type.Array(Type.String(), { description: 'Nodes that were given the etcd role by this.' }),
  stopped_nodes: Type.Array(Type.String(), { description: 'Nodes that lost the etcd role by this.' }),
  restarted_nodes: Type.Array(Type.String(), { description: 'Nodes whose etcd BCM restarts because of this.' }),
  commands: Type.Array(Type.String(), { description: 'What was typed into cmsh, a command an item.' }),
});

type Params = Static<typeof params>;
type Result = Static<typeof returns>;

/** What `observe` found and `apply` goes by. */
interface State {
  readonly commands: readonly string[];
  readonly risks: readonly Risk[];
  readonly effects: Effects;
}

export const cmshOverlay = converge<typeof params, typeof returns, State>({
  name: 'cmsh_overlay',
  summary: 'Brings configuration overlays of BCM, and the options of their roles, into a state, through cmsh.',
  description: [
    'Runs on the active head node. What is left out of an entry stays as it is. Everything that differs is changed in **one**',
    'commit, so that a node that moves between overlays is restarted once (section 6.5 of the article). Success is what a fresh',
    'process of cmsh reads back: neither exit statuses nor messages of cmsh are taken for it.',
    '',
    'BCM acts on a commit by itself, some time after it: this module does not wait for the services; `systemd_check` and',
    '`etcd_health` do. What the guards are told beforehand, from the transcripts of the article:',
    '- a node gains the etcd role: BCM restarts etcd on **all other nodes that have it, at the same moment** (6.3);',
    '- a node loses it: its etcd is stopped (5.1);',
    '- its role comes from another overlay or has other options: its etcd alone is restarted (6.5).',
    '',
    'An overlay that does not exist is made by cloning another one. The clone keeps priority and roles, and begins without nodes,',
    'categories and head nodes, so that it applies to nothing but what is asked for. A node that BCM does not know is refused, and',
    'so is one whose role would come from something of a higher priority all the same.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Start node003 as a learner (6.3)',
      yaml: [
        '- cmsh_overlay:',
        '    overlays:',
        '      - name: kube-default-etcd-learners',
        '        clone_from: kube-default-etcd',
        '        priority: 510',
        '        all_head_nodes: false',
        '        categories: []',
        '        nodes: [node003]',
        '        roles:',
        '          - name: etcd::host',
        '            options_present: [--initial-cluster-state=existing]',
      ].join('\n'),
    },
    {
      title: 'Move it to the default overlay (6.5)',
      yaml: [
        '- cmsh_overlay:',
        '    overlays:',
        '      - name: kube-default-etcd-learners',
        '        nodes_absent: [node003]',
        '      - name: kube-default-etcd',
        '        nodes_present: [node003]',
      ].join('\n'),
    },
    {
      title: 'Only look',
      yaml: ['- cmsh_overlay:', '    overlays:', '      - name: kube-default-etcd', '  register: seen'].join('\n'),
    },
  ],
  weighed: true,
  lint: given => contradictions(given.overlays),
  async observe(probe, given) {
    const contradiction = contradictions(given.overlays)[0];
    if (contradiction !== undefined) {
      throw new Failure('invalid-value', contradiction.message, hintOf(contradiction.hint));
    }
    try {
      return await look(probe, given);
    } catch (error) {
      if (error instanceof Unreadable) return { kind: 'unknown', why: error.message } satisfies NotSeen;
      throw error;
    }
  },
  risks: (_given, { risks }) => risks,
  async apply(host, given, { commands, effects }) {
    await change(host, given.cmsh, commands);
    return done(commands, effects);
  },
  byHand: (given, { host }, { commands }) => [{ host, command: typed([given.cmsh, '-c', commands.join('; ')]) }],
  // A commit is seen by the next process at once; the time is for a CMDaemon that is busy.
  settleMs: () => 30_000,
});

async function look(probe: Probe, given: Params) {
  const found = await readNamed(probe, given);
  const steps = given.overlays.map(entry => stepOf(entry, found, probe));
  const changes: readonly Change[] = steps.flatMap(step => changesOf(step, probe));
  const result = resultOf(steps.map(step => [step.name, step.before]));
  const names = steps.flatMap(step => [...(step.before?.roles ?? []), ...(step.after?.roles ?? [])]).map(r => r.name);
  const touchesEtcd = names.some(name => sameName(name, given.etcd_role));
  const asksNothing = given.overlays.every(onlyLooks);
  const seen =
    asksNothing || (changes.length === 0 && !touchesEtcd)
      ? undefined
      : await readSeen(probe, given, changes.length > 0);
  const assumed = assumedOverlays(probe);
  const before: KnownOverlays = new Map([...assumed, ...steps.map(step => [step.name, step.before] as const)]);
  const after: KnownOverlays = new Map([...before, ...steps.map(step => [step.name, step.after] as const)]);
  const effects = seen && effectsOf(before, after, seen, given.etcd_role);
  const shadow = effects?.shadowed[0];
  if (shadow !== undefined) {
    throw new Failure(
      'bcm-refused',
      `${shadow.node} has ${given.etcd_role} from ${shadow.by}, which wins over the overlay ${shadow.overlay}`,
      { hint: `cmsh -c "device use ${shadow.node}; roles; list -p" shows where its roles come from` },
    );
  }
  if (changes.length === 0 || seen === undefined || effects === undefined) {
    return { kind: 'same', state: { commands: [], risks: [], effects: NO_EFFECTS }, result } as const;
  }
  refuseUnknownNodes(steps, seen);
  const commands = changeCommands(steps, knownOf(found));
  const changed = steps.filter(step => differences(step).length > 0).map(step => [step.name, step.after] as const);
  const risks = effectRisks(effects, new Map(changed), accessOf(steps, given.etcd_role));
  const foreseen = { ...resultOf(steps.map(step => [step.name, step.after])), ...done(commands, effects) };
  return { kind: 'differs', state: { commands, risks, effects }, changes, foreseen } as const;
}

/** With `--diff` the first one has the overlay, whole. */
function changesOf(step: OverlayStep, { diff }: Probe): readonly Change[] {
  const [first, ...others] = differences(step);
  if (!first || !diff) return first ? [first, ...others] : [];
  return [{ ...first, texts: { before: overlayText(step.before), after: overlayText(step.after) } }, ...others];
}

/** All overlays that are named, and those to be cloned where they are needed. */
async function readNamed(probe: Probe, given: Params): Promise<Map<string, Overlay | undefined>> {
  const assumed = assumedOverlays(probe);
  const asked = given.overlays.flatMap(entry => entry.roles ?? []).map(role => role.name);
  const roles = [given.etcd_role, ...asked].filter((name, at, all) => all.findIndex(n => sameName(n, name)) === at);
  const read = async (name: string): Promise<readonly [string, Overlay | undefined]> => {
    if (assumed.has(name)) return [name, assumed.get(name)];
    return [name, await readOverlay(probe, given.cmsh, name, roles, given.etcd_role)];
  };
  const found = new Map(await Promise.all(given.overlays.map(entry => read(entry.name))));
  const sources = given.overlays.flatMap(({ name, clone_from }) =>
    clone_from !== undefined && found.get(name) === undefined && !found.has(clone_from) ? [clone_from] : [],
  );
  for (const [name, overlay] of await Promise.all([...new Set(sources)].map(read))) found.set(name, overlay);
  return found;
}

/** In check mode: the overlays as changes that were not made would have left them. */
function assumedOverlays(probe: Probe): Map<string, Overlay | undefined> {
  const risks = probe.assumed.filter(risk => risk.kind === 'configuration');
  return new Map(risks.map(({ overlay, becomes }) => [overlay, becomes]));
}

function stepOf(entry: Wish, found: KnownOverlays, probe: Probe): OverlayStep {
  const { name, clone_from } = entry;
  const before = found.get(name);
  if (before !== undefined || fulfilledByNone(entry)) {
    return { name, before, after: before && wantedOverlay(entry, before, undefined) };
  }
  if (clone_from === undefined) {
    throw new Failure('bcm-refused', `BCM on ${probe.name} has no configuration overlay ${name}`, {
      hint: 'cmsh -c "configurationoverlay; list" shows which there are; clone_from would make it',
    });
  }
  const cloned = found.get(clone_from);
  if (cloned === undefined) {
    throw new Failure('bcm-refused', `BCM on ${probe.name} has no configuration overlay ${clone_from} to clone`, {
      hint: 'cmsh -c "configurationoverlay; list" shows which there are',
    });
  }
  return { name, before, after: wantedOverlay(entry, undefined, cloned), clonedFrom: clone_from };
}

/** Which nodes there are and where they have their roles from. Where nothing is to be changed, it may stay unknown. */
async function readSeen(probe: Probe, given: Params, needed: boolean): Promise<Seen | undefined> {
  try {
    const devices = await readDevices(probe, given.cmsh);
    const roles = await readEffectiveRoles(
      probe,
      given.cmsh,
      devices.map(device => device.name),
    );
    return { devices, roles };
  } catch (error) {
    if (error instanceof Unreadable && !needed) return undefined;
    throw error;
  }
}

function refuseUnknownNodes(steps: readonly OverlayStep[], { devices }: Seen): void {
  for (const { name, before, after } of steps) {
    const added = (after?.nodes ?? []).filter(node => !(before?.nodes ?? []).includes(node));
    const unknown = added.find(node => !devices.some(device => device.name === node));
    if (unknown === undefined) continue;
    throw new Failure('bcm-refused', `BCM knows no node ${unknown}, so it can't be put into the overlay ${name}`, {
      hint: `nodes that it knows: ${devices.map(device => device.name).join(', ')}`,
    });
  }
}

const NO_EFFECTS: Effects = { start: [], stop: [], restart: [], shadowed: [] };

function knownOf(found: KnownOverlays): Map<string, Overlay> {
  return new Map([...found].flatMap(([name, overlay]) => (overlay === undefined ? [] : [[name, overlay] as const])));
}

/** The environment module is called like BCM's etcd cluster. */
function accessOf(steps: readonly OverlayStep[], etcdRole: string): ClusterAccess {
  const roles = steps.flatMap(({ before, after }) => [...(after?.roles ?? []), ...(before?.roles ?? [])]);
  const cluster = roles.find(role => sameName(role.name, etcdRole) && role.etcdCluster !== undefined)?.etcdCluster;
  return { module: `etcd/${cluster ?? 'kube-default'}` };
}

function resultOf(overlays: readonly (readonly [string, Overlay | undefined])[]): Result {
  const described = overlays.map(([name, overlay]) => ({
    name,
    exists: overlay !== undefined,
    ...(overlay === undefined ? {} : { priority: overlay.priority }),
    all_head_nodes: overlay?.allHeadNodes ?? false,
    nodes: [...(overlay?.nodes ?? [])],
    categories: [...(overlay?.categories ?? [])],
    roles: (overlay?.roles ?? []).map(({ name: role, options, etcdCluster }) => ({
      name: role,
      options: [...options],
      ...(etcdCluster === undefined ? {} : { etcd_cluster: etcdCluster }),
    })),
  }));
  return { overlays: described, ...done([], NO_EFFECTS) };
}

function done(commands: readonly string[], { start, stop, restart }: Effects) {
  return {
    commands: [...commands],
    started_nodes: [...start],
    stopped_nodes: [...stop],
    restarted_nodes: [...restart],
  };
}

const hintOf = (hint: string | undefined): { hint?: string } => (hint === undefined ? {} : { hint });
