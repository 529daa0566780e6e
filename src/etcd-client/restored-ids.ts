import { digest } from '../core/digest.ts';

/** A member that a cluster begins with. etcd allows it several peer URLs; here it has one. */
export interface InitialMember {
  readonly name: string;
  readonly peerUrl: string;
}

/** `node001=https://10.141.0.1:2380`, as etcd's `--initial-cluster` has it. */
export function initialMember(text: string): InitialMember {
  const at = text.indexOf('=');
  return { name: text.slice(0, at), peerUrl: text.slice(at + 1) };
}

export interface InitialIds {
  readonly clusterId: string;
  /** By the name of the member. */
  readonly memberIds: ReadonlyMap<string, string>;
}

/**
 * The IDs, in hex, of a cluster that begins with these members and this token: that of a member is made of its URL and the token,
 * that of the cluster of its members' (etcd, server/etcdserver/api/membership). So another token is another cluster.
 */
export function initialIds(members: readonly InitialMember[], token: string): InitialIds {
  const ids = members.map(({ name, peerUrl }) => [name, firstHalf(sha1(Buffer.from(peerUrl + token)))] as const);
  const sorted = ids.map(([, id]) => id).sort((a, b) => (a < b ? -1 : 1));
  const bytes = Buffer.alloc(8 * sorted.length);
  for (const [i, id] of sorted.entries()) bytes.writeBigUInt64BE(id, 8 * i);
  return {
    clusterId: firstHalf(sha1(bytes)).toString(16),
    memberIds: new Map(ids.map(([name, id]) => [name, id.toString(16)])),
  };
}

const sha1 = (bytes: Uint8Array): Buffer => digest('sha1', bytes);
const firstHalf = (bytes: Buffer): bigint => bytes.readBigUInt64BE(0);
