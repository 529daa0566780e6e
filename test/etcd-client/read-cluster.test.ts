import { describe, expect, test } from 'vitest';
import { AnswerLost, Unreachable } from '../../src/core/failure.ts';
import type { Risk } from '../../src/core/guard.ts';
import type { Host } from '../../src/core/host.ts';
import { addLearner } from '../../src/etcd-client/change.ts';
import { promote } from '../../src/etcd-client/promote.ts';
import { readCluster } from '../../src/etcd-client/read-cluster.ts';
import { scriptedHost } from '../../src/testing/scripted-host.ts';
import type { FakeCluster } from '../support/etcd-answers.ts';
import { answersOn, inTurn, NODE1, NODE2, NODE3, peerUrlOf } from '../support/etcd-answers.ts';

const access = { module: 'etcd/kube-default' };
const three: FakeCluster = { members: [NODE1, NODE2, NODE3] };
const all = ['node001', 'node002', 'node003'];

function scene(
  clusters: Readonly<Record<string, FakeCluster | undefined>>,
  more: { readonly assumed?: readonly Risk[]; readonly down?: readonly string[] } = {},
): Host {
  const hosts = Object.fromEntries(
    Object.entries(clusters).map(([name, c]) => [name, c ? { answers: answersOn(name, c) } : {}]),
  );
  const { host } = scriptedHost({
    name: '',
    params: {},
    hosts: { headnode: {}, ...hosts },
    groups: { etcd: Object.keys(clusters) },
    ...(more.assumed ? { assumed: more.assumed } : {}),
    expect: {},
  });
  return cutOff(host, more.down ?? []);
}

/** The same, with hosts that cannot be reached. */
function cutOff(host: Host, down: readonly string[]): Host {
  return {
    ...host,
    peer: name => {
      const peer = host.peer(name);
      if (!down.includes(name)) return peer;
      const fail = () => Promise.reject(new Unreachable(name, 'no route to host'));
      return { ...peer, read: fail, run: fail };
    },
  };
}

describe('readCluster', () => {
  test('goes on with a host that answers where another cannot be reached', async () => {
    const { cluster, client } = await readCluster(
      scene({ node001: three, node002: three, node003: three }, { down: ['node001'] }),
      access,
    );
    expect(client.probe.name).toBe('node002');
    expect(cluster.members.map(m => [m.name, m.health])).toEqual(all.map(name => [name, 'healthy']));
    expect(cluster.leaderId).toBe(NODE1.id);
  });

  test('says of each host why it could not be asked', async () => {
    const host = scene({ node001: three, node002: three }, { down: ['node001', 'node002'] });
    await expect(readCluster(host, access)).rejects.toMatchObject({
      code: 'unreachable',
      message: 'node001, node002 are unreachable: no route to host',
    });
  });

  test('waits for a host that does not answer once, and notices when it is back', async () => {
    const host = scene({ node001: three, node002: three });
    let isBack = () => {};
    const back = new Promise<void>(resolve => {
      isBack = resolve;
    });
    const slow: Host = {
      ...host,
      peer: name => {
        const peer = host.peer(name);
        if (name !== 'node001') return peer;
        const read: Host['read'] = async command => {
          await back;
          return await peer.read(command);
        };
        return { ...peer, read };
      },
    };
    const elapsed = async () => {
      const startMs = host.clock.now();
      expect((await readCluster(slow, access)).client.probe.name).toBe('node002');
      return host.clock.now() - startMs;
    };
    expect(await elapsed()).toBe(500);
    expect([...host.sightings.silent]).toEqual([]);
    host.sightings.silent.add('node001');
    expect(await elapsed()).toBe(0);
    isBack();
    await new Promise(resolve => setImmediate(resolve));
    expect([...host.sightings.silent]).toEqual([]);
  });

  test('a host that comes with another cluster is no longer overlooked', async () => {
    const other = { ...three, id: 'feed', members: three.members.map(m => ({ ...m, clusterId: 'feed' })) };
    const host = scene({ node001: three, node002: other });
    host.sightings.silent.add('node002');
    await expect(readCluster(host, access)).rejects.toMatchObject({ code: 'wrong-cluster' });
  });

  test('does not ask etcdctl for what takes no connection, and waits less long for it the next time', async () => {
    const down: FakeCluster = { members: [NODE1, NODE2, { ...NODE3, down: true }] };
    const host = scene({ node001: down });
    const asked: string[] = [];
    const listening: Host = {
      ...host,
      peer: name => ({
        ...host.peer(name),
        read: command => {
          asked.push(command.argv.filter(word => !word.startsWith('--')).join(' '));
          return host.peer(name).read(command);
        },
      }),
    };
    for (const seconds of ['1.5', '0.5']) {
      const { cluster } = await readCluster(listening, access);
      expect(cluster.members.map(m => m.health)).toEqual(['healthy', 'healthy', 'unhealthy']);
      expect(asked.filter(words => words.endsWith('port 10.141.0.3 2379')).map(words => words.split(' ')[1])).toEqual([
        seconds,
      ]);
      expect(asked.filter(words => words.endsWith('endpoint status'))).toHaveLength(2);
      asked.length = 0;
    }
  });

  test('finds the cluster again where none of the hosts of before is a member any more', async () => {
    const before: FakeCluster = { members: [NODE1, NODE2] };
    const stopped: FakeCluster = { members: [{ ...NODE1, down: true }] };
    const after: FakeCluster = { members: [NODE2] };
    const { host } = scriptedHost({
      name: '',
      params: {},
      hosts: {
        headnode: {},
        node001: { answers: inTurn([1, answersOn('node001', before)], [1, answersOn('node001', stopped)]) },
        node002: { answers: answersOn('node002', after) },
      },
      groups: { etcd: ['node001'] },
      expect: {},
    });
    expect((await readCluster(host, access)).client.probe.name).toBe('node001');
    const { cluster, client } = await readCluster(host, access);
    expect([client.probe.name, ...cluster.members.map(m => m.name)]).toEqual(['node002', 'node002']);
    // Another cluster is not looked for there.
    await expect(readCluster(host, { module: 'etcd/other' })).rejects.toThrow();
  });

  test('a member that answers as another is not healthy', async () => {
    const swapped = { members: [NODE1, { ...NODE2, answersAs: NODE3.id }] };
    const { cluster } = await readCluster(scene({ node001: swapped }), access);
    expect(cluster.members.map(m => m.health)).toEqual(['healthy', 'unhealthy']);
  });

  test('a disagreement about the leader is no leader', async () => {
    const host = scene({ node001: { members: [NODE1, NODE2], leader: 'node009' } });
    expect((await readCluster(host, access)).cluster.leaderId).toBeUndefined();
  });

  test('in check mode, the changes that were assumed are seen', async () => {
    const member = { name: 'node003', peerUrl: peerUrlOf('node003') };
    const risk = (change: 'add-learner' | 'promote' | 'remove', m = member): Risk => ({
      kind: 'membership',
      change,
      member: m,
      access,
    });
    const two: FakeCluster = { members: [NODE1, NODE2] };
    const seen = async (...assumed: readonly Risk[]) =>
      (await readCluster(scene({ node001: two }, { assumed }), access)).cluster.members.map(
        m => `${m.name} ${m.role} ${m.health}`,
      );
    expect(await seen(risk('add-learner'))).toEqual([
      'node001 voter healthy',
      'node002 voter healthy',
      'node003 learner healthy',
    ]);
    expect(await seen(risk('add-learner'), risk('promote'))).toContain('node003 voter healthy');
    // What a simulated run that was killed has added, and nothing has started yet.
    const unstarted: Risk = { kind: 'membership', change: 'add-learner', member, started: false, access };
    expect(await seen(unstarted)).toContain(' learner unknown');
    expect(await seen(risk('remove', { name: 'node002', peerUrl: peerUrlOf('node002') }))).toEqual([
      'node001 voter healthy',
    ]);
    const service = (effect: 'stop' | 'restart'): Risk => ({
      kind: 'service',
      effect,
      hosts: ['node002'],
      together: false,
      access,
    });
    expect(await seen(service('restart'))).toContain('node002 voter healthy');
    expect(await seen(service('stop'))).toContain('node002 voter unhealthy');
    const begun: Risk = { kind: 'configuration', overlay: 'kube-default-etcd', starts: ['node002'] };
    expect(await seen(service('stop'), begun)).toContain('node002 voter healthy');
    expect(await seen(service('stop'), { ...begun, starts: ['node001'] })).toContain('node002 voter unhealthy');
    // Without data of its own it does not start.
    const wipe: Risk = { kind: 'service', effect: 'wipe', hosts: ['node002'], together: false, access };
    expect(await seen(wipe, begun)).toContain('node002 voter unhealthy');
    expect(await seen({ ...wipe, replaced: true }, begun)).toContain('node002 voter healthy');
    expect(await seen(wipe, { ...wipe, replaced: true }, begun)).toContain('node002 voter healthy');
  });
});

