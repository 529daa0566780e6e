import { describe, expect, test } from 'vitest';
import type { Host, Out } from '../../src/core/host.ts';
import { etcdLock, type LockOwner } from '../../src/etcd-client/lock.ts';
import { scriptedHost } from '../../src/testing/scripted-host.ts';
import { answersOn, CLUSTER_ID, type FakeCluster, NODE1, NODE2 } from '../support/etcd-answers.ts';
import { HandClock } from '../support/hand-clock.ts';

const access = { module: 'etcd/kube-default' };
const START_MS = Date.UTC(2026, 10, 26, 3);
const decimal = (hex: string) => BigInt(`0x${hex}`).toString();

/** The little of etcd that a lock needs: one key, leases by their IDs. Shared by the runs of a test. */
class FakeEtcd {
  key: { value: string; lease: string; revision: number } | undefined;
  revision = 5;
  readonly leases = new Set<string>();
  readonly renewed: string[] = [];
  #granted = 0;

  /** Answers an argv of etcdctl that is about the lock; undefined for any other. */
  answer(argv: readonly string[], input?: string): Out | undefined {
    const words = argv.filter(word => !word.startsWith('-')).slice(1);
    const out = (value: unknown, code = 0, stderr = ''): Out => ({
      code,
      stdout: JSON.stringify(value).replaceAll(/"#(\d+)"/g, '$1'),
      stderr,
      durationMs: 1,
    });
    switch (words.slice(0, 2).join(' ')) {
      case 'get quorate/lock': {
        const { key } = this;
        const kvs = key && [{ value: btoa(key.value), lease: `#${decimal(key.lease)}`, mod_revision: key.revision }];
        return out({ ...(kvs && { kvs }) });
      }
      case 'lease grant': {
        this.#granted += 1;
        const lease = `7dc0a2179c2e07${String(this.#granted).padStart(2, '0')}`;
        this.leases.add(lease);
        return out({ ID: `#${decimal(lease)}`, TTL: 120 });
      }
      case 'lease timetolive':
        return out({ ttl: this.leases.has(words[2] ?? '') ? 87 : -1 });
      case 'lease keep-alive':
        this.renewed.push(words[2] ?? '');
        return this.leases.has(words[2] ?? '') ? out({}) : out({}, 2, 'Error: etcdserver: requested lease not found');
      case 'lease revoke':
        this.expire(words[2] ?? '');
        return out({});
      default:
        return words[0] === 'txn' ? out({ succeeded: this.#put(input ?? '') }) : undefined;
    }
  }

  expire(lease: string): void {
    this.leases.delete(lease);
    if (this.key?.lease === lease) this.key = undefined;
  }

  #put(input: string): boolean {
    const [, over, text = '', lease = ''] =
      /^mod\("quorate\/lock"\) = "(\d+)"\n\nput quorate\/lock (".*") --lease=(\w+)\n\n\n$/.exec(input) ?? [];
    if (Number(over) !== (this.key?.revision ?? 0)) return false;
    this.revision += 1;
    this.key = { value: JSON.parse(text), lease, revision: this.revision };
    return true;
  }
}

const cluster: FakeCluster = { members: [NODE1, NODE2] };

function hostOf(etcd: FakeEtcd, clock: HandClock, seen: FakeCluster = cluster): Host {
  const { host } = scriptedHost({
    name: '',
    params: {},
    hosts: { headnode: {}, node001: { answers: answersOn('node001', seen) } },
    groups: { etcd: ['node001'] },
    expect: {},
  });
  const wrapped = (inner: Host): Host => ({
    ...inner,
    clock,
    read: async command => etcd.answer(command.argv, command.input) ?? (await inner.read(command)),
    run: async (argv, options) => etcd.answer(argv, options?.input) ?? (await inner.run(argv, options)),
    peer: name => wrapped(inner.peer(name)),
  });
  return wrapped(host);
}

const owner = (run: string, more: Partial<LockOwner> = {}): LockOwner => ({
  run,
  who: 'root on headnode',
  sinceMs: START_MS,
  process: `boot:headnode:${run}:1`,
  isDead: () => false,
  ...more,
});

describe('the lock on a membership', () => {
  test('is taken by one run; another is told who holds it, since when, and how long it would last', async () => {
    const etcd = new FakeEtcd();
    const host = hostOf(etcd, new HandClock(START_MS));
    const held = await etcdLock(owner('first')).take(host, access);
    expect(JSON.parse(etcd.key?.value ?? '')).toMatchObject({ run: 'first', cluster: CLUSTER_ID });
    await expect(etcdLock(owner('second')).take(host, access)).rejects.toMatchObject({
      code: 'locked',
      message: 'another run is changing this cluster: first, by root on headnode, since 2026-11-26T03:00:00.000Z',
      hint: 'wait for its end, or stop it; if that run is dead, its lock goes in 87 s',
    });
    expect(etcd.leases.size).toBe(1);
    await held.release();
    expect(etcd.key).toBeUndefined();
    await etcdLock(owner('second')).take(host, access);
  });

  test('is renewed while it is held, and not after it', async () => {
    const etcd = new FakeEtcd();
    const clock = new HandClock(START_MS);
    const held = await etcdLock(owner('first')).take(hostOf(etcd, clock), access);
    const lease = etcd.key?.lease;
    for (let i = 0; i < 3; i += 1) await clock.advance(30_000);
    expect(etcd.renewed).toEqual([lease, lease, lease]);
    await held.release();
    await clock.advance(30_000);
    expect(etcd.renewed).toHaveLength(3);
  });

  test('that expired is taken again, unless somebody else has it by then', async () => {
    const etcd = new FakeEtcd();
    const host = hostOf(etcd, new HandClock(START_MS));
    const held = await etcdLock(owner('first')).take(host, access);
    etcd.expire(etcd.key?.lease ?? '');
    await held.confirm();
    expect(JSON.parse(etcd.key?.value ?? '').run).toBe('first');
    etcd.expire(etcd.key?.lease ?? '');
    await etcdLock(owner('second')).take(host, access);
    await expect(held.confirm()).rejects.toMatchObject({ code: 'locked', message: /: second, by root/ });
  });

  test.each([
    ['of a dead process of this host', owner('second', { isDead: name => name === 'boot:headnode:first:1' })],
    ['of the same run, before it was resumed', owner('first', { process: 'boot:head2:77:1' })],
  ])('is taken over from a holder %s', async (_, next) => {
    const etcd = new FakeEtcd();
    const host = hostOf(etcd, new HandClock(START_MS));
    await etcdLock(owner('first')).take(host, access);
    await etcdLock(next).take(host, access);
    expect(JSON.parse(etcd.key?.value ?? '').process).toBe(next.process);
  });

  test('is freed by a resume of the run that holds it, and by no other', async () => {
    const etcd = new FakeEtcd();
    const host = hostOf(etcd, new HandClock(START_MS));
    await etcdLock(owner('first')).take(host, access);
    await etcdLock(owner('second')).free(host, access);
    expect(etcd.key).toBeDefined();
    await etcdLock(owner('first', { process: 'boot:head2:77:1' })).free(host, access);
    expect([etcd.key, etcd.leases.size]).toEqual([undefined, 0]);
    await etcdLock(owner('first')).free(host, access);
  });

  test('that a snapshot of another cluster brought along is none', async () => {
    const etcd = new FakeEtcd();
    const clock = new HandClock(START_MS);
    await etcdLock(owner('first')).take(hostOf(etcd, clock), access);
    await etcdLock(owner('second')).take(hostOf(etcd, clock, { ...cluster, id: 'abcd' }), access);
    expect(JSON.parse(etcd.key?.value ?? '')).toMatchObject({ run: 'second', cluster: 'abcd' });
  });

  test('cannot be kept without quorum', async () => {
    const down: FakeCluster = { members: [NODE1, { ...NODE2, down: true }] };
    const host = hostOf(new FakeEtcd(), new HandClock(START_MS), down);
    await expect(etcdLock(owner('first')).take(host, access)).rejects.toMatchObject({ code: 'no-quorum' });
  });
});
