// What cmsh may answer, scripted; the dialogue with the practice cluster's cmsh is in test/modules/cmsh_device.test.ts.
import type { ModuleCase } from '../../../src/testing/module-case.ts';

const cmsh = (...script: readonly string[]): string =>
  `cmsh -n -Q -q --color no --hide-events -f @input <<< ${script.join('\n')}\n`;
const NODE = ['device', 'use node003'];
const PROPERTIES = cmsh(
  ...[...NODE, 'get hostname', 'get installmode', 'get hostname', 'get nextinstallmode', 'get hostname'],
  ...['get datanode', 'get hostname'],
);
const STATUS = cmsh(...NODE, 'status');
const onPath = { 'test -x /cm/local/apps/cmd/bin/cmsh': { code: 1 } };
const BOOT = '/proc/sys/kernel/random/boot_id';
const FIRST = '00000000-0000-4000-8000-000000000001';
const SECOND = '00000000-0000-4000-8000-000000000002';
const properties = (mode = '', next = '', dataNode = 'yes'): string =>
  ['node003', mode, 'node003', next, 'node003', dataNode, 'node003', ''].join('\n');
const status = (text: string): string => `node003 ................. [${text}]\n`;
const node = (bootId = FIRST) => ({ files: { [BOOT]: `${bootId}\n` } });
const access = { module: 'etcd/kube-default' };
const PROVISION = { node: 'node003', provision: 'FULL', other_than_boot: FIRST } as const;
const SET = cmsh(...NODE, 'set nextinstallmode FULL', 'commit');
const REBOOT = cmsh(...NODE, 'reboot');
const CONFIRM = cmsh('device', 'installerinteractions -w -n node003 --confirm');
const FULL = { what: 'node003: provisioning', after: 'FULL install, which wipes its disk' };

