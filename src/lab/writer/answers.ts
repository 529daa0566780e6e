// The shapes of the gateway's answers that are used; whatever is not of the shape is undefined.

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The revision at which an answer was given. */
export function revisionOf(body: unknown): string | undefined {
  return text(record(record(body).header).revision);
}

export interface Voter {
  readonly name: string;
  readonly endpoint: string;
}

/** The members that vote and have been started. */
export function votersOf(body: unknown): Voter[] {
  return list(record(body).members).flatMap(entry => {
    const member = record(entry);
    const name = text(member.name);
    const endpoint = text(list(member.clientURLs)[0]);
    return member.isLearner === true || name === undefined || endpoint === undefined ? [] : [{ name, endpoint }];
  });
}

export interface StoredKey {
  /** As it is on the wire. */
  readonly base64Key: string;
  readonly revision: string;
}

export function keysOf(body: unknown): { readonly keys: readonly StoredKey[]; readonly more: boolean } {
  const keys = list(record(body).kvs).flatMap(entry => {
    const stored = record(entry);
    const base64Key = text(stored.key);
    const revision = text(stored.mod_revision);
    return base64Key === undefined || revision === undefined ? [] : [{ base64Key, revision }];
  });
  return { keys, more: record(body).more === true };
}

/** Of `etcdctl endpoint hashkv`: the hash of the keys up to a revision, and since which compaction. */
export function hashOf(body: unknown): string | undefined {
  const { hash, compact_revision: compacted } = record(record(list(body)[0]).HashKV);
  return typeof hash === 'number' ? `${hash} since ${typeof compacted === 'number' ? compacted : 0}` : undefined;
}
