import type { Provisioning } from '../bcm/devices.ts';
import { command } from '../bcm/script.ts';
import { type HandStep, typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { Risk } from '../core/guard.ts';
import type { Host, Probe } from '../core/host.ts';
import type { Change } from '../core/module.ts';
import { converge } from '../core/module.ts';
import { readCommand } from '../core/read-command.ts';
import { type Params, params, type Result, returns } from './cmsh_device-schema.ts';
import { change, readProvisioning, Unreadable } from './cmsh-session.ts';

interface State {
  readonly device: Provisioning;
  /** '' where the node could not be asked. */
  readonly bootId: string;
  /** Properties that differ: the commands of one commit. */
  readonly sets: readonly string[];
  /** `whole`: mode, reboot, wait. `reboot`: the mode is set. `wait`: it is on its way. Undefined: nothing to provision. */
  readonly provision: 'whole' | 'reboot' | 'wait' | undefined;
}

const POLL_MS = 2_000;
/** How long one `installerinteractions -w` may wait for an installer before we look again. */
const INTERACTION_MS = 15_000;

export const cmshDevice = converge<typeof params, typeof returns, State>({
  name: 'cmsh_device',
  summary: 'Sets how a node boots, or provisions it anew, through cmsh.',
  description: [
    'Runs on the active head node. With nothing but `node` it only looks. What it sets is read back by a fresh process of cmsh; a node',
    'is never rebooted before its install mode was seen to be what it should.',
    '',
    '`provision: FULL` sets the next install mode, reboots the node, confirms the install where the node is a data node (etcd nodes of BCM',
    'are, and hang without it), and waits until the node is up, has booted anew, and BCM has cleared the mode. **It wipes the disk of the',
    'node.** What can be told afterwards is only that something is as a provisioned node would have it, so say what: `gone`, files that were',
    'there before, or `other_than_boot`, the `boot_id` of an earlier look. Stopped half-way it goes on from where the node is.',
    '',
    'To guards a FULL provisioning wipes the member on that node, another one restarts it. Setting a mode alone is no risk by itself:',
    'it takes effect at the next boot, whoever causes that.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Provision a node anew, wiping its disk',
      yaml: ['- cmsh_device:', '    node: node003', '    provision: FULL', '    gone: [/var/lib/etcd/member]'].join(
        '\n',
      ),
    },
    {
      title: 'Only look',
      yaml: ['- cmsh_device:', '    node: node003', '  register: device'].join('\n'),
    },
    {
      title: 'Wait until a replaced node is back',
      yaml: ['- cmsh_device:', '    node: node003', '    status: up', '    timeout: 1800'].join('\n'),
    },
  ],
  weighed: true,
  lint: given => {
    const error = (at: string, message: string, hint: string) => [
      { at: [at], severity: 'error' as const, message, hint },
    ];
    if (given.provision === undefined) {
      const alone = ['gone', 'other_than_boot'].find(key => given[key] !== undefined);
      return alone === undefined ? [] : error(alone, `${alone} says nothing without provision`, 'add provision: FULL');
    }
    if (given.next_install_mode !== undefined)
      return error('next_install_mode', 'provision sets the next install mode itself', 'leave one of them out');
    if (given.status === 'down') return error('status', 'what is provisioned comes up', 'leave status out');
    return [];
  },
  async observe(probe, given, applied) {
    if (given.provision !== undefined && given.gone === undefined && given.other_than_boot === undefined) {
      throw new Failure('invalid-value', 'provision needs gone or other_than_boot, to tell whether it was done', {
        hint: 'gone: [/var/lib/etcd/member], or the boot_id of an earlier cmsh_device as other_than_boot',
      });
    }
    try {
      return await look(probe, given, applied);
    } catch (error) {
      if (error instanceof Unreadable) return { kind: 'unknown', why: error.message };
      throw error;
    }
  },
  risks(given, { provision }): readonly Risk[] {
    if (provision === undefined) return [];
    const effect = given.provision === 'FULL' ? 'wipe' : 'restart';
    const access = { module: given.environment_module };
    return [{ kind: 'service', effect, hosts: [given.node], together: false, access }];
  },
  async apply(host, given, { sets, provision }) {
    const enter = ['device', command(['use', given.node])];
    if (sets.length > 0) await change(host, given.cmsh, [...enter, ...sets, 'commit']);
    if (provision === undefined) return undefined;
    if (provision !== 'wait') {
      await refuseUnlessSet(host, given);
      await change(host, given.cmsh, [...enter, 'reboot']);
    }
    if (given.provision === 'FULL' && given.confirm) await confirmInstall(host, given);
    return undefined;
  },
  byHand(given, { host }, { sets, provision }): readonly HandStep[] {
    const { node } = given;
    const cmsh = (commands: readonly string[]): string => typed(['cmsh', '-c', commands.join('; ')]);
    const steps: HandStep[] = [];
    const reboots = provision === 'whole' || provision === 'reboot';
    const begun = [...(sets.length > 0 ? [...sets, 'commit'] : []), ...(reboots ? ['reboot'] : [])];
    if (begun.length > 0) steps.push({ host, command: cmsh(['device', `use ${node}`, ...begun]) });
    if (provision === undefined) return steps;
    if (given.provision === 'FULL' && given.confirm) {
      steps.push({ host, command: cmsh(['device', `installerinteractions -w -n ${node} --confirm`]) });
    }
    const status = `${cmsh(['device', `status -n ${node}`])} | grep -w UP`;
    return [...steps, { host, command: status, until: `${node} has been installed and is up` }];
  },
  remembersState: given => given.provision !== undefined,
  settleMs: given => (given.provision === undefined ? 30_000 : given.timeout * 1000),
});

