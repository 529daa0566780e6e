// Full file systems of a host, without filling the machine's own disk: over each directory of the host's disk an overlay is mounted
// whose upper layer, a small memory file system, has neither a block nor an inode left. So all that was there can be read, whatever
// is written fails with ENOSPC, and files that are open go on, as those of a service do that has reserved its space. What hides the
// directories is taken away again by `free`, or goes with the host's mounts when it is switched off.
import { type Lab, mustIn } from './hosts.ts';
import { headNode } from './names.ts';
import type { HostRecord } from './record.ts';

/** What lies on a host's disk and is written to while it runs. */
const DISK = ['/etc', '/var', '/root', '/cm/local'];
/** The head node's disk has it, and all nodes mount it. */
const SHARED = '/cm/shared';

const FILL = `set -e
for directory; do
  full=/run/full$(echo "$directory" | tr / _)
  ! mountpoint --quiet "$full" || continue
  mkdir -p "$full"
  mount -t tmpfs -o size=64k,nr_inodes=32,mode=700 full "$full"
  mkdir "$full/upper" "$full/work"
  mount -t overlay full -o "lowerdir=$directory,upperdir=$full/upper,workdir=$full/work" "$directory"
  head --bytes=1M /dev/zero > "$full/filler" 2> /dev/null || true
  number=0
  while touch "$full/$number" 2> /dev/null; do number=$((number + 1)); done
done`;

// /run is a memory file system of its own, so it can be made as small as what is in it, which may grow meanwhile.
const FILL_RUN = `for try in 1 2 3 4 5 6 7 8 9; do
  used=$(df --output=used --block-size=1K /run | tail -n 1)
  ! mount -o "remount,size=$((used))k" /run || exit 0
done
exit 1`;

const FREE = `set -e
mount -o remount,size=20% /run
for full in /run/full_*; do
  [ -d "$full" ] || continue
  directory=$(findmnt --list --noheadings --types overlay --output TARGET,OPTIONS | grep -F "upperdir=$full/" | cut -d ' ' -f 1)
  [ -z "$directory" ] || umount --lazy "$directory"
  umount --lazy "$full"
  rmdir "$full"
done`;

/** No byte can be written to the host's disk any more; the head node's has the directory that all hosts share. */
export async function fillDisk(lab: Lab, host: HostRecord): Promise<void> {
  await fill(lab, host, DISK);
  if (host.name !== headNode.name) return;
  for (const one of running(lab)) await fill(lab, one, [SHARED]);
}

/** Nothing more can be put below /run, where quorate records the jobs that it runs on a host. */
export async function fillRun(lab: Lab, host: HostRecord): Promise<void> {
  await mustIn(lab, host, ['sh', '-c', FILL_RUN]);
}

/** There is room again. */
export async function free(lab: Lab, host: HostRecord): Promise<void> {
  for (const one of host.name === headNode.name ? running(lab) : [host]) await mustIn(lab, one, ['sh', '-c', FREE]);
}

async function fill(lab: Lab, host: HostRecord, directories: readonly string[]): Promise<void> {
  await mustIn(lab, host, ['sh', '-c', FILL, 'sh', ...directories]);
}

const running = ({ record }: Lab): readonly HostRecord[] => record.hosts.filter(({ power }) => power === 'on');
