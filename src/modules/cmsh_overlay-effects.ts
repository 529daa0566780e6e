// What a change of overlays does to etcd on the nodes, from the vendor's transcripts (article, 5.1, 6.3, 6.5): a node that
// gains the role makes BCM restart etcd on all others at the same moment; one that loses it is stopped; one whose role
// comes from elsewhere or has other options is restarted alone.
import type { Device, EffectiveRole } from '../bcm/devices.ts';
import { winningRole } from '../bcm/devices.ts';
import { type Overlay, sameName } from '../bcm/overlay.ts';
import type { ClusterAccess, Risk } from '../core/guard.ts';

/** Overlays by name; `undefined` is one that is known not to exist. */
export type KnownOverlays = ReadonlyMap<string, Overlay | undefined>;

/** What is seen on the nodes now. */
export interface Seen {
  readonly devices: readonly Device[];
  readonly roles: ReadonlyMap<string, readonly EffectiveRole[]>;
}

/** Where a node has its role from, and what of it decides how etcd is started. */
interface Placement {
  readonly source: string;
  readonly priority: number;
  readonly options: string;
  readonly etcdCluster: string | undefined;
}

/** Why the role of a node would not be that of the overlay it is put into: something of a higher priority gives it one. */
interface Shadowed {
  readonly node: string;
  readonly overlay: string;
  readonly by: string;
}

/** Where `node` has the role from, going by the overlays known better than cmsh shows them, else by what is in effect. */
function placement(node: Device, known: KnownOverlays, seen: Seen, role: string): Placement | undefined {
  const winner = winningRole(seen.roles.get(node.name) ?? [], role);
  const candidates: Placement[] = [];
  if (winner !== undefined && !(winner.from === 'overlay' && known.has(winner.source))) {
    const source = [winner.from, winner.source].filter(Boolean).join(' ');
    candidates.push({ source, priority: winner.priority ?? 0, options: '', etcdCluster: undefined });
  }
  for (const overlay of known.values()) {
    const found = overlay?.roles.find(other => sameName(other.name, role));
    if (overlay === undefined || found === undefined || overlay.priority < 0 || !appliesTo(overlay, node)) continue;
    const options = [...found.options].sort().join('\n');
    const source = `overlay ${overlay.name}`;
    candidates.push({ source, priority: overlay.priority, options, etcdCluster: found.etcdCluster });
  }
  return candidates.reduce<Placement | undefined>(
    (best, next) => (best === undefined || next.priority > best.priority ? next : best),
    undefined,
  );
}

function appliesTo(overlay: Overlay, device: Device): boolean {
  if (overlay.nodes.includes(device.name)) return true;
  return device.kind === 'head' ? overlay.allHeadNodes : overlay.categories.includes(device.category);
}

/** The nodes whose etcd a change touches, by how. */
export interface Effects {
  readonly start: readonly string[];
  readonly stop: readonly string[];
  readonly restart: readonly string[];
  readonly shadowed: readonly Shadowed[];
}

export function effectsOf(before: KnownOverlays, after: KnownOverlays, seen: Seen, role: string): Effects {
  const start: string[] = [];
  const stop: string[] = [];
  const changed: string[] = [];
  const remaining: string[] = [];
  const shadowed: Shadowed[] = [];
  const clusters = new Set<string>();
  const placed = seen.devices.map(device => {
    const was = placement(device, before, seen, role);
    const is = placement(device, after, seen, role);
    if (was === undefined && is !== undefined && is.etcdCluster !== undefined) clusters.add(is.etcdCluster);
    return { device, was, is };
  });
  for (const { device, was, is } of placed) {
    const { name } = device;
    if (was === undefined && is !== undefined) start.push(name);
    if (was !== undefined && is === undefined) stop.push(name);
    if (was !== undefined && is !== undefined) {
      // Another etcd cluster of the same BCM is not restarted. Where it isn't known which one it is, it counts as the same.
      const cluster = is.etcdCluster;
      if (cluster === undefined || clusters.size === 0 || clusters.has(cluster)) remaining.push(name);
      if (was.source !== is.source || was.options !== is.options) changed.push(name);
    }
    for (const overlay of after.values()) {
      const gives = overlay?.roles.some(other => sameName(other.name, role)) ?? false;
      if (overlay === undefined || !gives || overlay.priority < 0 || is === undefined) continue;
      if (overlay.nodes.includes(name) && !is.source.startsWith('overlay ') && is.priority > overlay.priority) {
        shadowed.push({ node: name, overlay: overlay.name, by: `${is.source} (${is.priority})` });
      }
    }
  }
  const restart = start.length > 0 ? [...new Set([...remaining, ...changed])] : changed;
  return { start, stop, restart, shadowed };
}

/** The effects as risks; `becomes` is what BCM would hold afterwards. */
export function effectRisks(effects: Effects, after: KnownOverlays, access: ClusterAccess): readonly Risk[] {
  const { start, restart, stop } = effects;
  const service = (effect: 'stop' | 'restart', hosts: readonly string[]): Risk[] =>
    hosts.length === 0 ? [] : [{ kind: 'service', effect, hosts, together: hosts.length > 1, access }];
  const told = [...after].map(
    ([overlay, becomes], index): Risk => ({
      kind: 'configuration',
      overlay,
      ...(becomes === undefined ? {} : { becomes }),
      // All changes are one commit.
      ...(index === after.size - 1 && start.length > 0 ? { starts: start } : {}),
    }),
  );
  return [...service('stop', stop), ...service('restart', restart), ...told];
}