async function look(probe: Probe, given: Params, applied: State | undefined) {
  const device = await waitForStatus(probe, given);
  const { bootId, left } = await readNode(probe, given);
  const wanted = [
    setting('installmode', device.installMode, given.install_mode),
    setting('nextinstallmode', device.nextInstallMode, given.next_install_mode),
  ].filter(one => one !== undefined);
  const provision = stageOf(given, device, bootId, left, applied);
  const mode = provision === 'whole' ? setting('nextinstallmode', device.nextInstallMode, given.provision) : undefined;
  const settings = mode === undefined ? wanted : [...wanted, mode];
  const changes: Change[] = settings.map(({ property, before, after }) => ({
    what: `${given.node}: ${property}`,
    before: before || 'none',
    after: after || 'none',
  }));
  if (provision !== undefined) {
    const after = given.provision === 'FULL' ? 'FULL install, which wipes its disk' : `boot in mode ${given.provision}`;
    changes.push({ what: `${given.node}: provisioning`, before: device.status || 'status unknown', after });
  }
  const result: Result = {
    node: given.node,
    status: device.status,
    install_mode: device.installMode,
    next_install_mode: device.nextInstallMode,
    data_node: device.dataNode,
    boot_id: bootId,
  };
  const state: State = { device, bootId, sets: settings.map(one => one.command), provision };
  return changes.length === 0
    ? ({ kind: 'same', state, result } as const)
    : ({ kind: 'differs', state, changes } as const);
}

async function read(probe: Probe, given: Params): Promise<Provisioning> {
  const device = await readProvisioning(probe, given.cmsh, given.node);
  if (device !== undefined) return device;
  throw new Failure('bcm-refused', `BCM on ${probe.name} knows no node ${given.node}`, {
    hint: 'cmsh -c "device; list" shows which there are',
  });
}

/** The device, once it has the status that is asked for; in check mode, as it is. */
async function waitForStatus(probe: Probe, given: Params): Promise<Provisioning> {
  const startedMs = probe.clock.now();
  for (;;) {
    const device = await read(probe, given);
    const wanted = given.status?.toUpperCase();
    if (wanted === undefined || device.status === wanted || probe.check || given.provision !== undefined) return device;
    if (probe.clock.now() - startedMs >= given.timeout * 1000) {
      const shown = device.status || 'of no status that can be read';
      throw new Failure('timed-out', `${given.node} is ${shown} after ${given.timeout} s, not ${wanted}`, {
        hint: `cmsh -c "device; status -n ${given.node}"`,
      });
    }
    probe.progress({ text: `${given.node} is ${device.status}` });
    await probe.clock.sleep(POLL_MS, probe.signal);
  }
}

