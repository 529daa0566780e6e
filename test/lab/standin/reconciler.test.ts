import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bootOf } from '../../../src/lab/standin/provisioning.ts';
import { Reconciler } from '../../../src/lab/standin/reconciler.ts';
import { applySetting } from '../../../src/lab/standin/settings.ts';
import { etcdHostRole, type State } from '../../../src/lab/standin/state.ts';
import { FakeApiServer, FakeNode, fakeAuthority } from '../../support/fake-node.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { clusterState } from '../../support/standin.ts';

const NAMES = ['node001', 'node002', 'node003', 'node004', 'node005'];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A cluster whose `members` run etcd; times in the log count from the end of that. */
async function running(members: readonly string[], changes: Partial<State> = {}) {
  const store = memoryStore(clusterState(members, changes));
  const nodes = NAMES.map(name => new FakeNode(name));
  const clock = { now: () => Date.now(), after: (ms: number, action: () => void) => void setTimeout(action, ms) };
  const apiServer = new FakeApiServer();
  const reconciler = new Reconciler(store, nodes, fakeAuthority, apiServer, clock);
  store.watch(() => void reconciler.stateChanged(), new AbortController().signal);
  for (const name of NAMES) await reconciler.heard(name, 'up');
  await vi.advanceTimersByTimeAsync(5_000);
  const node = (name: string): FakeNode => nodes.find(candidate => candidate.name === name) ?? new FakeNode(name);
  for (const { done } of nodes) done.length = 0;
  const startMs = Date.now();
  const log = (): string[] =>
    store.state.events.map(event => `${(event.timeMs - startMs) / 1000} ${event.host}: ${event.text}`);
  const commit = (change: (state: State) => void) =>
    store.update(state => {
      change(state);
      return true;
    });
  const setting = (assignment: string) => commit(state => void applySetting(state, assignment));
  return { store, reconciler, node, log, commit, setting, apiServer };
}

function setNodes(overlay: string, nodes: readonly string[]): (state: State) => void {
  return state => {
    const found = state.objects.configurationoverlay.find(candidate => candidate.name === overlay);
    if (found !== undefined) found.values.nodes = nodes;
  };
}

/** Section 6.3's overlay. */
function addLearner(name: string): (state: State) => void {
  return state => {
    const role = etcdHostRole();
    role.values.options = ['--initial-cluster-state=existing'];
    state.objects.configurationoverlay.push({
      name: 'kube-default-etcd-learners',
      values: { revision: '', allheadnodes: false, priority: 510, nodes: [name], categories: [] },
      roles: [role],
    });
  };
}

const DIED = ['Service etcd died', 'Service etcd was not restarted'];

describe('the first start', () => {
  it('happens at once and silently, when all members are up', async () => {
    const { node, log, store } = await running(['node001', 'node002', 'node003']);
    expect(NAMES.filter(name => node(name).running)).toEqual(['node001', 'node002', 'node003']);
    expect({ events: log(), bootstrapped: store.state.bootstrapped }).toEqual({ events: [], bootstrapped: true });
    expect(store.state.objects.device.find(device => device.name === 'node005')?.values.status).toBe('UP');
  });

  it('waits for every member', async () => {
    const store = memoryStore(clusterState(['node001', 'node002']));
    const nodes = NAMES.map(name => new FakeNode(name));
    const reconciler = new Reconciler(store, nodes, fakeAuthority, new FakeApiServer(), {
      now: () => 0,
      after: () => undefined,
    });
    await reconciler.heard('node001', 'up');
    expect(nodes[0]?.running).toBe(false);
    await reconciler.heard('node002', 'up');
    expect(nodes.map(node => node.running)).toEqual([true, true, false, false, false]);
  });
});

