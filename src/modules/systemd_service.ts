import { type Static, Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { Risk, ServiceRisk } from '../core/guard.ts';
import type { Host, Probe } from '../core/host.ts';
import type { Change } from '../core/module.ts';
import { converge } from '../core/module.ts';
import { readCommand } from '../core/read-command.ts';

const params = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9@:._\\\\][A-Za-z0-9@:._\\\\-]*$',
      description: 'The unit; `.service` where it has no other ending.',
    }),
    state: Type.Optional(
      Type.Enum(['started', 'stopped', 'restarted', 'reloaded'], {
        description: '`restarted` and `reloaded` start a unit that does not run; each time they are a change.',
      }),
    ),
    enabled: Type.Optional(Type.Boolean({ description: 'Whether it is started with the host.' })),
    daemon_reload: Type.Boolean({
      default: false,
      description: "Let systemd read the unit's files again first, where they changed since it did.",
    }),
    environment_module: Type.String({
      default: 'etcd/kube-default',
      description: 'How guards reach etcd where the unit is one of etcd.',
    }),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  name: Type.String(),
  state: Type.String({ description: "systemd's ActiveState: active, inactive, failed …" }),
  sub_state: Type.String({ description: "systemd's SubState: running, dead …" }),
  enabled: Type.Boolean(),
  main_pid: Type.Integer({ description: '0 where none runs.' }),
});

type Params = Static<typeof params>;

interface Unit {
  readonly host: string;
  readonly active: string;
  readonly sub: string;
  /** systemd's UnitFileState: enabled, disabled, static, masked … */
  readonly file: string;
  readonly pid: number;
  /** Another one after each start. */
  readonly invocation: string;
  readonly outdated: boolean;
  /** True where it runs etcd. */
  readonly etcd: boolean;
}

const PROPERTIES = 'LoadState,ActiveState,SubState,MainPID,UnitFileState,InvocationID,NeedDaemonReload,ExecStart';

/** systemctl waits for the end of its job itself; this is for units that need a moment after it. */
const SETTLE_MS = 10_000;

export const systemdService = converge<typeof params, typeof returns, Unit>({
  name: 'systemd_service',
  summary: 'Starts, stops, restarts, enables or disables a systemd unit.',
  description: [
    'Does what is not there yet, in this order: reads the files of units again, enables or disables, starts or stops. A restart was',
    "made where the unit's invocation is another one than before; a reload leaves nothing to be seen but that the unit still runs.",
    '',
    'Stopping or restarting a unit that runs etcd (the unit `etcd`, or one whose program is called so) is weighed against the',
    'quorum. A unit that does not exist is a failure, whatever is wanted of it. Where BCM manages a unit, it starts it again: to take',
    'etcd off a node for good, use `cmsh_overlay`. To wait until a unit runs and stays so, use `systemd_check`.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Stopped, and not started with the host',
      yaml: ['- systemd_service:', '    name: etcd', '    state: stopped', '    enabled: false'].join('\n'),
    },
    { title: 'Restarted', yaml: ['- systemd_service:', '    name: kubelet', '    state: restarted'].join('\n') },
  ],
  weighed: true,
  lint(given) {
    if ((given.state ?? given.enabled) !== undefined || given.daemon_reload === true) return [];
    const hint = 'write `state: started`, or `enabled: true`';
    return [{ at: [], severity: 'error', message: 'nothing is wanted of the unit', hint }];
  },
  async observe(probe, given, applied) {
    const unit = await look(probe, given.name);
    const changes = changesFrom(unit, given, applied);
    if (changes.length === 0) return { kind: 'same', state: unit, result: resultOf(unit, given) };
    return { kind: 'differs', state: unit, changes, foreseen: { name: given.name } };
  },
  risks(given, unit): readonly Risk[] {
    const effect = effectOf(given, unit);
    if (!unit.etcd || effect === undefined) return [];
    const access = { module: given.environment_module };
    return [{ kind: 'service', effect, hosts: [unit.host], together: false, access }];
  },
  foretells: ({ name, state, environment_module: module }) => {
    const isEtcd = typeof name === 'string' && /^etcd(\.service)?$/.test(name);
    if (!isEtcd || (state !== 'stopped' && state !== 'restarted')) return [];
    const effect = state === 'stopped' ? 'stop' : 'restart';
    return [
      { kind: 'service', effect, hosts: [], together: false, access: typeof module === 'string' ? { module } : {} },
    ];
  },
  async apply(host, given, unit) {
    for (const words of commandsFor(unit, given)) await systemctl(host, given, words);
    return undefined;
  },
  byHand: (given, { host }, unit) =>
    commandsFor(unit, given).map(words => ({ host, command: typed(['systemctl', ...words]) })),
  // A reload leaves nothing by which it could be told, and may be done twice.
  remembersState: given => given.state === 'restarted',
  settleMs: () => SETTLE_MS,
});

