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

/** A program of etcd's: the one that is a member, or the one that asks. */
export type Part = 'server' | 'etcdctl';

/** A fault, and the first release without it in each series that has it. `never`: no release of the series is without it. */
interface KnownFault {
  readonly what: string;
  readonly source: string;
  readonly mended: readonly string[];
  readonly never?: readonly string[];
}

/** What matters to whoever changes a membership. From etcd's changelogs and issues. */
const SERVER_FAULTS: readonly KnownFault[] = [
  { what: 'a promotion can cost the quorum', source: '#11640', mended: ['3.4.4'] },
  { what: 'write-ahead logs can be purged too early', source: '#11308', mended: ['3.4.4'] },
  { what: 'a defragmentation can corrupt data', source: '#11613', mended: ['3.4.4'] },
  { what: 'data can be lost or corrupted when a member starts', source: '#11652, #11888', mended: ['3.4.8'] },
  { what: 'the data of members can differ', source: 'its changelog', mended: ['3.4.22', '3.5.6'] },
  { what: 'a removed member can come back', source: '#13196', mended: ['3.5.1'] },
  { what: 'data can be corrupted by a crash', source: '#13766', mended: ['3.5.3'] },
  { what: 'a learner that never started can be promoted', source: '#15097', mended: ['3.4.24', '3.5.7'] },
  { what: 'a promotion may not be kept when it goes to 3.6', source: '#19557', mended: ['3.5.20'] },
  {
    what: 'a defragmentation while a snapshot is received corrupts data',
    source: 'its changelog',
    mended: ['3.4.38', '3.5.23', '3.6.5'],
  },
  { what: 'its members must not go to 3.6 yet', source: '#20793, #20967', mended: ['3.5.26'] },
  { what: 'a member may not start after a promotion', source: '#20387', mended: ['3.6.4'] },
  {
    what: 'a promotion through a follower fails where authentication is on',
    source: '#20757',
    mended: ['3.5.28', '3.6.6'],
    never: ['3.4'],
  },
  { what: 'an add is refused while one member is down', source: '#21669', mended: ['3.5.30', '3.6.11'] },
  {
    what: '`member update` of a learner hides that it is one',
    source: '#21694',
    mended: ['3.5.31', '3.6.12'],
    never: ['3.4'],
  },
];

/**
 * What whoever types the commands by hand runs into; measured with 3.4.23, 3.5.16, 3.5.30 and 3.6.14. Whatever is done here
 * goes around them.
 */
const ETCDCTL_FAULTS: readonly KnownFault[] = [
  {
    what: '`member list` answers from one member, perhaps out of date, even without quorum',
    source: 'measured',
    mended: [],
    never: ['3.4'],
  },
  {
    what: '`member promote -w json` crashes after the promotion was made',
    source: 'measured with 3.4.23 and 3.5.16',
    mended: ['3.5.30'],
    never: ['3.4'],
  },
  {
    what: '`member list -w json --hex` leaves out who is a learner',
    source: 'measured',
    mended: [],
    never: ['3.5', '3.6'],
  },
  {
    what: '`snapshot status` takes a truncated file for a good one, or crashes',
    source: 'measured',
    mended: [],
    never: ['3.4', '3.5'],
  },
  {
    what: '`snapshot status` only prints its usage: etcdutl has it',
    source: 'measured',
    mended: [],
    never: ['3.6'],
  },
];

const FAULTS: Readonly<Record<Part, readonly KnownFault[]>> = { server: SERVER_FAULTS, etcdctl: ETCDCTL_FAULTS };

/** Series that get no more releases, and since when. */
const ENDED: Readonly<Record<string, string>> = { '3.4': '2026-06-01' };

/** One sentence for each known fault of this version of the server, or of etcdctl. */
export function knownFaults(version: string, part: Part): readonly string[] {
  const parsed = parseVersion(version);
  if (!parsed) return [];
  const series = seriesOf(parsed);
  const program = part === 'server' ? 'etcd' : 'etcdctl';
  const faults = FAULTS[part].flatMap(({ what, source, mended, never }) => {
    const fixed = mended.find(v => v.startsWith(`${series}.`));
    const cause = source.startsWith('#') ? `etcd-io/etcd ${source}` : source;
    if (never?.includes(series) && source.startsWith('measured')) return [`${program} ${version}: ${what} (${cause})`];
    if (never?.includes(series)) return [`${program} ${version}: ${what} (${cause}; no ${series} release mends it)`];
    if (fixed === undefined || compareVersions(version, fixed) >= 0) return [];
    return [`${program} ${version}: ${what} (${cause}; mended in ${fixed})`];
  });
  const ended = part === 'server' ? ENDED[series] : undefined;
  return ended === undefined ? faults : [...faults, `etcd ${version}: ${series} has had no releases since ${ended}`];
}

/** What is wrong where members run different series: an update that was not finished. */
export function mixedSeries(versions: readonly string[]): string | undefined {
  const parsed = versions.map(parseVersion).filter(v => v !== undefined);
  const series = [...new Set(parsed.map(seriesOf))];
  if (series.length < 2) return undefined;
  return `members of ${series.join(' and ')} run together: finish that update before the membership is changed`;
}

const seriesOf = ([major, minor]: Version): string => `${major}.${minor}`;
