// CMDaemon's work: it compares what the committed roles ask for with what the nodes have, and acts on the difference
// with the delays and events that the article shows (sections 5.1, 6.3 and 6.5). The delays, in seconds after the
// commit and times the lab's scale: 1 a stop or a restart for its own flags, 11 all peers at once because the initial
// cluster grew, 13 kube-apiserver; gain.ts has those of a new member. The peers are told to restart at 3, so that it is
// over when the event says so: a leader whose followers stop with it tries for 7 s to hand over (etcd 3.4.23, measured).
// Past 300 lines, as it is one loop over one set of records; a new member and a provisioning have files of their own.
import type { ApiServer } from './api-server.ts';
import type { Clock } from './clock.ts';
import { compareUnits, desiredUnits, type EtcdUnit } from './etcd-unit.ts';
import { logEvent, type NewEvent } from './events.ts';
import { Gain } from './gain.ts';
import type { CertificateAuthority, ManagedNode, News } from './managed-node.ts';
import { apiServerEvent, diedEvents, type NodeRecord, newRecord, renew, takeStock } from './node-record.ts';
import { Provisioning } from './provisioning.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

const RETRY_S = 8;
const SHORTEST_RETRY_MS = 200;
const MOST_ATTEMPTS = 10;

export class Reconciler {
  readonly #records: ReadonlyMap<string, NodeRecord>;
  readonly #gain: Gain;
  readonly #provisioning: Provisioning;
  readonly #store: Store;
  readonly #authority: CertificateAuthority;
  readonly #clock: Clock;
  readonly #apiServer: ApiServer;
  #running = false;
  #again = false;
  /** Settled once the peers' restart under way is over. */
  #peersRestart: Promise<void> = Promise.resolve();