export const cases: readonly ModuleCase[] = [
  {
    name: 'only looks; a remark behind the status',
    params: { node: 'node003' },
    hosts: {
      headnode: {
        answers: { ...onPath, [PROPERTIES]: properties('AUTO'), [STATUS]: status('   UP   ] (health check failed)') },
      },
      node003: node(),
    },
    expect: {
      changes: 'same',
      result: { status: 'UP', install_mode: 'AUTO', next_install_mode: '', data_node: true, boot_id: FIRST },
    },
  },
  {
    name: 'a node that the inventory does not have can be looked at all the same',
    params: { node: 'node003' },
    hosts: { headnode: { answers: { ...onPath, [PROPERTIES]: properties(), [STATUS]: status('  DOWN  ') } } },
    expect: { changes: 'same', result: { status: 'DOWN', boot_id: '' } },
  },
  {
    name: 'a node that BCM does not know',
    params: { node: 'node003' },
    hosts: {
      headnode: {
        answers: { ...onPath, [PROPERTIES]: { code: 1, stderr: "Unable to find Device 'node003' (type 'list' …)\n" } },
      },
      node003: node(),
    },
    expect: { failure: { code: 'bcm-refused', message: /knows no node node003/ } },
  },
  {
    name: 'sets a mode in one commit, and reads it back',
    params: { node: 'node003', install_mode: 'NOSYNC', next_install_mode: '' },
    hosts: {
      headnode: {
        answers: {
          ...onPath,
          [PROPERTIES]: { stdout: properties('AUTO', 'FULL'), later: [{ stdout: properties('NOSYNC', '') }] },
          [STATUS]: status('   UP   '),
          [cmsh(...NODE, 'set installmode NOSYNC', 'clear nextinstallmode', 'commit')]: '',
        },
      },
      node003: node(),
    },
    expect: {
      changes: [
        { what: 'node003: installmode', before: 'AUTO', after: 'NOSYNC' },
        { what: 'node003: nextinstallmode', before: 'FULL', after: 'none' },
      ],
      risks: [],
      runs: [`headnode: ${cmsh(...NODE, 'set installmode NOSYNC', 'clear nextinstallmode', 'commit')}`],
      result: { install_mode: 'NOSYNC', next_install_mode: '' },
    },
  },
  {
    name: 'provisions: mode, reboot, confirmation, up; a wipe to guards',
    params: PROVISION,
    hosts: {
      headnode: {
        answers: {
          ...onPath,
          [PROPERTIES]: {
            stdout: properties(),
            later: [...[1, 2, 3].map(() => ({ stdout: properties('', 'FULL') })), { stdout: properties() }],
          },
          [STATUS]: {
            stdout: status('   UP   '),
            later: [...['   UP   ', '  DOWN  ', ' INSTALLING ', '   UP   '].map(text => ({ stdout: status(text) }))],
          },
          [SET]: '',
          [REBOOT]: 'Reboot in progress for: node003\n',
          [CONFIRM]: '',
        },
      },
      node003: node(),
    },
    expect: {
      changes: [
        { what: 'node003: nextinstallmode', before: 'none', after: 'FULL' },
        { ...FULL, before: 'UP' },
      ],
      risks: [{ kind: 'service', effect: 'wipe', hosts: ['node003'], together: false, access }],
      runs: [`headnode: ${SET}`, `headnode: ${REBOOT}`, `headnode: ${CONFIRM}`],
      progress: [/node003 is DOWN; its FULL install is to be confirmed/, /node003 is INSTALLING/],
      // The file that tells the boot does not change here.
      failure: { code: 'not-settled' },
    },
  },
  {
    name: 'never reboots where the mode was not taken',
    params: PROVISION,
    hosts: {
      headnode: {
        answers: { ...onPath, [PROPERTIES]: properties(), [STATUS]: status('   UP   '), [SET]: '' },
      },
      node003: node(),
    },
    expect: {
      changes: [
        { what: 'node003: nextinstallmode', before: 'none', after: 'FULL' },
        { ...FULL, before: 'UP' },
      ],
      runs: [`headnode: ${SET}`],
      failure: { code: 'bcm-refused', message: /was set to FULL and is none/, hint: /was not rebooted/ },
    },
  },
  {
    name: 'provisioned already: another boot, the mode cleared, the files gone',
    params: { ...PROVISION, gone: ['/var/lib/etcd/member'] },
    hosts: {
      headnode: { answers: { ...onPath, [PROPERTIES]: properties(), [STATUS]: status('   UP   ') } },
      node003: { ...node(SECOND), answers: { 'test -e /var/lib/etcd/member': { code: 1 } } },
    },
    expect: { changes: 'same', result: { boot_id: SECOND } },
  },
  {
    name: 'another boot that removed nothing was no provisioning',
    params: { ...PROVISION, gone: ['/var/lib/etcd/member'], confirm: false },
    hosts: {
      headnode: {
        answers: {
          ...onPath,
          [PROPERTIES]: { stdout: properties(), later: [{ stdout: properties('', 'FULL') }, { stdout: properties() }] },
          [STATUS]: status('   UP   '),
          [SET]: '',
          [REBOOT]: '',
        },
      },
      node003: { ...node(SECOND), answers: { 'test -e /var/lib/etcd/member': { code: 0 } } },
    },
    expect: {
      changes: [
        { what: 'node003: nextinstallmode', before: 'none', after: 'FULL' },
        { ...FULL, before: 'UP' },
      ],
      runs: [`headnode: ${SET}`, `headnode: ${REBOOT}`],
      failure: { code: 'not-settled' },
    },
  },
  {
    name: 'goes on from a node that is being installed',
    params: { ...PROVISION, timeout: 0 },
    hosts: {
      headnode: {
        answers: { ...onPath, [PROPERTIES]: properties('', 'FULL'), [STATUS]: status(' INSTALLING ') },
      },
      node003: node(SECOND),
    },
    expect: {
      changes: [{ ...FULL, before: 'INSTALLING' }],
      runs: [],
      failure: { code: 'timed-out', message: /did not ask for a confirmation/ },
    },
  },
  {
    name: 'waits until it is up',
    params: { node: 'node003', status: 'up' },
    hosts: {
      headnode: {
        answers: {
          ...onPath,
          [PROPERTIES]: properties(),
          [STATUS]: { stdout: status('  DOWN  '), later: [{ stdout: status('   UP   ') }] },
        },
      },
      node003: node(),
    },
    expect: { changes: 'same', result: { status: 'UP' }, progress: [/node003 is DOWN/], sleptMs: 2000 },
  },
  {
    name: 'a provisioning of which nothing tells whether it was done',
    params: { node: 'node003', provision: 'FULL' },
    expect: { failure: { code: 'invalid-value', message: /gone or other_than_boot/ } },
  },
  {
    name: 'gone without provision',
    params: { node: 'node003', gone: ['/x'] },
    expect: { lint: [{ at: ['gone'], severity: 'error' }] },
  },
  {
    name: 'two who set the next mode',
    params: { ...PROVISION, next_install_mode: 'FULL' },
    expect: { lint: [{ at: ['next_install_mode'], severity: 'error' }] },
  },
];
