import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceQuestions, effectiveRolesQuestion, winningRole } from '../../src/bcm/devices.ts';
import { problemIn } from '../../src/bcm/output.ts';
import { invocation, scriptText } from '../../src/bcm/script.ts';
import { INPUT_FILE } from '../../src/core/host.ts';
import { readCommand } from '../../src/core/read-command.ts';
import { applySetting } from '../../src/lab/standin/settings.ts';
import { cmshHost } from '../support/cmsh-host.ts';
import { memoryStore } from '../support/memory-store.ts';
import { clusterState } from '../support/standin.ts';

const HEAD = { name: 'headnode', ip: '10.141.255.254', category: '', kind: 'head' };
const node = (n: number) => ({ name: `node00${n}`, ip: `10.141.0.${n}`, category: 'default', kind: 'node' });
const ALL = [HEAD, ...[1, 2, 3, 4, 5].map(node)];

/** What the practice cluster's cmsh answers, under a setting. */
async function answered(commands: readonly string[], setting: string): Promise<string> {
  const store = memoryStore(clusterState(['node001', 'node002']));
  applySetting(store.state, setting);
  const { host } = cmshHost(store);
  const out = await host.read(readCommand(invocation(INPUT_FILE, 'cmsh'), { input: scriptText(commands) }));
  expect(problemIn(out)).toBeUndefined();
  return out.stdout;
}

const SETTINGS = [
  'profile=strict',
  'profile=lax',
  'fault.eventsInOutput=true',
  'fault.collapsedRanges=true',
  'fault.noHeaders=true',
];

describe('the list of devices', () => {
  for (const [at, { commands, parse }] of deviceQuestions.entries()) {
    it.each(SETTINGS)(`is read by way ${at + 1} under %s`, async setting => {
      expect(parse(await answered(commands, setting))).toEqual(ALL);
    });
  }

  it('is not guessed from cells that were cut', async () => {
    const [json, delimited, table] = deviceQuestions;
    const cut = 'fault.cellWidth=6';
    expect(json?.parse(await answered(json.commands, cut))).toEqual(ALL);
    expect(delimited?.parse(await answered(delimited.commands, cut))).toEqual(ALL);
    expect(table?.parse(await answered(table.commands, cut))).toBeUndefined();
  });

  it('leaves out what is no node, and copes with an address that is not known', () => {
    const rows = [
      { 'Hostname (key)': 'headnode', IP: '10.141.255.254', Category: null, Type: 'HeadNode' },
      { 'Hostname (key)': 'node001', IP: '', Category: 'gpu', Type: 'PhysicalNode' },
      { 'Hostname (key)': 'switch01', IP: '10.141.253.1', Category: '', Type: 'EthernetSwitch' },
    ];
    expect(deviceQuestions[0]?.parse(JSON.stringify(rows))).toEqual([
      HEAD,
      { name: 'node001', ip: '', category: 'gpu', kind: 'node' },
    ]);
  });

  it.each(deviceQuestions.map((question, at) => [at + 1, question] as const))(
    'is undefined where way %i is not understood, and never throws',
    (_at, { parse }) => {
      expect(parse('')).toBeUndefined();
      expect(parse('[]')).toBeUndefined();
      expect(parse('Usage: list [options]')).toBeUndefined();
      fc.assert(fc.property(fc.string(), text => void parse(text)));
    },
  );
});

describe('the roles in effect', () => {
  const question = effectiveRolesQuestion(['node001', 'node003']);

  it.each([...SETTINGS, 'fault.cellWidth=6'])('are read under %s', async setting => {
    const roles = question.parse(await answered(question.commands, setting));
    expect(roles && Object.fromEntries(roles)).toEqual({
      node001: [{ role: 'Etcd::Host', from: 'overlay', source: 'kube-default-etcd', priority: 500 }],
      node003: [],
    });
  });

  it('are read from other forms of the same', () => {
    const text =
      'node001\nName (key)\n-----------\n[node:node001:750] Etcd::Host\n[category:default:250] Storage\nnode003\n';
    expect(question.parse(text)?.get('node001')).toEqual([
      { role: 'Etcd::Host', from: 'node', source: 'node001', priority: 750 },
      { role: 'Storage', from: 'category', source: 'default', priority: 250 },
    ]);
    expect(question.parse('node001\n[kube] Etcd::Host\nnode003')?.get('node001')).toEqual([
      { role: 'Etcd::Host', from: '', source: 'kube', priority: undefined },
    ]);
  });

  it.each(['', 'node001\n', 'node003\nnode001\n', 'node001\n[overlay:kube-default-etcd:500] Etcd:+\nnode003'])(
    'are not guessed from %j',
    text => expect(question.parse(text)).toBeUndefined(),
  );

  it('are won by the highest priority', () => {
    const role = (source: string, priority: number) => ({ role: 'Etcd::Host', from: 'overlay', source, priority });
    expect(winningRole([role('a', 500), role('b', 510), role('c', 250)], 'etcd::host')?.source).toBe('b');
    expect(winningRole([role('a', 500)], 'Storage')).toBeUndefined();
  });
});
