import { Failure } from '../core/failure.ts';
import type { Host } from '../core/host.ts';
import { SNAPSHOT_SUMS } from '../core/read-command.ts';
import type { Client } from './client.ts';
import { etcdctlArgv, lastLine } from './client.ts';
import { contentsOf, SAVE_TIMEOUT_MS, soundSnapshot } from './snapshot-check.ts';

/**
 * Takes a snapshot into the directory `$1`, as the file `$2`, by the command that follows, to which a temporary name is added. Prints its
 * sums, and in a second line its name; no second line where it is not whole. All in one job, so that whoever started it may die:
 * it comes to its end, and leaves a whole snapshot or nothing. What a host left that went down under it goes with the next
 * snapshot that is taken there, or with any after a day. Where the name is taken, because two were taken in a second, it gets
 * the next of `$2-2` … `$2-9`. coreutils before 8.24 write out everything instead of one file.
 */
export const SAVE_SNAPSHOT = [
  `sums() { ${SNAPSHOT_SUMS}; }`,
  'directory=$1/; to=$1/$2; here=$(uname -n)',
  'partial=$1/.$2.$here.$$.partial',
  'shift 2',
  // Secrets of Kubernetes lie in it.
  'mkdir -p -m 0700 -- "$directory" || exit',
  'for left in "$directory".etcd-*".$here".*.partial*; do',
  '  maker=${left%.partial*}; maker=${maker##*.}',
  '  [ ! -e "$left" ] || [ -d "/proc/$maker" ] || rm -f -- "$left"',
  'done',
  'find "$directory" -maxdepth 1 -name ".etcd-*.partial*" -mmin +1440 -exec rm -f -- {} +',
  'trap \'rm -f -- "$partial" "$partial.part"\' EXIT; trap "exit 143" HUP INT TERM',
  '"$@" "$partial" > /dev/null && measured=$(sums "$partial") || exit',
  'printf "%s\\n" "$measured"; set -- $measured',
  '[ "$2" = "$3" ] && [ $(($1 % 512)) -eq 32 ] || exit 0',
  'sync -- "$partial" || exit',
  'name=$to; n=1; mv -n -T -- "$partial" "$to"',
  'while [ -e "$partial" ]; do n=$((n + 1)); [ "$n" -lt 10 ] || exit 1; to=$name-$n; mv -n -T -- "$partial" "$to"; done',
  'sync -- "$directory" || exit',
  'printf %s "$to"',
].join('\n');

export interface SavedSnapshot {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** 0 where no tool on the host tells it. */
  readonly revision: number;
  /** Of the database in it, in hex. */
  readonly sha256: string;
}

/**
 * Takes a snapshot on `host` from one member and verifies it; only then it gets its name. Throws Failure `command-failed` where
 * a command fails, `task-failed` where the file is not a whole snapshot; nothing is left behind then.
 */
export async function saveSnapshot(
  host: Host,
  client: Client,
  o: { readonly endpoint: string; readonly directory: string; readonly name: string },
): Promise<SavedSnapshot> {
  const directory = o.directory.replace(/\/+$/, '');
  host.progress({ text: `taking a snapshot on ${host.name}` });
  const save = etcdctlArgv(client, ['snapshot', 'save'], { endpoints: [o.endpoint] });
  const out = await host.run(['sh', '-c', SAVE_SNAPSHOT, 'sh', directory, o.name, ...save], {
    timeoutMs: SAVE_TIMEOUT_MS,
  });
  const [sums = '', path = ''] = out.stdout.split('\n');
  if (out.code !== 0)
    throw new Failure('command-failed', `no snapshot could be taken on ${host.name}: ${lastLine(out.stderr)}`, {
      hint: `is ${directory} there and writable, and is there room? ssh ${host.name} df -h ${directory}`,
    });
  const measured = soundSnapshot(
    `${directory}/${o.name}`,
    sums,
    'is there room on that file system? df -h; then run the playbook again',
  );
  const { revision } = await contentsOf(client, path, argv => host.run(argv, { timeoutMs: SAVE_TIMEOUT_MS }));
  return { path, revision, ...measured };
}
