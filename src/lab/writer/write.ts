import { revisionOf, votersOf } from './answers.ts';
import { base64, type Gateway } from './gateway.ts';

export interface WriteOptions {
  readonly gateway: Gateway;
  /** Where to begin; from then on the voters that the members' list names are used. */
  readonly endpoints: readonly string[];
  readonly prefix: string;
  readonly writers: number;
  /** The pause of each writer between two puts. */
  readonly pauseMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  /** Called with each put that etcd acknowledged. */
  acknowledged(ack: { timeMs: number; key: string; revision: string }): void;
}

export interface WriteReport {
  readonly acknowledged: number;
  /** Puts whose outcome is not known: they may be there or not. */
  readonly unknown: number;
  /** Puts that certainly were not done: no connection. */
  readonly refused: number;
  /** The longest time in which nothing was acknowledged, and when it began (ISO 8601). */
  readonly longestGapMs: number;
  readonly longestGapAt: string;
  readonly seconds: number;
}

/** Puts keys that nobody else has, each once, in several lines at once, until the signal fires. */
export async function write(options: WriteOptions): Promise<WriteReport> {
  const { gateway, signal } = options;
  const startedMs = options.nowMs();
  let endpoints = options.endpoints;
  const counts = { acknowledged: 0, unknown: 0, refused: 0 };
  let lastMs = startedMs;
  let longest = { gapMs: 0, atMs: startedMs };
  const alive = (nowMs: number): void => {
    if (nowMs - lastMs > longest.gapMs) longest = { gapMs: nowMs - lastMs, atMs: lastMs };
    lastMs = nowMs;
  };

  const line = async (writer: number): Promise<void> => {
    for (let sequence = 0; !signal.aborted; sequence++) {
      const key = `${options.prefix}/${writer}/${String(sequence).padStart(9, '0')}`;
      const endpoint = endpoints[(sequence + writer) % endpoints.length] ?? '';
      const body = { key: base64(key), value: base64(key) };
      const outcome = await gateway.post(endpoint, '/v3/kv/put', body, options.timeoutMs);
      const revision = outcome.kind === 'answer' ? revisionOf(outcome.body) : undefined;
      if (revision !== undefined) {
        const timeMs = options.nowMs();
        counts.acknowledged += 1;
        options.acknowledged({ timeMs, key, revision });
        alive(timeMs);
      } else if (outcome.kind === 'refused') counts.refused += 1;
      else counts.unknown += 1;
      await options.sleep(options.pauseMs);
    }
  };
  // As etcd's own clients do: whoever is a voter now is asked, whoever is none any more is not.
  const follow = async (): Promise<void> => {
    for (let turn = 0; !signal.aborted; turn++) {
      const endpoint = endpoints[turn % endpoints.length] ?? '';
      const outcome = await gateway.post(endpoint, '/v3/cluster/member/list', {}, options.timeoutMs);
      const voters = outcome.kind === 'answer' ? votersOf(outcome.body) : [];
      if (voters.length > 0) endpoints = voters.map(voter => voter.endpoint);
      await options.sleep(500);
    }
  };

  await Promise.all([follow(), ...Array.from({ length: options.writers }, (_, writer) => line(writer))]);
  const endedMs = options.nowMs();
  alive(endedMs);
  return {
    ...counts,
    longestGapMs: longest.gapMs,
    longestGapAt: new Date(longest.atMs).toISOString(),
    seconds: Math.round((endedMs - startedMs) / 100) / 10,
  };
}
