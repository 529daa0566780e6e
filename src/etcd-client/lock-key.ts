import { Failure } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Host, Out, Probe } from '../core/host.ts';
import type { LockHolder } from '../core/lock.ts';
import type { Json } from '../core/value.ts';
import { type Client, candidates, etcdctlArgv, lastLine, openClient, peerOf, readEtcdctl, whyNot } from './client.ts';
import { listIn, mapIn, numberIn, parseEtcdJson, textIn } from './json.ts';

/** Away from Kubernetes' own keys, which begin with `/registry`. */
const LOCK_KEY = 'quorate/lock';

/** A holder that has died blocks others for so long. Seconds. */
export const LOCK_TTL_S = 120;

const TIMEOUT_S = 5;

/** The lock as it stands in etcd. */
export interface LockEntry {
  /** In hex; empty where the key has none. */
  readonly lease: string;
  readonly modRevision: number;
  /** Absent where the value is not one that quorate wrote. */
  readonly holder?: LockHolder & { readonly cluster: string };
}

/** Undefined where nobody holds it. A linearizable read. Throws Failure `unknown-state` where it can't be read. */
export async function readLock(client: Client): Promise<LockEntry | undefined> {
  const out = await readEtcdctl(client, ['get', LOCK_KEY]);
  const answer = out.code === 0 ? parseEtcdJson(out.stdout) : undefined;
  if (answer === undefined) throw unreadable(out);
  const [entry] = listIn(mapIn(answer).kvs);
  if (entry === undefined) return undefined;
  const { lease, mod_revision, value } = mapIn(entry);
  const holder = holderIn(Buffer.from(textIn(value), 'base64').toString());
  return { lease: textIn(lease), modRevision: numberIn(mod_revision), ...(holder && { holder }) };
}

/** The lock, as any host can tell it; undefined where nobody holds it, or nobody can tell. */
export async function lockSeen(probe: Probe, access: ClusterAccess): Promise<LockEntry | undefined> {
  for (const name of candidates(probe, access)) {
    try {
      return await readLock(await openClient(peerOf(probe, name), access));
    } catch (error) {
      whyNot(error);
    }
  }
  return undefined;
}

function holderIn(text: string): LockEntry['holder'] {
  const { run, who, sinceMs, process, cluster } = mapIn(parsed(text));
  if (typeof run !== 'string' || typeof who !== 'string' || typeof sinceMs !== 'number') return undefined;
  return { run, who, sinceMs, process: textIn(process), cluster: textIn(cluster) };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds until a lease expires if nobody renews it; undefined where that can't be told. */
export async function readTtl(client: Client, lease: string): Promise<number | undefined> {
  if (lease === '') return undefined;
  const out = await readEtcdctl(client, ['lease', 'timetolive', lease]);
  const { ttl } = mapIn(parseEtcdJson(out.stdout));
  return typeof ttl === 'number' && ttl >= 0 ? ttl : undefined;
}

/** A new lease, in hex. Throws Failure `unknown-state` where etcd gives none. */
export async function grantLease(host: Host, client: Client): Promise<string> {
  const out = await run(host, client, ['lease', 'grant', String(LOCK_TTL_S), '--write-out=json']);
  const lease = out.code === 0 ? textIn(mapIn(parseEtcdJson(out.stdout)).ID) : '';
  if (lease === '') throw unreadable(out);
  return lease;
}

/** Writes the lock where its key is still at the revision `over`; 0: where there is none. Its answer proves nothing: look. */
export async function putLock(
  host: Host,
  client: Client,
  holder: LockHolder & { readonly cluster: string },
  { lease, over }: { readonly lease: string; readonly over: number },
): Promise<void> {
  // etcdctl reads words in double quotes as Go does, whose escapes JSON's are among.
  const value = JSON.stringify(ascii(JSON.stringify(holder)));
  const input = `mod("${LOCK_KEY}") = "${over}"\n\nput ${LOCK_KEY} ${value} --lease=${lease}\n\n\n`;
  await run(host, client, ['txn', '--write-out=json'], input);
}

const ascii = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Gives a lease its full time again, through any host that can. */
export async function keepAlive(host: Host, access: ClusterAccess, lease: string): Promise<void> {
  await throughAny(host, access, ['lease', 'keep-alive', '--once', lease]);
}

/** Ends a lease, and with it the lock. What fails is left to expire. */
export async function revokeLease(host: Host, access: ClusterAccess, lease: string): Promise<void> {
  await throughAny(host, access, ['lease', 'revoke', lease]);
}

async function throughAny(host: Host, access: ClusterAccess, words: readonly string[]): Promise<void> {
  for (const name of candidates(host, access)) {
    try {
      const out = await run(host, await openClient(peerOf(host, name), access), words);
      if (out.code === 0 || /lease not found/.test(out.stderr)) return;
    } catch (error) {
      whyNot(error);
    }
  }
}

function run(host: Host, client: Client, words: readonly string[], input?: string): Promise<Out> {
  const argv = etcdctlArgv(client, words, { timeoutS: TIMEOUT_S });
  const options = { timeoutMs: (TIMEOUT_S + 5) * 1000, ...(input === undefined ? {} : { input }) };
  return peerOf(host, client.probe.name).run(argv, options);
}

function unreadable(out: Out): Failure {
  return new Failure(
    'unknown-state',
    `etcd does not tell who holds the lock on its membership: ${lastLine(out.stderr)}`,
    {
      hint: 'look at the cluster: quorate status',
    },
  );
}
