// What there is on a host of the practice cluster: files, folders, processes, mounts and sockets, less what the cluster itself and the
// playbooks' own doing change. A run adds nothing to it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestLab } from '../../support/lab.ts';

const KINDS = ['file', 'folder', 'process', 'mount', 'socket'] as const;
type Kind = (typeof KINDS)[number];

/** How often each thing is there, by `KIND NAME`. */
export type Tally = ReadonlyMap<string, number>;

/**
 * Each thing in a line. Of processes the program is told, of sockets those that listen at a path, and the connections of ssh; the shell that
 * looks counts itself, every time. Nothing is started beside it: what a pipe starts may be there already, or not yet.
 */
const LOOK = `
find / /run /tmp /dev/shm -xdev -type d -printf 'folder %p\\n' -o -xdev -printf 'file %p\\n' 2>/dev/null
[ "$(hostname)" = headnode ] && find /cm/shared -mindepth 1 -type d -printf 'folder %p\\n' -o -mindepth 1 -printf 'file %p\\n'
processes=$(ps -e -o comm=)
printf '%s\\n' "$processes" | sed 's/^/process /'
cut -d ' ' -f 2 /proc/mounts | sed 's/^/mount /'
awk '$6 == "01" && $8 ~ "^/" { print "socket " $8 }' /proc/net/unix
awk '$4 == "01" && ($2 ~ ":0016$" || $3 ~ ":0016$") { print "socket of ssh" }' /proc/net/tcp
`;

/** What is meant to change: etcd, BCM, systemd, the journals of runs, backups, what the campaign itself keeps there. */
const MEANT = [
  /^(file|folder) \/(var\/log|var\/lib\/(etcd|systemd|dbus|quorate-writer)|run\/(systemd|log|cmd|credentials|host|user|utmp|mount))\b/,
  /^(file|folder) \/(var\/spool\/cmd|etc\/(systemd|rc\d\.d|\.pwd\.lock|machine-id)|cm\/local|root\/peak|root\/(tasks|connect)\.yml)\b/,
  /^folder \/run\/quorate$/,
  /^mount \/run\/credentials\//,
  /^folder \/root\/\.local(\/state(\/quorate(\/runs(\/[^/]+)?)?)?)?$/,
  /^file \/root\/\.local\/state\/quorate\/(runs\/[^/]+\/)?(journal\.jsonl|holder)$/,
  /^(file|folder) \/cm\/shared\/(backup|etcd-backups)(\/(?!.*(\/\.|\.partial)).*)?$/,
  // It runs where a playbook wants it, and what waits or looks is there for a moment.
  /^process (etcd|sleep|systemctl|journalctl|cmsh)$/,
  /^socket \/run\/(systemd|cmd)\//,
];

/** Of a host that is off there is nothing. */
async function tally(lab: TestLab, host: string): Promise<Tally> {
  const counts = new Map<string, number>();
  const { exitCode, stdout, stderr } = await lab.exec(host, ['sh', '-c', LOOK]);
  if (exitCode !== 0 && !stderr.includes(`${host} is off`)) throw new Error(`cannot look at ${host}: ${stderr}`);
  for (const line of stdout.split('\n').filter(Boolean))
    if (!MEANT.some(pattern => pattern.test(line))) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

export type Tallies = ReadonlyMap<string, Tally>;

export async function tallies(lab: TestLab, hosts: readonly string[]): Promise<Tallies> {
  return new Map(await Promise.all(hosts.map(async host => [host, await tally(lab, host)] as const)));
}

/** What is there that was not, as `HOST: KIND NAME`, as often as there is more of it. */
export function added(before: Tallies, now: Tallies): readonly string[] {
  return [...now].flatMap(([host, counts]) =>
    [...counts].flatMap(([thing, count]) =>
      Array.from({ length: Math.max(0, count - (before.get(host)?.get(thing) ?? 0)) }, () => `${host}: ${thing}`),
    ),
  );
}

/** The same, when what is still ending has ended, and nothing is there but what may stay. */
export async function addedAtRest(
  lab: TestLab,
  before: Tallies,
  mayStay: (thing: string) => boolean,
  limitMs: number,
): Promise<readonly string[]> {
  for (const deadlineMs = Date.now() + limitMs; ; await sleep(1000)) {
    const more = added(before, await tallies(lab, [...before.keys()]));
    if (more.every(mayStay) || Date.now() > deadlineMs) return more;
  }
}

export type Counts = Readonly<Record<Kind, number>>;

export function countsOf(things: readonly string[]): Counts {
  const of = (kind: Kind) => things.filter(thing => thing.includes(`: ${kind} `)).length;
  return { file: of('file'), folder: of('folder'), process: of('process'), mount: of('mount'), socket: of('socket') };
}
