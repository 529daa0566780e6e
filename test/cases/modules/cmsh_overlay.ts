// What cmsh may answer, scripted; the dialogue with the practice cluster's cmsh is in test/modules/cmsh_overlay.test.ts.
import type { Json } from '../../../src/core/value.ts';
import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';

const INSTALLED = '/cm/local/apps/cmd/bin/cmsh';
const cmsh = (script: readonly string[], path = 'cmsh'): string =>
  `${path} -n -Q -q --color no --hide-events -f @input <<< ${script.join('\n')}\n`;

const DEFAULT = 'kube-default-etcd';
const overlayReads = ['priority', 'allheadnodes', 'nodes', 'categories'];
const roleReads = ['options', 'etcdcluster'];
const enterOverlay = ['configurationoverlay', `use ${DEFAULT}`];
const enterRole = [...enterOverlay, 'roles', 'use etcd::host'];
const together = (enter: readonly string[], properties: readonly string[]): string =>
  cmsh([...enter, 'get name', ...properties.flatMap(property => [`get ${property}`, 'get name'])]);
const onPath = { [`test -x ${INSTALLED}`]: { code: 1 } };

const ROLE_OUTPUT = 'Etcd::Host\nEtcd::Host\nkube-default\nEtcd::Host\n';

/** An entry with nothing but a name, and what is found where cmsh answers like this. */
function looking(
  name: string,
  answers: Readonly<Record<string, string | Answer>>,
  expect: ModuleCase['expect'],
): ModuleCase {
  return {
    name,
    params: { overlays: [{ name: DEFAULT }] },
    hosts: { headnode: { answers: { ...onPath, ...answers } } },
    expect,
  };
}

const found = (nodes: readonly string[]): ModuleCase['expect'] => ({
  changes: 'same',
  result: { overlays: [{ name: DEFAULT, exists: true, priority: 500, nodes: [...nodes] }] },
});

const wrong = (name: string, overlays: Json, at: readonly (string | number)[]): ModuleCase => ({
  name,
  params: { overlays },
  expect: { lint: [{ at, severity: 'error' }], failure: { code: 'invalid-value' } },
});

export const cases: readonly ModuleCase[] = [
  looking(
    'nodes as a range, colours, an event in between and one behind a value',
    {
      [together(enterOverlay, overlayReads)]: [
        'kube-default-etcd',
        '\u001b[32m500\u001b[0m',
        'kube-default-etcd',
        'Tue Apr 5 12:37:13 2022 [notice] node003: Service etcd was restarted',
        'no',
        'kube-default-etcdTue Apr 5 12:37:14 2022 [warning] node003: Service etcd died',
        'node001..node003,node007',
        'kube-default-etcd',
        '',
        'kube-default-etcd',
        '',
      ].join('\r\n'),
      [together(enterRole, roleReads)]: ROLE_OUTPUT,
    },
    found(['node001', 'node002', 'node003', 'node007']),
  ),
  looking(
    'a node that is called like the overlay: one process a property',
    {
      [together(enterOverlay, overlayReads)]:
        `${DEFAULT}\n500\n${DEFAULT}\nno\n${DEFAULT}\nnode001\n${DEFAULT}\n${DEFAULT}\n${DEFAULT}\n`,
      [cmsh([...enterOverlay, 'get priority'])]: '500\n',
      [cmsh([...enterOverlay, 'get allheadnodes'])]: 'no\n',
      [cmsh([...enterOverlay, 'get nodes'])]: `node001\n${DEFAULT}\n`,
      [cmsh([...enterOverlay, 'get categories'])]: '',
      [together(enterRole, roleReads)]: ROLE_OUTPUT,
    },
    found(['node001', DEFAULT]),
  ),
  looking(
    'an overlay that does not exist, complained of on standard output with status 0',
    {
      [together(enterOverlay, overlayReads)]:
        `Unable to find ConfigurationOverlay '${DEFAULT}' (type 'list' to get a list)\n`,
    },
    { changes: 'same', result: { overlays: [{ name: DEFAULT, exists: false, nodes: [], roles: [] }] } },
  ),
  looking(
    'an answer that says nothing is not taken for an empty overlay',
    { [together(enterOverlay, overlayReads)]: '', ...silent(overlayReads) },
    { changes: 'unknown' },
  ),
  looking('a status without a word', { [together(enterOverlay, overlayReads)]: { code: 3 } }, { changes: 'unknown' }),
  looking(
    'no cmsh',
    { [together(enterOverlay, overlayReads)]: { code: 127, stderr: 'cmsh: command not found\n' } },
    { changes: 'unknown' },
  ),
  {
    name: 'cmsh where BCM installs it, off the PATH',
    params: { overlays: [{ name: 'gone' }] },
    hosts: {
      headnode: {
        answers: {
          [`test -x ${INSTALLED}`]: '',
          [cmsh(
            ['configurationoverlay', 'use gone', 'get name', ...overlayReads.flatMap(p => [`get ${p}`, 'get name'])],
            INSTALLED,
          )]: { code: 1, stderr: "Unable to find ConfigurationOverlay 'gone'\n" },
        },
      },
    },
    expect: { changes: 'same', result: { overlays: [{ name: 'gone', exists: false }] } },
  },
  wrong('one overlay twice', [{ name: 'a' }, { name: 'a', priority: 510 }], ['overlays', 1, 'name']),
  wrong('a clone of itself', [{ name: 'a', clone_from: 'a' }], ['overlays', 0, 'clone_from']),
  wrong(
    'exactly these nodes, and one more',
    [{ name: 'a', nodes: [], nodes_present: ['b'] }],
    ['overlays', 0, 'nodes_present'],
  ),
  wrong(
    'a node present and absent',
    [{ name: 'a', nodes_present: ['b'], nodes_absent: ['b'] }],
    ['overlays', 0, 'nodes_absent'],
  ),
  wrong(
    'an absent overlay with a priority',
    [{ name: 'a', state: 'absent', priority: 1 }],
    ['overlays', 0, 'priority'],
  ),
];

function silent(properties: readonly string[]): Record<string, string> {
  return Object.fromEntries(properties.map(property => [cmsh([...enterOverlay, `get ${property}`]), '']));
}