async function look(probe: Probe, name: string): Promise<Unit> {
  const out = await probe.read(readCommand(['systemctl', 'show', `--property=${PROPERTIES}`, '--', name]));
  if (out.code !== 0) {
    throw new Failure('command-failed', `systemctl on ${probe.name}: ${out.stderr.trim() || `status ${out.code}`}`);
  }
  const shown = (property: string): string => new RegExp(`^${property}=(.*)$`, 'm').exec(out.stdout)?.[1] ?? '';
  if (shown('LoadState') === 'not-found') {
    throw new Failure('task-failed', `there is no unit ${name} on ${probe.name}`, {
      hint: `on ${probe.name}: systemctl list-unit-files`,
    });
  }
  return {
    host: probe.name,
    active: shown('ActiveState'),
    sub: shown('SubState'),
    file: shown('UnitFileState'),
    pid: Number(shown('MainPID')) || 0,
    invocation: shown('InvocationID'),
    outdated: shown('NeedDaemonReload') === 'yes',
    etcd: /^etcd(\.service)?$/.test(name) || /(path=|argv\[\]=)(\S*\/)?etcd[ ;]/.test(shown('ExecStart')),
  };
}

const runs = (unit: Unit): boolean => unit.active === 'active' || unit.active === 'reloading';
const stands = (unit: Unit): boolean => unit.active === 'inactive' || unit.active === 'failed';
const isEnabled = (unit: Unit): boolean => unit.file === 'enabled' || !hasSwitch(unit);

/** Units that are neither enabled nor disabled, because others or systemd bring them in. */
const hasSwitch = (unit: Unit): boolean => !/^(static|alias|indirect|generated|transient)$/.test(unit.file);

/** What systemctl is told to do for the wanted state. */
function verbFor(unit: Unit, { state }: Params): 'start' | 'stop' | 'restart' | 'reload' | undefined {
  switch (state) {
    case 'started':
      return runs(unit) ? undefined : 'start';
    case 'stopped':
      return stands(unit) ? undefined : 'stop';
    case 'restarted':
      return 'restart';
    case 'reloaded':
      return runs(unit) ? 'reload' : 'start';
    default:
      return undefined;
  }
}

/** What systemctl is told, in order. */
function commandsFor(unit: Unit, given: Params): readonly (readonly string[])[] {
  const { name, enabled, daemon_reload } = given;
  const verb = verbFor(unit, given);
  const switched = enabled !== undefined && enabled !== isEnabled(unit);
  return [
    ...(daemon_reload && unit.outdated ? [['daemon-reload']] : []),
    ...(switched ? [[enabled ? 'enable' : 'disable', '--', name]] : []),
    ...(verb === undefined ? [] : [[verb, '--', name]]),
  ];
}

/** What a running etcd goes through; a reload is taken for a restart, because a unit may make it one. */
function effectOf(given: Params, unit: Unit): ServiceRisk['effect'] | undefined {
  if (stands(unit)) return undefined;
  const verb = verbFor(unit, given);
  if (verb === 'stop') return 'stop';
  return verb === 'restart' || verb === 'reload' ? 'restart' : undefined;
}

function changesFrom(unit: Unit, given: Params, applied: Unit | undefined): readonly Change[] {
  const { name, enabled, state } = given;
  const changes: Change[] = [];
  if (given.daemon_reload && unit.outdated) changes.push({ what: `${name}: files of the unit`, after: 'read again' });
  if (enabled !== undefined && enabled !== isEnabled(unit)) {
    if (!hasSwitch(unit))
      throw new Failure('task-failed', `${name} on ${unit.host} is ${unit.file}: it cannot be disabled`);
    changes.push({ what: `${name}: start with the host`, before: unit.file, after: enabled ? 'enabled' : 'disabled' });
  }
  const done =
    (state === 'restarted' && applied !== undefined && runs(unit) && unit.invocation !== applied.invocation) ||
    (state === 'reloaded' && applied !== undefined && unit.active === 'active');
  if (!done && verbFor(unit, given) !== undefined && state !== undefined) {
    changes.push({ what: name, before: unit.active, after: state });
  }
  return changes;
}

async function systemctl(host: Host, { name }: Params, words: readonly string[]): Promise<void> {
  const out = await host.run(['systemctl', ...words]);
  if (out.code === 0) return;
  const why = out.stderr.trim().split('\n')[0] || `status ${out.code}`;
  throw new Failure('command-failed', `systemctl ${words[0]} on ${host.name}: ${why}`, {
    hint: `on ${host.name}: systemctl status ${name}; journalctl -u ${name} -n 50`,
    result: { rc: out.code },
  });
}

function resultOf(unit: Unit, { name }: Params): Static<typeof returns> {
  return { name, state: unit.active, sub_state: unit.sub, enabled: isEnabled(unit), main_pid: unit.pid };
}
