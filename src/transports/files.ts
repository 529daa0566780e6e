import { Failure } from '../core/failure.ts';
import type { ByteJob, ByteOut } from './jobs.ts';

const NO_FILE = 44;
/**
 * A line that says how it comes, then the file. A large one is packed: the log of a member is 64 MiB, most of it zeros, and what a command prints
 * lies in the host's memory and comes in base64.
 */
const READ = `
[ -e "$1" ] || exit ${NO_FILE}
size=$(wc -c < "$1" 2>/dev/null)
if [ "\${size:-0}" -gt ${1024 * 1024} ] && command -v gzip > /dev/null; then
  echo "packed $size"
  exec gzip -1 -c -- "$1"
fi
echo plain
exec cat -- "$1"`;
/** Beside the target, so that the rename stays in one file system; flushed before it, so that a crash leaves one or the other. */
const WRITE = `
umask 077
part=$(mktemp -- "\${1%/*}/.\${1##*/}.XXXXXX") &&
  cat > "$part" && chmod -- "$2" "$part" && sync "$part" && mv -fT -- "$part" "$1" && sync "\${1%/*}/" && exit 0
code=$?
[ -z "$part" ] || rm -f -- "$part"
exit "$code"`;

/** Files of a host, read and written by jobs like any other. */
export class Files {
  readonly #host: string;
  readonly #run: (job: ByteJob) => Promise<ByteOut>;
  readonly #unique: string;
  #count = 0;

  constructor(host: string, unique: string, run: (job: ByteJob) => Promise<ByteOut>) {
    this.#host = host;
    this.#unique = unique;
    this.#run = run;
  }

  async read(path: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const out = await this.#script(READ, [absolute(path)], signal);
    if (out.code === NO_FILE) return undefined;
    if (out.code !== 0) throw this.#failure('read', path, out);
    const end = out.stdout.indexOf('\n');
    const [how, size] = out.stdout.toString('latin1', 0, end).split(' ');
    const bytes = out.stdout.subarray(end + 1);
    return how === 'packed' ? unpack(bytes, Number(size)) : bytes;
  }

  async write(path: string, bytes: Uint8Array, mode: number, signal: AbortSignal): Promise<void> {
    const out = await this.#script(WRITE, [absolute(path), mode.toString(8)], signal, Buffer.from(bytes));
    if (out.code !== 0) throw this.#failure('write', path, out);
  }

  #script(text: string, args: readonly string[], signal: AbortSignal, input?: Buffer): Promise<ByteOut> {
    this.#count += 1;
    const job: ByteJob = { id: `file-${this.#unique}-${this.#count}`, argv: ['sh', '-c', text, 'sh', ...args], signal };
    return this.#run(input === undefined ? job : { ...job, input });
  }

  #failure(verb: string, path: string, out: ByteOut): Failure {
    const why = out.stderr.toString().trim().split('\n').at(-1) || `status ${out.code}`;
    return new Failure('command-failed', `${this.#host}: cannot ${verb} ${path}: ${why}`);
  }
}

/** Into one buffer of the size that it had, and somewhat more where it grows. */
async function unpack(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const { gunzipSync } = await import('node:zlib');
  return gunzipSync(bytes, { chunkSize: size + 65_536 });
}

function absolute(path: string): string {
  if (!path.startsWith('/')) throw new Failure('invalid-value', `the path of a file must begin with /: ${path}`);
  return path;
}
