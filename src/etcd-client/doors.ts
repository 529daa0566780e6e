import type { Probe } from '../core/host.ts';
import { PORT_OPEN, readCommand } from '../core/read-command.ts';

/** Long enough for one lost packet: TCP repeats the first after a second. */
const PATIENCE_S = 1.5;
/** For what took no connection the last time: where it is back, it answers within milliseconds. */
const AGAIN_S = 0.5;

/**
 * Those of these client URLs that take a TCP connection from `probe`'s host. etcdctl itself waits out its whole time limit
 * for a host that is off, and its --dial-timeout changes nothing about that (etcdctl 3.4.23). Throws what `read` throws.
 */
export async function openDoors(probe: Probe, urls: readonly string[]): Promise<readonly string[]> {
  const open = await Promise.all(urls.map(url => isOpen(probe, url)));
  return urls.filter((_, i) => open[i]);
}

async function isOpen(probe: Probe, url: string): Promise<boolean> {
  const address = addressOf(url);
  // A socket of another kind: etcdctl is to find out.
  if (!address) return true;
  const { silent } = probe.sightings;
  const door = `${url} from ${probe.name}`;
  const seconds = silent.has(door) ? AGAIN_S : PATIENCE_S;
  const argv = ['timeout', String(seconds), 'bash', '-c', PORT_OPEN, 'port', address.host, address.port];
  const out = await probe.read(readCommand(argv, { timeoutMs: 10_000 }));
  if (out.code === 0) silent.delete(door);
  else silent.add(door);
  return out.code === 0;
}

/** etcdctl takes URLs, and `host:port` without a scheme. */
function addressOf(endpoint: string): { readonly host: string; readonly port: string } | undefined {
  const text = endpoint.includes('://') ? endpoint : `http://${endpoint}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (url.protocol === 'https:' ? '443' : '80'),
  };
}
