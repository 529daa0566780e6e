import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import { readCommand } from '../core/read-command.ts';
import type { Cluster, ObservedMember } from '../etcd/cluster.ts';
import { isStarted } from '../etcd/cluster.ts';
import { peerOf, whyNot } from '../etcd-client/client.ts';

/**
 * The members that run on these hosts. BCM names a member after its node; a host that no member is named after is asked
 * for its addresses, because a member may be called otherwise.
 * Throws Failure `unknown-state` where that can't be told, so that a voter is never taken for none.
 */
export async function membersOn(
  probe: Probe,
  hosts: readonly string[],
  cluster: Cluster,
): Promise<readonly ObservedMember[]> {
  const found = await Promise.all(hosts.map(host => memberOn(probe, host, cluster)));
  return found.filter(m => m !== undefined);
}

async function memberOn(probe: Probe, host: string, cluster: Cluster): Promise<ObservedMember | undefined> {
  const named = cluster.members.find(m => sameHost(m.name, host) || m.peerUrls.some(url => hostOf(url) === host));
  if (named) return named;
  // A member that was never started has no name, but it has no vote to lose either: a learner. A voter is down already.
  const unaccounted = cluster.members.filter(m => isStarted(m) && !isHost(probe, m.name));
  if (unaccounted.length === 0) return undefined;
  try {
    const out = await peerOf(probe, host).read(readCommand(['hostname', '-I'], { timeoutMs: 10_000 }));
    const addresses = out.stdout.split(/\s+/);
    return cluster.members.find(m => m.peerUrls.some(url => addresses.includes(hostOf(url))));
  } catch (error) {
    const who = unaccounted.map(m => m.name).join(', ');
    throw new Failure('unknown-state', `whether ${host} runs ${who} cannot be told: ${whyNot(error)}`, {
      hint: `name the member ${host} in the inventory as etcd does: ${who}`,
    });
  }
}

function isHost(probe: Probe, name: string): boolean {
  try {
    peerOf(probe, name);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'no-hosts') return false;
    throw error;
  }
}

/** `node001` and `node001.cm.cluster` are one host. */
function sameHost(a: string, b: string): boolean {
  return a === b || (a !== '' && (a.startsWith(`${b}.`) || b.startsWith(`${a}.`)));
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}
