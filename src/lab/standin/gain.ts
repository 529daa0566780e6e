// A node becomes a member: the back and forth of section 6.3, as its transcript has it. A certificate is requested
// (0 s), etcd isn't allowed to start without one (1 s), it is started all the same and dies (23 s), two more requests
// follow (23 s, 27 s), it dies again (55 s), the certificates come and it starts (63 s). The deaths are real: the files
// that its flags name aren't there yet. Where the certificates are there already, only the start remains, at 23 s.
import { desiredUnits } from './etcd-unit.ts';
import { logEvent, type NewEvent } from './events.ts';
import type { CertificateAuthority } from './managed-node.ts';
import type { NodeRecord } from './node-record.ts';
import type { State } from './state.ts';

/** How long a withheld certificate is waited for before looking again, in the article's seconds. */
const LOOK_AGAIN_S = 10;
const SHORTEST_LOOK_MS = 500;

type Step = (record: NodeRecord) => Promise<void>;

export interface GainContext {
  readonly authority: CertificateAuthority;
  load(): Promise<State>;
  update(change: (state: State) => void): Promise<void>;
  /** Runs `action` so many scaled seconds later, unless the record was renewed meanwhile. */
  after(record: NodeRecord, seconds: number, action: () => Promise<void>, leastMs?: number): void;
  /** Resolves when no restart of all peers is under way. */
  peersRestarted(): Promise<void>;
  /** Brings the unit up to date, starts etcd, logs the outcome and retries as after any death. */
  start(record: NodeRecord): Promise<void>;
  now(): number;
}

export class Gain {
  readonly #context: GainContext;

  constructor(context: GainContext) {
    this.#context = context;
  }

  /** Schedules everything until etcd runs on the node. */
  begin(record: NodeRecord): void {
    const { after, start, peersRestarted } = this.#context;
    if (record.certificate) {
      after(record, 23, async () => {
        await peersRestarted();
        await start(record);
      });
      return;
    }
    void this.#request();
    this.#schedule(record, [
      [1, async () => this.#log(notice(record, 'Service etcd was not allowed to restart'), notAllowed(record))],
      [
        22,
        async () => {
          await this.#tryInVain(record, true);
          if (record.pending === 'gain') await this.#request();
        },
      ],
      [4, () => this.#request()],
      [28, () => this.#tryInVain(record, false)],
      [8, () => this.#equipAndStart(record)],
    ]);
  }

  /** Each step so many seconds after the one before. */
  #schedule(record: NodeRecord, steps: readonly (readonly [number, Step])[]): void {
    const [first, ...rest] = steps;
    if (first === undefined) return;
    const [seconds, step] = first;
    this.#context.after(record, seconds, async () => {
      const { generation } = record;
      await step(record);
      if (record.generation === generation) this.#schedule(record, rest);
    });
  }

  async #request(): Promise<void> {
    await this.#context.update(state => {
      const text = `New certificate request with ID: ${state.nextRequest}`;
      state.nextRequest += 1;
      logEvent(state, this.#context.now(), { level: 'notice', host: state.headNode, text });
    });
  }

  async #tryInVain(record: NodeRecord, tellOutcome: boolean): Promise<void> {
    await this.#context.peersRestarted();
    const { generation } = record;
    while ((await this.#context.load()).faults.certificateNeverIssued) {
      await this.#pause(record);
      if (record.generation !== generation) return;
    }
    const wanted = desiredUnits(await this.#context.load()).get(record.node.name);
    if (wanted === undefined || record.generation !== generation || !(await record.node.installUnit(wanted))) return;
    record.unit = wanted.text;
    if ((await record.node.restart()) !== 'died') return;
    const died: NewEvent = { level: 'warning', host: record.node.name, text: 'Service etcd died' };
    await this.#log(died, ...(tellOutcome ? [notice(record, 'Service etcd was not restarted')] : []));
  }

  async #equipAndStart(record: NodeRecord): Promise<void> {
    const wanted = desiredUnits(await this.#context.load()).get(record.node.name);
    if (wanted === undefined) return;
    const files = await this.#context.authority.issue(wanted.node, wanted.ip);
    record.certificate = await record.node.writeFiles(files);
    await this.#context.start(record);
  }

  #pause(record: NodeRecord): Promise<void> {
    return new Promise(resolve => this.#context.after(record, LOOK_AGAIN_S, async () => resolve(), SHORTEST_LOOK_MS));
  }

  async #log(...events: readonly NewEvent[]): Promise<void> {
    await this.#context.update(state => {
      for (const event of events) logEvent(state, this.#context.now(), event);
    });
  }
}

function notice(record: NodeRecord, text: string): NewEvent {
  return { level: 'notice', host: record.node.name, text };
}

/** The article's own words. */
function notAllowed(record: NodeRecord): NewEvent {
  return notice(record, 'Service etcd was not allowed start');
}