describe('after a commit', () => {
  it('stops etcd where the role is gone, and restarts nobody else (section 5.1)', async () => {
    const { node, log, commit } = await running(['node001', 'node002', 'node003']);
    await commit(setNodes('kube-default-etcd', ['node001', 'node002']));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log()).toEqual(['1 node003: Service etcd was stopped']);
    expect(node('node003').certificate).toBe(true);
    // The peers' units name two members now; they are rewritten, for whenever etcd starts next.
    expect(node('node001').done).toEqual(['unit']);
    expect(node('node001').unit).toContain('--initial-cluster=node001=https://10.141.0.1:2380,node002=');
    expect(node('node001').unit).not.toContain('node003');
  });

  it("makes a member of a new node with the article's back and forth (section 6.3)", async () => {
    const { node, log, commit } = await running(['node001', 'node002']);
    await commit(addLearner('node003'));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(log()).toEqual([
      '0 headnode: New certificate request with ID: 48',
      '1 node003: Service etcd was not allowed to restart',
      '1 node003: Service etcd was not allowed start',
      '11 node001: Service etcd was restarted',
      '11 node002: Service etcd was restarted',
      '13 headnode: Service kube-apiserver was restarted',
      '23 node003: Service etcd died',
      '23 node003: Service etcd was not restarted',
      '23 headnode: New certificate request with ID: 49',
      '27 headnode: New certificate request with ID: 50',
      '55 node003: Service etcd died',
      '63 node003: Service etcd was restarted',
    ]);
    expect(node('node003').unit).toMatch(/initial-cluster-state=new \\\n {2}--initial-cluster-state=existing\n/);
    expect(node('node003').unit).toContain('node003=https://10.141.0.3:2380');
    expect(node('node001').unit).toContain('node003=https://10.141.0.3:2380');
  });

  it('tells all peers to restart at the same moment, and says so when it is over', async () => {
    const { node, log, commit } = await running(['node001', 'node002']);
    await commit(addLearner('node003'));
    await vi.advanceTimersByTimeAsync(2_999);
    expect([node('node001').done, node('node002').done]).toEqual([[], []]);
    await vi.advanceTimersByTimeAsync(2);
    expect([node('node001').done, node('node002').done]).toEqual([
      ['unit', 'restart'],
      ['unit', 'restart'],
    ]);
    expect(log().filter(line => line.includes('was restarted'))).toEqual([]);
  });

  it('needs no certificates for a node that was a member before', async () => {
    const { log, commit } = await running(['node001', 'node002', 'node003']);
    await commit(setNodes('kube-default-etcd', ['node001', 'node002']));
    await vi.advanceTimersByTimeAsync(10_000);
    await commit(setNodes('kube-default-etcd', ['node001', 'node002', 'node003']));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(log().slice(1)).toEqual([
      '21 node001: Service etcd was restarted',
      '21 node002: Service etcd was restarted',
      '23 headnode: Service kube-apiserver was restarted',
      '33 node003: Service etcd was restarted',
    ]);
  });

  it('restarts only the node that moved from one overlay to the other (section 6.5)', async () => {
    const { node, log, commit } = await running(['node001', 'node002']);
    await commit(addLearner('node003'));
    await vi.advanceTimersByTimeAsync(100_000);
    const before = log().length;
    await commit(state => {
      setNodes('kube-default-etcd-learners', [])(state);
      setNodes('kube-default-etcd', ['node001', 'node002', 'node003'])(state);
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log().slice(before)).toEqual(['101 node003: Service etcd was restarted']);
    expect(node('node003').unit).not.toContain('existing');
  });

  it('does nothing for what concerns no member', async () => {
    const { log, commit, node } = await running(['node001']);
    await commit(state => {
      state.objects.configurationoverlay.push({ name: 'other', values: { nodes: NAMES }, roles: [] });
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect({ log: log(), done: node('node001').done }).toEqual({ log: [], done: [] });
  });

  it('forgets a new member that is taken back before it started', async () => {
    const { node, log, commit } = await running(['node001', 'node002']);
    await commit(addLearner('node003'));
    await vi.advanceTimersByTimeAsync(5_000);
    await commit(setNodes('kube-default-etcd-learners', []));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(log().slice(3)).toEqual([
      '6 node003: Service etcd was stopped',
      // What was scheduled for the peers still happens.
      '11 node001: Service etcd was restarted',
      '11 node002: Service etcd was restarted',
      '13 headnode: Service kube-apiserver was restarted',
    ]);
    expect(node('node003').running).toBe(false);
  });
});

describe('when things die', () => {
  it('starts etcd again where it ended', async () => {
    const { node, log, reconciler } = await running(['node001']);
    node('node001').running = false;
    for (const _ of [1, 2]) await reconciler.heard('node001', 'stopped');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log()).toEqual([...DIED.map(text => `0 node001: ${text}`), '8 node001: Service etcd was restarted']);
  });

  it('gives up after ten attempts, until the role changes', async () => {
    const { node, log, reconciler, commit } = await running(['node001']);
    Object.assign(node('node001'), { running: false, broken: true });
    for (const _ of [1, 2]) await reconciler.heard('node001', 'stopped');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(node('node001').done.filter(what => what === 'start in vain')).toHaveLength(10);
    node('node001').broken = false;
    await commit(state => {
      for (const { roles } of state.objects.configurationoverlay) {
        for (const role of roles) role.values.snapshotcount = 1000;
      }
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log().at(-1)).toContain('was restarted');
  });

  it('starts etcd where a node was switched on again', async () => {
    const { node, log, reconciler } = await running(['node001', 'node002']);
    await reconciler.heard('node002', 'down');
    node('node002').running = false;
    await vi.advanceTimersByTimeAsync(10_000);
    await reconciler.heard('node002', 'up');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log()).toEqual(['11 node002: Service etcd was restarted']);
  });

  it('leaves etcd alone that ran on through a network failure', async () => {
    const { node, log, reconciler } = await running(['node001', 'node002']);
    await reconciler.heard('node002', 'down');
    await reconciler.heard('node002', 'up');
    await vi.advanceTimersByTimeAsync(30_000);
    expect({ log: log(), done: node('node002').done }).toEqual({ log: [], done: [] });
  });

  it('requests certificates again where the disk is new', async () => {
    const { node, log, reconciler } = await running(['node001', 'node002']);
    await reconciler.heard('node002', 'down');
    Object.assign(node('node002'), { running: false, certificate: false, unit: undefined });
    await reconciler.heard('node002', 'up');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(log()[0]).toBe('0 headnode: New certificate request with ID: 48');
    expect(log().filter(line => line.includes('node001'))).toEqual([]);
    expect(log().at(-1)).toBe('63 node002: Service etcd was restarted');
  });

  it('does for a node that is off what is due once it is on', async () => {
    const { node, log, reconciler, commit } = await running(['node001', 'node002']);
    await reconciler.heard('node003', 'down');
    node('node003').reachable = false;
    await commit(addLearner('node003'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log().some(line => line.includes('node003') || line.includes('certificate'))).toBe(false);
    node('node003').reachable = true;
    await reconciler.heard('node003', 'up');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(node('node003').running).toBe(true);
  });
});

describe('faults', () => {
  it('never converges', async () => {
    const { log, commit, setting, node } = await running(['node001']);
    await setting('fault.slowdown=0');
    await commit(addLearner('node002'));
    await vi.advanceTimersByTimeAsync(600_000);
    expect({ log: log(), done: node('node001').done }).toEqual({ log: [], done: [] });
    await setting('fault.slowdown=2');
    await vi.advanceTimersByTimeAsync(150_000);
    expect(log().at(-1)).toBe('726 node002: Service etcd was restarted');
  });

  it('never issues the certificate, until it does', async () => {
    const { log, commit, setting } = await running(['node001']);
    await setting('fault.certificateNeverIssued=true');
    await commit(addLearner('node002'));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(log().filter(line => line.includes('node002'))).toEqual([
      '1 node002: Service etcd was not allowed to restart',
      '1 node002: Service etcd was not allowed start',
    ]);
    await setting('fault.certificateNeverIssued=false');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(log().at(-1)).toContain('node002: Service etcd was restarted');
  });

  it('leaves a peer down after the restart of all', async () => {
    const { log, node, commit, setting } = await running(['node001', 'node002']);
    await setting('fault.peerStaysDown=node002');
    await commit(addLearner('node003'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(log().filter(line => line.startsWith('11 '))).toEqual([
      '11 node001: Service etcd was restarted',
      ...DIED.map(text => `11 node002: ${text}`),
    ]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(node('node002').running).toBe(false);
    await setting('fault.peerStaysDown=');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(node('node002').running).toBe(true);
  });
});

describe('provisioning', () => {
  const device = (state: State) => state.objects.device.find(one => one.name === 'node002');
  const boots = async (world: Awaited<ReturnType<typeof running>>, bootId: string) => {
    await world.reconciler.heard('node002', 'down');
    Object.assign(world.node('node002'), { reachable: true, bootId });
    const heard = world.reconciler.heard('node002', 'up');
    await vi.advanceTimersByTimeAsync(6_000);
    return heard;
  };

  it('waits for a confirmation, wipes, and starts what the role still asks for', async () => {
    const world = await running(['node001', 'node002']);
    await world.commit(state => {
      const found = device(state);
      if (found !== undefined) found.values.nextinstallmode = 'FULL';
      bootOf(state, 'node002').wanted = 'reboot';
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(world.node('node002').done).toEqual(['reboot']);
    void boots(world, 'second');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(device(world.store.state)?.values.status).toBe('INSTALLING');
    expect(world.store.state.boots.node002?.installer).toBe('waiting');
    expect(world.node('node002').done).toEqual(['reboot']);
    await world.commit(state => {
      bootOf(state, 'node002').installer = 'confirmed';
    });
    await vi.advanceTimersByTimeAsync(21_000);
    expect(world.node('node002').done).toEqual(['reboot', 'wipe']);
    expect(device(world.store.state)?.values.status).toBe('INSTALLER_CALLINGINIT');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(device(world.store.state)?.values).toMatchObject({ status: 'UP', nextinstallmode: '' });
    expect(world.node('node002').done).toContain('restart');
  });

  it('does nothing to a node that boots as always, or was only out of reach', async () => {
    const world = await running(['node001', 'node002']);
    await boots(world, 'second');
    await boots(world, 'second');
    expect(world.node('node002').done).not.toContain('wipe');
    expect(device(world.store.state)?.values.status).toBe('UP');
  });
});

describe('the API server', () => {
  it('learns of a new member when it is restarted, and of one less without that', async () => {
    const { commit, apiServer } = await running(['node001', 'node002']);
    expect(apiServer).toMatchObject({ restarts: 1, urls: ['https://10.141.0.1:2379', 'https://10.141.0.2:2379'] });
    await commit(addLearner('node003'));
    await vi.advanceTimersByTimeAsync(12_000);
    expect(apiServer).toMatchObject({ restarts: 1, urls: { length: 2 } });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(apiServer).toMatchObject({ restarts: 2, urls: { length: 3 } });
    await vi.advanceTimersByTimeAsync(60_000);
    await commit(setNodes('kube-default-etcd', ['node001']));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(apiServer.restarts).toBe(2);
    expect(apiServer.urls).toEqual(['https://10.141.0.1:2379', 'https://10.141.0.3:2379']);
  });

  it('is restarted once all members run that were started together, without peers', async () => {
    const { commit, apiServer } = await running(['node001', 'node002']);
    await commit(setNodes('kube-default-etcd', []));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(apiServer).toMatchObject({ restarts: 1, urls: { length: 2 } });
    await commit(setNodes('kube-default-etcd', ['node002', 'node003']));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(apiServer).toMatchObject({ restarts: 1, urls: { length: 2 } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(apiServer).toMatchObject({ restarts: 2, urls: ['https://10.141.0.2:2379', 'https://10.141.0.3:2379'] });
  });
});

it('takes no death for one that it stops itself, however long that takes', async () => {
  const { commit, reconciler, node, log } = await running(['node001', 'node002', 'node003']);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  node('node003').stop = () => promise;
  await commit(setNodes('kube-default-etcd', ['node001', 'node002']));
  await vi.advanceTimersByTimeAsync(1_500);
  for (const _ of [1, 2, 3]) await reconciler.heard('node003', 'stopped');
  resolve(true);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(log().map(line => line.replace(/^\S+ /, ''))).toEqual(['node003: Service etcd was stopped']);
});