  constructor(
    store: Store,
    nodes: readonly ManagedNode[],
    authority: CertificateAuthority,
    apiServer: ApiServer,
    clock: Clock,
  ) {
    this.#store = store;
    this.#apiServer = apiServer;
    this.#authority = authority;
    this.#clock = clock;
    this.#records = new Map(nodes.map(node => [node.name, newRecord(node)]));
    this.#provisioning = new Provisioning({
      load: () => store.load(),
      update: change => this.#update(change),
      pause: (seconds, leastMs) => this.#afterSeconds(seconds, async () => undefined, leastMs),
    });
    this.#gain = new Gain({
      authority,
      now: () => clock.now(),
      load: () => store.load(),
      update: change => this.#update(change),
      after: (record, seconds, action, leastMs) => this.#after(record, seconds, action, leastMs),
      peersRestarted: () => this.#peersRestart,
      start: record => this.#start(record),
    });
  }

  /** Call after a commit or a changed setting; does what is to be done now and schedules the rest. */
  async stateChanged(): Promise<void> {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#provisioning.rebootWanted(this.#records.values());
        await this.#reconcile();
      }
    } finally {
      this.#running = false;
    }
  }

  /** Call with what a node lets hear of itself. */
  async heard(name: string, news: News): Promise<void> {
    const record = this.#records.get(name);
    if (record === undefined) return;
    switch (news) {
      case 'up':
        return this.#cameUp(record);
      case 'down':
        return this.#wentDown(record);
      case 'running':
        record.stoppedHeard = 0;
        if (record.pending === 'given up') Object.assign(record, { pending: undefined, attempts: 0, hasRole: true });
        return;
      case 'stopped':
        record.stoppedHeard += 1;
        // What was heard once may have been said before the last restart was over.
        if (record.stoppedHeard >= 2 && record.hasRole && record.up && record.pending === undefined)
          return this.#died(record);
    }
  }

  async #cameUp(record: NodeRecord): Promise<void> {
    const booted = await record.node.inspect();
    if (booted === undefined || !(await this.#provisioning.provision(record, booted.bootId))) return;
    const found = await record.node.inspect();
    if (found === undefined) return;
    const state = await this.#store.load();
    record.generation += 1;
    Object.assign(record, takeStock(found));
    if (state.bootstrapped && desiredUnits(state).has(record.node.name) && !record.hasRole && record.certificate) {
      // It was switched on again: there is nothing to wait for.
      record.pending = 'restart';
      this.#after(record, 1, () => this.#start(record));
    }
    await this.#setStatus(record, 'UP');
    await this.stateChanged();
  }

  async #wentDown(record: NodeRecord): Promise<void> {
    const { generation } = record;
    Object.assign(record, newRecord(record.node), { generation: generation + 1 });
    await this.#setStatus(record, 'DOWN');
  }

  async #reconcile(): Promise<void> {
    const state = await this.#store.load();
    if (state.faults.slowdown === 0) return;
    const desired = desiredUnits(state);
    if (!state.bootstrapped) return this.#bootstrap(desired);
    const grown: NodeRecord[] = [];
    for (const record of this.#records.values()) {
      if (record.up && this.#settle(state, record, desired.get(record.node.name)) === 'peers-grew') grown.push(record);
    }
    if (grown.length > 0) this.#restartTogether(grown);
    else await this.#followMembers(desired);
  }

  /** Schedules what one node needs, and tells if it should be restarted together with its peers. */
  #settle(state: State, record: NodeRecord, wanted: EtcdUnit | undefined): 'peers-grew' | undefined {
    if (wanted === undefined) this.#settleWithout(record);
    else if (!record.hasRole && (record.pending === undefined || record.pending === 'stop'))
      this.#gain.begin(renew(record, 'gain'));
    else if (record.pending === 'held down' && state.faults.peerStaysDown !== record.node.name)
      void this.#start(renew(record, 'retry'));
    else if (record.pending === 'given up' && record.unit !== wanted.text) void this.#start(renew(record, 'retry'));
    else if (record.pending === undefined && record.unit !== undefined) {
      const difference = compareUnits(record.unit, wanted.text);
      if (difference === 'peers-grew') return difference;
      if (difference === 'own-flags') this.#after(renew(record, 'restart'), 1, () => this.#start(record));
      if (difference === 'peers-shrank') void this.#install(record, wanted);
    }
    return undefined;
  }

  #settleWithout(record: NodeRecord): void {
    if (record.pending === 'stop' || (record.pending === undefined && !record.hasRole)) return;
    this.#after(renew(record, 'stop'), 1, async () => {
      const backAgain = desiredUnits(await this.#store.load()).has(record.node.name);
      // Until it is over, that etcd was heard to be stopped is no death.
      const stopped = !backAgain && (await record.node.stop());
      record.pending = undefined;
      if (backAgain) return this.stateChanged();
      if (!stopped) return;
      record.hasRole = false;
      record.attempts = 0;
      await this.#log({ level: 'notice', host: record.node.name, text: 'Service etcd was stopped' });
      await this.stateChanged();
    });
  }

  #restartTogether(records: readonly NodeRecord[]): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#peersRestart = promise;
    const generations = records.map(record => renew(record, 'restart').generation);
    const due = this.#afterSeconds(11, async () => undefined);
    void this.#afterSeconds(3, async () => {
      const state = await this.#store.load();
      const desired = desiredUnits(state);
      const current = records.filter((record, index) => record.generation === generations[index]);
      const ready = await Promise.all(current.map(record => this.#install(record, desired.get(record.node.name))));
      const outcomes = await Promise.all(
        current
          .filter((_, index) => ready[index])
          .map(async record => ({ record, events: await this.#restartPeer(record, state) })),
      );
      await due;
      await this.#log(...outcomes.flatMap(({ events }) => events));
      if (outcomes.length > 0) await this.#afterSeconds(2, () => this.#restartApiServer());
    })
      .finally(resolve)
      .then(() => this.stateChanged());
  }

  async #restartApiServer(): Promise<void> {
    const state = await this.#store.load();
    await this.#apiServer.setEtcdServers(clientUrls(desiredUnits(state)));
    await this.#apiServer.restart();
    await this.#log(apiServerEvent(state.headNode));
  }

  /**
   * A list that only became shorter is written and, like the peers' units, used from the next restart on. Where members were started
   * without peers that had to restart for them, the API server is restarted once all of them run.
   */
  async #followMembers(desired: ReadonlyMap<string, EtcdUnit>): Promise<void> {
    const wanted = clientUrls(desired);
    const present = await this.#apiServer.etcdServers();
    if (wanted.length === 0) return;
    if (wanted.every(url => present.includes(url))) await this.#apiServer.setEtcdServers(wanted);
    else if (this.#allRun(desired)) await this.#afterSeconds(2, () => this.#restartApiServer());
  }

  #allRun(desired: ReadonlyMap<string, EtcdUnit>): boolean {
    const records = [...desired.keys()].map(name => this.#records.get(name));
    return records.every(record => record?.hasRole === true && record.pending === undefined);
  }

  async #restartPeer(record: NodeRecord, state: State): Promise<NewEvent[]> {
    const { name } = record.node;
    if (state.faults.peerStaysDown === name) {
      await record.node.stop();
      record.pending = 'held down';
      return diedEvents(name);
    }
    return this.#takeOutcome(record, await record.node.restart());
  }

  async #died(record: NodeRecord): Promise<void> {
    renew(record, 'retry');
    const { certificate } = (await record.node.inspect()) ?? record;
    if (!certificate) {
      // Its disk was emptied while it ran: it has to become a member from the start.
      Object.assign(record, { pending: undefined, hasRole: false, certificate });
      return this.stateChanged();
    }
    await this.#log(...diedEvents(record.node.name));
    this.#retryLater(record);
  }

  #retryLater(record: NodeRecord): void {
    if (record.attempts >= MOST_ATTEMPTS) {
      record.pending = 'given up';
      return;
    }
    record.pending = 'retry';
    this.#after(record, RETRY_S, () => this.#start(record), SHORTEST_RETRY_MS);
  }

  /** Brings the node's unit up to date, starts etcd and logs how that went. */
  async #start(record: NodeRecord): Promise<void> {
    const { generation } = record;
    const wanted = desiredUnits(await this.#store.load()).get(record.node.name);
    if (record.generation !== generation) return;
    if (wanted === undefined || !(await this.#install(record, wanted))) {
      record.pending = undefined;
      return this.stateChanged();
    }
    const events = this.#takeOutcome(record, await record.node.restart(), generation);
    await this.#log(...events);
    await this.stateChanged();
  }

  #takeOutcome(
    record: NodeRecord,
    outcome: 'running' | 'died' | undefined,
    generation = record.generation,
  ): NewEvent[] {
    if (record.generation !== generation || outcome === undefined) return [];
    const { name } = record.node;
    record.stoppedHeard = 0;
    if (outcome === 'running') {
      Object.assign(record, { hasRole: true, attempts: 0, pending: undefined });
      return [{ level: 'notice', host: name, text: 'Service etcd was restarted' }];
    }
    record.attempts += 1;
    record.hasRole = true;
    this.#retryLater(record);
    return diedEvents(name);
  }

  async #install(record: NodeRecord, wanted: EtcdUnit | undefined): Promise<boolean> {
    if (wanted === undefined) return false;
    if (record.unit === wanted.text) return true;
    if (!(await record.node.installUnit(wanted))) return false;
    record.unit = wanted.text;
    return true;
  }

  /** The first start of a new lab: everything at once, silently, as soon as all its members are up. */
  async #bootstrap(desired: ReadonlyMap<string, EtcdUnit>): Promise<void> {
    const issued = [...desired.values()].map(async unit => {
      const files = await this.#authority.issue(unit.node, unit.ip);
      return { unit, files, record: this.#records.get(unit.node) };
    });
    const members = await Promise.all(issued);
    if (members.some(({ record }) => record?.up !== true)) return;
    await Promise.all(
      members.map(async ({ unit, files, record }) => {
        if (record === undefined) return;
        await record.node.writeFiles(files);
        await this.#install(record, unit);
        const outcome = await record.node.restart();
        Object.assign(record, { certificate: true, hasRole: outcome === 'running' });
      }),
    );
    await this.#apiServer.setEtcdServers(clientUrls(desired));
    await this.#apiServer.restart();
    await this.#update(state => {
      state.bootstrapped = true;
    });
    this.#again = true;
  }

  /** Runs `action` unless the record was renewed meanwhile. */
  #after(record: NodeRecord, seconds: number, action: () => Promise<void>, leastMs = 0): void {
    const { generation } = record;
    const run = async (): Promise<void> => {
      if (record.generation === generation) await action();
    };
    void this.#afterSeconds(seconds, run, leastMs);
  }

  async #afterSeconds(seconds: number, action: () => Promise<void>, leastMs = 0): Promise<void> {
    const { scale, faults } = await this.#store.load();
    const delayMs = Math.max(seconds * 1000 * scale * faults.slowdown, leastMs);
    await new Promise<void>(resolve => this.#clock.after(delayMs, resolve));
    await action();
  }

  #setStatus(record: NodeRecord, status: 'UP' | 'DOWN'): Promise<void> {
    record.up = status === 'UP';
    return this.#update(state => {
      const device = state.objects.device.find(candidate => candidate.name === record.node.name);
      if (device !== undefined) device.values.status = status;
    });
  }

  async #log(...events: readonly NewEvent[]): Promise<void> {
    if (events.length > 0)
      await this.#update(state => {
        for (const event of events) logEvent(state, this.#clock.now(), event);
      });
  }

  async #update(change: (state: State) => void): Promise<void> {
    await this.#store.update(state => {
      change(state);
      return true;
    });
  }
}

function clientUrls(desired: ReadonlyMap<string, EtcdUnit>): string[] {
  return [...desired.values()].flatMap(unit => unit.clientUrls);
}
