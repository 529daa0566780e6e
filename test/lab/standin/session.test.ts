// Scripts of cmsh commands and what they print, per error profile, without a process: data, and one loop.
import { describe, expect, it } from 'vitest';
import { runBatch } from '../../../src/lab/standin/batch.ts';
import { logEvent } from '../../../src/lab/standin/events.ts';
import { parseInvocation } from '../../../src/lab/standin/invocation.ts';
import { openSession, type Session } from '../../../src/lab/standin/session.ts';
import type { Profile, State } from '../../../src/lab/standin/state.ts';
import { parseCommands } from '../../../src/lab/standin/tokens.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { clusterState } from '../../support/standin.ts';

interface Case {
  does: string;
  script: string;
  options?: string[];
  profile?: Profile;
  faults?: Partial<State['faults']>;
  out?: string;
  err?: string;
  status?: number;
  /** `name priority nodes` of each overlay afterwards. */
  overlays?: string[];
}

const OPEN = 'configurationoverlay; use kube-default-etcd;';
const DEFAULT = 'kube-default-etcd 500 node001,node002,node003';
const LEARNERS = `configurationoverlay; clone kube-default-etcd learners; set priority 510; set nodes; set categories;
  append nodes node004; roles; use etcd::host; append options "--initial-cluster-state=existing"; commit`;
const BAD = `${OPEN} set priority 1001; append nodes node009; commit`;
const PROBLEMS = `Code  Field                    Message
----- ------------------------ ------------------------------------------------
1     nodes                    Device node009 does not exist
1     priority                 The priority must be between -1 and 1000
`;
const NO_X = "Unable to find ConfigurationOverlay 'x' (type 'list' to get a list)\n";

