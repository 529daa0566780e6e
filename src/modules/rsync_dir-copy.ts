// The copying of `rsync_dir`, with progress.
import { Failure } from '../core/failure.ts';
import type { Host } from '../core/host.ts';
import { readCommand } from '../core/read-command.ts';
import { COPY_FLAGS } from './rsync_dir-look.ts';

const POLL_MS = 1000;

/** `  1,234,567  45%  12.34MB/s    0:00:01 (xfr#3, to-chk=5/10)` */
const PROGRESS = /([\d,]+)\s+(\d+)%\s+(\S+\/s)/g;

/**
 * Copies what is in `from` to `to`; both on this host. rsync says to a file how far it is, because what a command prints is
 * seen only at its end. Throws Failure `command-failed` with rsync's last line.
 */
export async function copy(
  host: Host,
  from: string,
  to: string,
  o: { readonly exact: boolean; readonly sparse: boolean },
): Promise<void> {
  const said = `${to}.progress`;
  const words = [
    ...COPY_FLAGS,
    ...(o.exact ? ['--delete'] : []),
    ...(o.sparse ? ['--sparse'] : []),
    ...['--info=progress2', '--no-inc-recursive', '--', `${from}/`, `${to}/`],
  ];
  let ended = false;
  const script = 'said=$1; shift; rsync "$@" >"$said"; code=$?; rm -f -- "$said"; exit "$code"';
  const copying = host.run(['sh', '-c', script, 'sh', said, ...words]).finally(() => {
    ended = true;
  });
  // It is awaited below, whatever happens here.
  copying.catch(() => undefined);
  for (;;) {
    await Promise.race([copying, host.clock.sleep(POLL_MS, host.signal)]);
    if (ended) break;
    const out = await host.read(readCommand(['cat', '--', said]));
    const last = [...out.stdout.matchAll(PROGRESS)].at(-1);
    if (last) {
      const [, bytes = '', percent = '0', rate = ''] = last;
      host.progress({ text: `${bytes} bytes copied, ${rate}`, fraction: Number(percent) / 100 });
    }
  }
  const out = await copying;
  if (out.code === 0) return;
  const why = out.stderr.trim().split('\n').at(-1) || `status ${out.code}`;
  throw new Failure('command-failed', `rsync on ${host.name} from ${from} to ${to}: ${why}`, {
    hint: `is there room, and does that file system take ACLs and extended attributes? ssh ${host.name} df -h ${to}`,
  });
}