describe('a change whose answer was lost', () => {
  const added: FakeCluster = { members: [NODE1, { ...NODE3, name: '', learner: true }] };
  const member = { name: 'node003', peerUrl: peerUrlOf('node003') };

  /** Loses the answer of every change; `before` reads see the first cluster, the ones after it the second. */
  function losing(before: FakeCluster, after: FakeCluster): { host: Host; runs: string[] } {
    const runs: string[] = [];
    const answers = inTurn([1, answersOn('node001', before)], [1, answersOn('node001', after)]);
    const { host } = scriptedHost({
      name: '',
      params: {},
      hosts: { headnode: {}, node001: { answers } },
      groups: { etcd: ['node001'] },
      expect: {},
    });
    const losingHost: Host = {
      ...host,
      peer: name => ({
        ...host.peer(name),
        run: argv => {
          runs.push(argv.slice(-4).join(' '));
          if (argv.includes('member')) return Promise.reject(new AnswerLost(name, 'etcdctl', 'the connection broke'));
          return Promise.resolve({ code: 0, stdout: '', stderr: '', durationMs: 1 });
        },
      }),
    };
    return { host: losingHost, runs };
  }

  test('is settled by the list: it was made', async () => {
    const { host, runs } = losing({ members: [NODE1] }, added);
    await addLearner(host, access, member);
    expect(runs).toHaveLength(1);
  });

  test('is settled by the list: it was not made', async () => {
    const { host, runs } = losing({ members: [NODE1] }, { members: [NODE1] });
    await expect(addLearner(host, access, member)).rejects.toMatchObject({ code: 'task-failed' });
    expect(runs.length).toBeGreaterThan(1);
  });

  test('a promotion', async () => {
    const learner = { ...NODE2, learner: true };
    const { host, runs } = losing({ members: [NODE1, learner] }, { members: [NODE1, NODE2] });
    await promote(host, access, NODE2.id);
    expect(runs).toEqual([
      expect.stringContaining(`member promote ${NODE2.id}`),
      expect.stringContaining('put quorate/written-through node002'),
      expect.stringContaining('del quorate/written-through'),
    ]);
  });
});