const CASES: Case[] = [
  { does: 'prints a property', script: `${OPEN} get priority`, out: '500\n' },
  { does: 'prints nodes joined, when strict', script: `${OPEN} get nodes`, out: 'node001,node002,node003\n' },
  {
    does: 'prints nodes a line each, when lax',
    script: `${OPEN} get nodes`,
    profile: 'lax',
    out: 'node001\nnode002\nnode003\n',
  },
  {
    does: 'prints ranges, by fault',
    script: `${OPEN} get nodes`,
    faults: { collapsedRanges: true },
    out: 'node001..node003\n',
  },
  {
    does: 'reads an object from its mode',
    script: 'configurationoverlay get kube-default-etcd allheadnodes',
    out: 'no\n',
  },
  {
    does: 'matches roles in any case',
    script: `${OPEN} roles; use ETCD::host; get spool; get name`,
    out: '/var/lib/etcd\nEtcd::Host\n',
  },
  {
    does: 'goes up and home',
    script: `${OPEN} roles; ..; get priority; /; device; get node001 ip`,
    out: '500\n10.141.0.1\n',
  },
  { does: 'ends at quit', script: `${OPEN} quit; get priority`, out: '' },
  {
    does: 'runs in a mode without entering it',
    script: 'device get node002 ip; get node002 ip',
    out: '10.141.0.2\n',
    err: 'Command not found: get\n',
    status: 1,
  },
  {
    does: 'enters an object in one line',
    script: 'device use node001; roles; list -p',
    out: 'Name (key)\n------------------------------------------\n[overlay:kube-default-etcd:500] Etcd::Host\n',
  },
  {
    does: 'sees the overlay of the highest priority',
    script: `${OPEN} ..; clone kube-default-etcd over; set priority 510; commit; device use node003; roles; list -p`,
    faults: { noHeaders: true },
    out: '[overlay:over:510] Etcd::Host\n',
  },
  {
    does: 'repeats commands for objects',
    script: 'device; foreach -n node001..node002 (get ip; get category)',
    out: '10.141.0.1\ndefault\n10.141.0.2\ndefault\n',
  },
  {
    does: 'shows who is up',
    script: 'device status node001 node002',
    out: 'node001 ................. [  DOWN  ]\nnode002 ................. [  DOWN  ]\n',
  },
  {
    does: 'lists chosen columns with a delimiter',
    script: 'device list -f hostname,ip -d |',
    out: 'headnode|10.141.255.254\nnode001|10.141.0.1\nnode002|10.141.0.2\nnode003|10.141.0.3\nnode004|10.141.0.4\nnode005|10.141.0.5\n',
  },
  {
    does: 'cuts cells, by fault',
    script: 'configurationoverlay; list -f name,priority',
    faults: { cellWidth: 9 },
    out: 'Name (ke+ Priority\n--------- ---------\nkube-def+ 500\n',
  },
  {
    does: 'tells what uses an object',
    script: 'device usedby node001',
    faults: { noHeaders: true },
    out: 'ConfigurationOverlay     kube-default-etcd\n',
  },
  {
    does: 'echoes, with -x',
    script: `${OPEN} get priority`,
    options: ['-x'],
    out: 'configurationoverlay\nuse kube-default-etcd\nget priority\n500\n',
  },
  {
    does: 'marks the end of commands, with -z',
    script: 'device get node001 ip',
    options: ['-z'],
    out: '10.141.0.1\n\x03\n',
  },

  {
    does: 'commits an object silently',
    script: `${OPEN} removefrom nodes node003; commit; get nodes`,
    out: 'node001,node002\n',
    overlays: ['kube-default-etcd 500 node001,node002'],
  },
  { does: 'forgets what is not committed', script: `${OPEN} set nodes`, out: '', overlays: [DEFAULT] },
  { does: 'commits new objects', script: LEARNERS, out: '', overlays: [DEFAULT, 'learners 510 node004'] },
  {
    does: 'commits a move in one go, as in section 6.5',
    script: `${LEARNERS}; home; configurationoverlay; use learners; removefrom nodes node004; ..; use kube-default-etcd; append nodes node004; ..; commit`,
    out: 'Successfully committed 2 ConfigurationOverlays\n',
    overlays: ['kube-default-etcd 500 node001,node002,node003,node004', 'learners 510 '],
  },
  { does: 'commits nothing where nothing changed', script: 'configurationoverlay; commit -w', out: '' },
  {
    does: 'appends no value twice',
    script: `${OPEN} append nodes node001 node004; commit`,
    overlays: ['kube-default-etcd 500 node001,node002,node003,node004'],
  },
  {
    does: 'takes ranges',
    script: `${OPEN} set nodes node001..node002 node005; commit`,
    overlays: ['kube-default-etcd 500 node001,node002,node005'],
  },
  {
    does: 'restores defaults',
    script: `${OPEN} set priority 600; clear priority; clear nodes; commit`,
    overlays: ['kube-default-etcd 500 '],
  },
  {
    does: 'says what is not committed',
    script: `${OPEN} set priority 600; modified`,
    faults: { noHeaders: true },
    out: '~      ConfigurationOverlay     kube-default-etcd\n',
  },
  {
    does: 'drops changes at refresh',
    script: `${OPEN} set priority 600; refresh; get priority; commit`,
    out: '500\n',
    overlays: [DEFAULT],
  },
  {
    does: 'removes objects',
    script: 'configurationoverlay; remove kube-default-etcd; commit',
    out: 'Successfully removed 1 ConfigurationOverlays\nSuccessfully committed 0 ConfigurationOverlays\n',
    overlays: [],
  },
  {
    does: 'does nothing at remove, when silent',
    script: 'configurationoverlay; remove kube-default-etcd; commit',
    profile: 'silent',
    out: '',
    overlays: [DEFAULT],
  },
  {
    does: 'renames',
    script: `${OPEN} set name other; set priority 1; commit`,
    overlays: ['other 1 node001,node002,node003'],
  },
  {
    does: 'takes a role away',
    script: `${OPEN} roles; unassign etcd::host; commit; list`,
    faults: { noHeaders: true },
    out: '',
  },
  {
    does: 'gives a role',
    script: 'device; use node005; roles; assign etcd::host; set options --a --b; commit; get options',
    out: '--a\n--b\n',
  },

  { does: 'refuses what is invalid', script: BAD, err: PROBLEMS, status: 1, overlays: [DEFAULT] },
  {
    does: 'refuses what is invalid, when lax',
    script: BAD,
    profile: 'lax',
    out: PROBLEMS,
    status: 1,
    overlays: [DEFAULT],
  },
  {
    does: 'keeps it dirty',
    script: `${BAD}; set priority 7; set nodes; commit`,
    profile: 'lax',
    out: PROBLEMS,
    overlays: ['kube-default-etcd 7 '],
  },
  {
    does: 'goes on after an error',
    script: `${OPEN} ..; use x; use kube-default-etcd; get priority`,
    out: '500\n',
    err: NO_X,
    status: 1,
  },
  {
    does: 'goes on after an error with 0, when lax',
    script: 'configurationoverlay; use x; use kube-default-etcd; get priority',
    profile: 'lax',
    out: `${NO_X}500\n`,
  },
  {
    does: 'stops at an error, with -q',
    script: 'configurationoverlay; use x; list',
    options: ['-q'],
    err: NO_X,
    status: 1,
  },
  {
    does: 'stops at an error with 0, with -q when lax',
    script: 'configurationoverlay; use x; list',
    options: ['-q'],
    profile: 'lax',
    out: NO_X,
  },
  {
    does: 'fails where the last command did, when lax',
    script: 'configurationoverlay; use x',
    profile: 'lax',
    out: NO_X,
    status: 1,
  },
  { does: 'knows no such command', script: 'frobnicate', err: 'Command not found: frobnicate\n', status: 1 },
  { does: 'knows no such option', script: 'device list -j', err: 'Illegal option: j\n', status: 1 },
  { does: 'knows no such property', script: `${OPEN} get colour`, err: 'No such property: colour\n', status: 1 },
  {
    does: 'refuses an absent value',
    script: `${OPEN} removefrom nodes node005`,
    err: 'Unable to find node005 in Nodes\n',
    status: 1,
  },
  {
    does: 'refuses a name in use',
    script: 'configurationoverlay; clone kube-default-etcd kube-default-etcd',
    err: 'ConfigurationOverlay kube-default-etcd exists already\n',
    status: 1,
  },
  { does: 'refuses an open quote', script: `${OPEN} set revision "x`, err: 'Unterminated quote\n', status: 1 },

  {
    does: 'loses a change, by fault',
    script: `${OPEN} append nodes node004; commit`,
    faults: { commitLosesChange: true },
    out: '',
    overlays: [DEFAULT],
  },
  {
    does: 'loses the nodes of a new object, by fault',
    script: LEARNERS,
    faults: { commitLosesChange: true },
    overlays: [DEFAULT, 'learners 510 '],
  },
  {
    does: 'lets another editor in, by fault, and keeps what it did not touch itself',
    script: `${OPEN} set priority 600; commit`,
    faults: { otherEditor: 'kube-default-etcd:nodes:node001,node005' },
    overlays: ['kube-default-etcd 600 node001,node005'],
  },
  {
    does: 'overwrites another editor where both changed the same',
    script: `${OPEN} append nodes node004; commit`,
    faults: { otherEditor: 'kube-default-etcd:nodes:node001,node005' },
    overlays: ['kube-default-etcd 500 node001,node002,node003,node004'],
  },
];

