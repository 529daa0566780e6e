import { keysOf, revisionOf, type StoredKey, type Voter, votersOf } from './answers.ts';
import { base64, fromBase64, type Gateway } from './gateway.ts';

export interface CheckReport {
  readonly acknowledged: number;
  readonly voters: readonly string[];
  /** Acknowledged keys that some voter has not, or has at another revision. */
  readonly lost: number;
  readonly examples: readonly string[];
  /** Keys that are there though they were not acknowledged: puts whose outcome was unknown. */
  readonly unacknowledged: number;
  /** The revision up to which all voters' contents were compared. */
  readonly revision: string;
  readonly hashesEqual: boolean;
}

const timeoutMs = 10_000;
const page = 5000;

/** Reads the lines `timeMs key revision` that the writer wrote; a last line without its end is no acknowledgement. */
export function readAcknowledgements(text: string): Map<string, string> {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return new Map(
    lines.flatMap(line => {
      const [, key, revision] = line.split(' ');
      return key === undefined || revision === undefined ? [] : [[key, revision] as const];
    }),
  );
}

/** Asks each voter, linearizably, for every key under `prefix`, and compares the hashes of all they have. */
export async function check(
  gateway: Gateway,
  endpoints: readonly string[],
  prefix: string,
  acknowledged: ReadonlyMap<string, string>,
  hashAt: (voter: Voter, revision: string) => Promise<string>,
): Promise<CheckReport> {
  const voters = await findVoters(gateway, endpoints);
  const stored = await Promise.all(voters.map(voter => storedKeys(gateway, voter, prefix)));
  const lost = new Set<string>();
  for (const { keys } of stored) {
    for (const [key, revision] of acknowledged) if (keys.get(key) !== revision) lost.add(key);
  }
  const unacknowledged = new Set(stored.flatMap(({ keys }) => [...keys.keys()].filter(key => !acknowledged.has(key))));
  const revision = stored.map(one => one.revision).reduce((least, one) => (BigInt(one) < BigInt(least) ? one : least));
  const hashes = await Promise.all(voters.map(voter => hashAt(voter, revision)));
  return {
    acknowledged: acknowledged.size,
    voters: voters.map(voter => voter.name),
    lost: lost.size,
    examples: [...lost].slice(0, 5),
    unacknowledged: unacknowledged.size,
    revision,
    hashesEqual: new Set(hashes).size === 1,
  };
}

async function findVoters(gateway: Gateway, endpoints: readonly string[]): Promise<Voter[]> {
  for (const endpoint of endpoints) {
    const outcome = await gateway.post(endpoint, '/v3/cluster/member/list', {}, timeoutMs);
    const voters = outcome.kind === 'answer' ? votersOf(outcome.body) : [];
    if (voters.length > 0) return voters;
  }
  throw new Error(`none of ${endpoints.join(', ')} says who the members are`);
}

async function storedKeys(
  gateway: Gateway,
  voter: Voter,
  prefix: string,
): Promise<{ keys: Map<string, string>; revision: string }> {
  const keys = new Map<string, string>();
  // "0" is what follows "/".
  const rangeEnd = base64(`${prefix}0`);
  let from = base64(`${prefix}/`);
  let revision: string | undefined;
  for (;;) {
    const body = { key: from, range_end: rangeEnd, limit: page, keys_only: true, ...(revision && { revision }) };
    const answer = await ask(gateway, voter, '/v3/kv/range', body);
    revision ??= revisionOf(answer);
    const { keys: found, more } = keysOf(answer);
    for (const one of found) keys.set(fromBase64(one.base64Key), one.revision);
    const last: StoredKey | undefined = found.at(-1);
    if (!more || last === undefined) break;
    from = base64(`${fromBase64(last.base64Key)}\0`);
  }
  if (revision === undefined) throw new Error(`${voter.name} does not say its revision`);
  return { keys, revision };
}

async function ask(gateway: Gateway, voter: Voter, path: string, body: object): Promise<unknown> {
  const outcome = await gateway.post(voter.endpoint, path, body, timeoutMs);
  if (outcome.kind === 'answer') return outcome.body;
  throw new Error(`${voter.name} does not answer ${path}: ${outcome.why}`);
}
