/** Major, minor, patch. */
export type Version = readonly [number, number, number];

/** `3.4.23`, `3.6.0-rc.1` (its suffix left out), `3.5` as `3.5.0`; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(text.trim());
  if (!match) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Negative where `a` is older than `b`, 0 where they are the same. What is no version is older than any. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [parseVersion(a), parseVersion(b)];
  if (!x || !y) return Number(x !== undefined) - Number(y !== undefined);
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
}

/** A fault of etcd, and the first release without it in each series that has it. `never`: no release of the series is without it. */
interface KnownFault {
  readonly what: string;
  readonly source: string;
  readonly mended: readonly string[];
  readonly never?: readonly string[];
}

/** What matters to whoever changes a membership. From etcd's changelogs and issues. */
const FAULTS: readonly KnownFault[] = [
  { what: 'a promotion can cost the quorum', source: '#11640', mended: ['3.4.4'] },
  { what: 'data can be lost or corrupted when a member starts', source: '#11652, #11888', mended: ['3.4.8'] },
  { what: 'the data of members can differ', source: 'its changelog', mended: ['3.4.22', '3.5.6'] },
  { what: 'a removed member can come back', source: '#13196', mended: ['3.5.1'] },
  { what: 'data can be corrupted by a crash', source: '#13766', mended: ['3.5.3'] },
  { what: 'a learner that never started can be promoted', source: '#15097', mended: ['3.4.24', '3.5.7'] },
  {
    what: 'a defragmentation while a snapshot is received corrupts data',
    source: 'its changelog',
    mended: ['3.4.38', '3.5.23', '3.6.5'],
  },
  { what: 'a member may not start after a promotion', source: '#20387', mended: ['3.6.4'] },
  {
    what: 'a promotion through a follower fails where authentication is on',
    source: '#20757',
    mended: ['3.5.28', '3.6.6'],
    never: ['3.4'],
  },
  {
    what: '`member update` of a learner hides that it is one',
    source: '#21694',
    mended: ['3.5.31', '3.6.12'],
    never: ['3.4'],
  },
];

/** Series that get no more releases, and since when. */
const ENDED: Readonly<Record<string, string>> = { '3.4': '2026-06-01' };

/** One sentence for each known fault of this version. */
export function knownFaults(version: string): readonly string[] {
  const parsed = parseVersion(version);
  if (!parsed) return [];
  const series = `${parsed[0]}.${parsed[1]}`;
  const faults = FAULTS.flatMap(({ what, source, mended, never }) => {
    const fixed = mended.find(v => v.startsWith(`${series}.`));
    const cause = source.startsWith('#') ? `etcd-io/etcd ${source}` : source;
    if (never?.includes(series)) return [`etcd ${version}: ${what} (${cause}; no ${series} release mends it)`];
    if (fixed === undefined || compareVersions(version, fixed) >= 0) return [];
    return [`etcd ${version}: ${what} (${cause}; mended in ${fixed})`];
  });
  const ended = ENDED[series];
  return ended === undefined ? faults : [...faults, `etcd ${version}: ${series} has had no releases since ${ended}`];
}