async function play(session: Session, script: string, options: readonly string[]) {
  const invocation = parseInvocation(options);
  if (typeof invocation === 'string') throw new Error(invocation);
  const printed = { out: '', err: '' };
  const exit = await runBatch(session, parseCommands(script), invocation, {
    out: line => {
      printed.out += `${line}\n`;
    },
    err: line => {
      printed.err += `${line}\n`;
    },
  });
  return { ...printed, exit };
}

describe('cmsh', () => {
  it.each(CASES)(
    '$does: $script',
    async ({ script, options, profile = 'strict', faults, out, err, status, overlays }) => {
      const state = clusterState(['node001', 'node002', 'node003'], { profile });
      const store = memoryStore({ ...state, faults: { ...state.faults, ...faults } });
      const session = openSession(store, await store.load(), { interactive: false, connected: true });
      const result = await play(session, script, options ?? []);
      expect(result).toEqual({ out: out ?? '', err: err ?? '', exit: status ?? 0 });
      if (overlays === undefined) return;
      const now = store.state.objects.configurationoverlay.map(
        ({ name, values }) => `${name} ${values.priority} ${Array.isArray(values.nodes) ? values.nodes.join(',') : ''}`,
      );
      expect(now).toEqual(overlays);
    },
  );

  it.each([
    [[], '10.141.0.1\nThu Jan 1 00:00:00 1970 [notice] node003: Service etcd was stopped\n'],
    [['--hide-events'], '10.141.0.1\n'],
    [['--disable-events'], '10.141.0.1\n'],
  ])('prints events that come meanwhile, with options %j', async (options, out) => {
    const store = memoryStore(clusterState(['node001']));
    const session = openSession(store, await store.load(), { interactive: false, connected: true });
    await store.update(state => {
      const timeMs = new Date(1970, 0, 1).getTime();
      logEvent(state, timeMs, { level: 'notice', host: 'node003', text: 'Service etcd was stopped' });
      return true;
    });
    expect((await play(session, 'device get node001 ip', options)).out).toBe(out);
  });
});
