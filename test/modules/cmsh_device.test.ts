// cmsh_device against the practice cluster's cmsh, under every way in which the real one may answer.
import { describe, expect, it } from 'vitest';
import type { ConvergeModule } from '../../src/core/module.ts';
import { bootOf } from '../../src/lab/standin/provisioning.ts';
import { applySetting } from '../../src/lab/standin/settings.ts';
import type { State } from '../../src/lab/standin/state.ts';
import { modules } from '../../src/modules/index.ts';
import { cmshHost } from '../support/cmsh-host.ts';
import { memoryStore } from '../support/memory-store.ts';
import { clusterState } from '../support/standin.ts';

const found = modules.find(module => module.name === 'cmsh_device');
if (found?.kind !== 'converge') throw new Error('there is no cmsh_device');
const module: ConvergeModule = found;

const given = { node: 'node003', confirm: true, timeout: 30, environment_module: 'etcd/kube-default', cmsh: 'cmsh' };
const BOOT = '00000000-0000-4000-8000-000000000001';
const device = (state: State) => state.objects.device.find(one => one.name === 'node003');

const settings = [
  'profile=strict',
  'profile=lax',
  'profile=silent',
  'fault.eventsInOutput=true',
  'fault.cellWidth=6',
  'fault.noHeaders=true',
];

describe.each(settings)('under %s', setting => {
  const newStore = () => {
    const store = memoryStore(clusterState(['node001', 'node002', 'node003']));
    applySetting(store.state, setting);
    return store;
  };

  it('reads a node', async () => {
    const { host } = cmshHost(newStore());
    expect(await module.observe(host, given as never)).toMatchObject({
      kind: 'same',
      result: { status: 'DOWN', install_mode: '', next_install_mode: '', data_node: true, boot_id: '' },
    });
  });

  it('sets the next install mode and reads it back', async () => {
    const store = newStore();
    const { host } = cmshHost(store);
    const params = { ...given, next_install_mode: 'NOSYNC' };
    const first = await module.observe(host, params as never);
    expect(first).toMatchObject({ kind: 'differs', changes: [{ before: 'none', after: 'NOSYNC' }] });
    if (first.kind === 'differs') await module.apply(host, params as never, first.state);
    expect(device(store.state)?.values.nextinstallmode).toBe('NOSYNC');
    expect((await module.observe(host, params as never)).kind).toBe('same');
  });

  it('answers the installer of a node that is on its way, and reboots it no more', async () => {
    const store = newStore();
    const at = device(store.state);
    if (at !== undefined) Object.assign(at.values, { status: 'INSTALLING', nextinstallmode: 'FULL' });
    bootOf(store.state, 'node003').installer = 'waiting';
    const { host, scripts } = cmshHost(store);
    const params = { ...given, provision: 'FULL', other_than_boot: BOOT };
    // The node itself does not answer while it is installed.
    const asking = { ...host, peer: () => ({ ...host, name: 'node003', readFile: async () => undefined }) };
    const first = await module.observe(asking, params as never);
    expect(first).toMatchObject({ kind: 'differs', state: { provision: 'wait' } });
    if (first.kind === 'differs') await module.apply(asking, params as never, first.state);
    expect(store.state.boots.node003?.installer).toBe('confirmed');
    expect(scripts.join('')).not.toContain('reboot');
  });

  it('does not reboot where the commit lost the mode', async () => {
    const store = newStore();
    store.state.faults.commitLosesChange = true;
    const { host } = cmshHost(store);
    const params = { ...given, provision: 'FULL', other_than_boot: BOOT };
    const asking = { ...host, peer: () => ({ ...host, name: 'node003', readFile: async () => undefined }) };
    const first = await module.observe(asking, params as never);
    if (first.kind !== 'differs') throw new Error('nothing to do');
    await expect(module.apply(asking, params as never, first.state)).rejects.toMatchObject({ code: 'bcm-refused' });
    expect(store.state.boots.node003?.wanted ?? '').toBe('');
  });

  it('says that BCM knows no such node', async () => {
    const { host } = cmshHost(newStore());
    await expect(module.observe(host, { ...given, node: 'node099' } as never)).rejects.toMatchObject({
      code: 'bcm-refused',
      message: 'BCM on headnode knows no node node099',
    });
  });
});