/** What the node itself says; `left`: those of `gone` that are there, undefined where it could not be asked. */
async function readNode(probe: Probe, given: Params): Promise<{ bootId: string; left: readonly string[] | undefined }> {
  const asked = given.provision !== undefined;
  try {
    const node = given.node === probe.name ? probe : probe.peer(given.node);
    const boot = await node.readFile('/proc/sys/kernel/random/boot_id');
    const there = await Promise.all((given.gone ?? []).map(path => node.read(readCommand(['test', '-e', path]))));
    const left = (given.gone ?? []).filter((_, index) => there[index]?.code === 0);
    return { bootId: boot === undefined ? '' : new TextDecoder().decode(boot).trim(), left };
  } catch (error) {
    const silent = error instanceof Failure && /^(unreachable|timed-out|answer-lost)$/.test(error.code);
    const foreign = error instanceof Failure && error.code === 'no-hosts' && !asked;
    if (silent || foreign) return { bootId: '', left: undefined };
    throw error;
  }
}

/** What is left to do of a provisioning; undefined where none is asked for, or it is done. */
function stageOf(
  given: Params,
  device: Provisioning,
  bootId: string,
  left: readonly string[] | undefined,
  applied: State | undefined,
): State['provision'] {
  if (given.provision === undefined) return undefined;
  const up = device.status === 'UP';
  const sameBoot = bootId === '' || bootId === given.other_than_boot || bootId === applied?.bootId;
  const modeIsSet = device.nextInstallMode === given.provision;
  if (up && !modeIsSet && !sameBoot && left?.length === 0) return undefined;
  if (device.status.startsWith('INSTALL') || (modeIsSet && !up)) return 'wait';
  return modeIsSet ? 'reboot' : 'whole';
}

function setting(property: 'installmode' | 'nextinstallmode', before: string, after: string | undefined) {
  if (after === undefined || after === before) return undefined;
  return { property, before, after, command: after === '' ? `clear ${property}` : command(['set', property, after]) };
}

/** cmsh may say nothing of a commit that went wrong; a reboot in another mode than the wanted one would be for nothing. */
async function refuseUnlessSet(host: Host, given: Params): Promise<void> {
  const { nextInstallMode } = await read(host, given);
  if (nextInstallMode === given.provision) return;
  const shown = nextInstallMode || 'none';
  throw new Failure(
    'bcm-refused',
    `the next install mode of ${given.node} was set to ${given.provision} and is ${shown}`,
    {
      hint: 'the node was not rebooted; look at it in cmsh, then run the playbook again',
    },
  );
}

/** Answers the installer, once; returns when that is done, or the node is up without having asked. */
async function confirmInstall(host: Host, given: Params): Promise<void> {
  const startedMs = host.clock.now();
  const ask = ['device', `installerinteractions -w -n ${given.node} --confirm`];
  while (host.clock.now() - startedMs < given.timeout * 1000) {
    const device = await read(host, given);
    if (!device.dataNode || (device.status === 'UP' && device.nextInstallMode !== given.provision)) return;
    host.progress({ text: `${given.node} is ${device.status}; its FULL install is to be confirmed` });
    if (device.status.startsWith('INSTALL')) {
      try {
        return await change(host, given.cmsh, ask, INTERACTION_MS);
      } catch (error) {
        // Nothing has asked yet.
        if (!(error instanceof Failure) || error.code !== 'timed-out') throw error;
      }
    }
    await host.clock.sleep(POLL_MS, host.signal);
  }
  throw new Failure(
    'timed-out',
    `the installer of ${given.node} did not ask for a confirmation in ${given.timeout} s`,
    {
      hint: `cmsh -c "device; status -n ${given.node}"; its console says what it waits for`,
    },
  );
}
