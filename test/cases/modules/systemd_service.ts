import type { Risk } from '../../../src/core/guard.ts';
import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';

const PROPERTIES = 'LoadState,ActiveState,SubState,MainPID,UnitFileState,InvocationID,NeedDaemonReload,ExecStart';
const SHOW = (unit: string): string => `systemctl show --property=${PROPERTIES} -- ${unit}`;

interface Shown {
  readonly file?: string;
  readonly invocation?: string;
  readonly outdated?: boolean;
  readonly exec?: string;
}

function shown(active: string, { file = 'enabled', invocation = 'a1', outdated = false, exec = '/bin/x' }: Shown = {}) {
  const running = active === 'active';
  const lines = [
    `MainPID=${running ? 42 : 0}`,
    'LoadState=loaded',
    `ActiveState=${active}`,
    `SubState=${running ? 'running' : 'dead'}`,
    `UnitFileState=${file}`,
    `InvocationID=${invocation}`,
    `NeedDaemonReload=${outdated ? 'yes' : 'no'}`,
    `ExecStart={ path=${exec} ; argv[]=${exec} --flag ; ignore_errors=no }`,
  ];
  return { stdout: `${lines.join('\n')}\n` };
}

const on = (unit: string, answers: Record<string, string | Answer>, ...looks: readonly { stdout: string }[]) => {
  const [first = { stdout: '' }, ...later] = looks;
  return { node001: { answers: { [SHOW(unit)]: { ...first, later }, ...answers } } };
};
const access = { module: 'etcd/kube-default' };
const risk = (effect: 'stop' | 'restart'): Risk => ({
  kind: 'service',
  effect,
  hosts: ['node001'],
  together: false,
  access,
});

export const cases: readonly ModuleCase[] = [
  {
    name: 'runs already',
    params: { name: 'kubelet', state: 'started', enabled: true },
    hosts: on('kubelet', {}, shown('active')),
    expect: {
      changes: 'same',
      result: { name: 'kubelet', state: 'active', sub_state: 'running', enabled: true, main_pid: 42 },
    },
  },
  {
    name: 'files read again, enabled, started, in this order',
    params: { name: 'x', state: 'started', enabled: true, daemon_reload: true },
    hosts: on(
      'x',
      { 'systemctl daemon-reload': '', 'systemctl enable -- x': '', 'systemctl start -- x': '' },
      shown('failed', { file: 'disabled', outdated: true }),
      shown('active'),
    ),
    expect: {
      byHand: ['daemon-reload', 'enable -- x', 'start -- x'].map(words => ({
        host: 'node001',
        command: `systemctl ${words}`,
      })),
      changes: [
        { what: 'x: files of the unit', after: 'read again' },
        { what: 'x: start with the host', before: 'disabled', after: 'enabled' },
        { what: 'x', before: 'failed', after: 'started' },
      ],
      risks: [],
      runs: ['node001: systemctl daemon-reload', 'node001: systemctl enable -- x', 'node001: systemctl start -- x'],
    },
  },
  {
    name: 'etcd is started without a risk',
    params: { name: 'etcd', state: 'started' },
    hosts: on('etcd', { 'systemctl start -- etcd': '' }, shown('inactive'), shown('active')),
    expect: {
      changes: [{ what: 'etcd', before: 'inactive', after: 'started' }],
      risks: [],
      runs: ['node001: systemctl start -- etcd'],
    },
  },
  {
    name: 'stopping etcd is weighed, and disabling it is not',
    params: { name: 'etcd.service', state: 'stopped', enabled: false },
    hosts: on(
      'etcd.service',
      { 'systemctl disable -- etcd.service': '', 'systemctl stop -- etcd.service': '' },
      shown('active'),
      shown('inactive', { file: 'disabled' }),
    ),
    expect: {
      changes: [
        { what: 'etcd.service: start with the host', before: 'enabled', after: 'disabled' },
        { what: 'etcd.service', before: 'active', after: 'stopped' },
      ],
      risks: [risk('stop')],
      runs: ['node001: systemctl disable -- etcd.service', 'node001: systemctl stop -- etcd.service'],
    },
  },
  {
    name: 'so is restarting a unit of another name that runs etcd; it is done when its invocation is another one',
    params: { name: 'store', state: 'restarted' },
    hosts: on(
      'store',
      { 'systemctl restart -- store': '' },
      shown('active', { exec: '/usr/bin/etcd' }),
      shown('active', { exec: '/usr/bin/etcd' }),
      shown('active', { exec: '/usr/bin/etcd', invocation: 'b2' }),
    ),
    expect: {
      changes: [{ what: 'store', before: 'active', after: 'restarted' }],
      risks: [risk('restart')],
      runs: ['node001: systemctl restart -- store'],
      sleptMs: 1000,
    },
  },
  {
    name: 'a program that only begins with its name is another one',
    params: { name: 'backup', state: 'stopped' },
    hosts: on(
      'backup',
      { 'systemctl stop -- backup': '' },
      shown('active', { exec: '/usr/bin/etcd-backup' }),
      shown('inactive'),
    ),
    expect: {
      changes: [{ what: 'backup', before: 'active', after: 'stopped' }],
      risks: [],
      runs: ['node001: systemctl stop -- backup'],
    },
  },
  {
    name: 'an etcd that stands is restarted without a risk',
    params: { name: 'etcd', state: 'restarted' },
    hosts: on('etcd', { 'systemctl restart -- etcd': '' }, shown('failed'), shown('active', { invocation: 'b2' })),
    expect: {
      changes: [{ what: 'etcd', before: 'failed', after: 'restarted' }],
      risks: [],
      runs: ['node001: systemctl restart -- etcd'],
    },
  },
  {
    name: 'a reload of what runs',
    params: { name: 'x', state: 'reloaded' },
    hosts: on('x', { 'systemctl reload -- x': '' }, shown('active')),
    expect: {
      changes: [{ what: 'x', before: 'active', after: 'reloaded' }],
      runs: ['node001: systemctl reload -- x'],
    },
  },
  {
    name: 'one that does not come up',
    params: { name: 'x', state: 'started' },
    hosts: on('x', { 'systemctl start -- x': { code: 1, stderr: 'Job for x.service failed\nSee …' } }, shown('failed')),
    expect: {
      changes: [{ what: 'x', before: 'failed', after: 'started' }],
      runs: ['node001: systemctl start -- x'],
      failure: { code: 'command-failed', message: /Job for x.service failed$/, hint: /journalctl -u x/ },
    },
  },
  {
    name: 'one that stays stopped counts as not settled',
    params: { name: 'x', state: 'started' },
    hosts: on('x', { 'systemctl start -- x': '' }, shown('inactive')),
    expect: {
      changes: [{ what: 'x', before: 'inactive', after: 'started' }],
      runs: ['node001: systemctl start -- x'],
      failure: { code: 'not-settled' },
    },
  },
  {
    name: 'a static unit cannot be disabled',
    params: { name: 'x', enabled: false },
    hosts: on('x', {}, shown('active', { file: 'static' })),
    expect: { failure: { code: 'task-failed', message: /is static: it cannot be disabled/ } },
  },
  {
    name: 'no such unit',
    params: { name: 'x', state: 'stopped' },
    hosts: on('x', {}, { stdout: 'LoadState=not-found\nActiveState=inactive\n' }),
    expect: { failure: { code: 'task-failed', message: /there is no unit x on node001/ } },
  },
  {
    name: 'nothing wanted',
    params: { name: 'x' },
    expect: { lint: [{ at: [], message: 'nothing is wanted of the unit' }] },
  },
];
