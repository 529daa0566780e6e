// argv → command → exit code. The only file that touches `process`.
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Io, Terminal } from './commands/io.ts';
import { program } from './commands/program.ts';
import { Cancelled, Failure } from './core/failure.ts';

function terminal(stream: NodeJS.WriteStream): Terminal {
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
    write: text => {
      stream.write(text);
    },
  };
}

/** Stops what is under way, as the first Ctrl-C does; absent where nothing is that would have to be stopped in order. */
let stopInOrder: (() => void) | undefined;

function catchInterrupts() {
  const stop = new AbortController();
  const abort = new AbortController();
  const onSignal = () => (stop.signal.aborted ? abort : stop).abort();
  stopInOrder = () => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // The terminal is gone, or the connection to it. It may be told more than once, and nobody means more by that.
  process.on('SIGHUP', stopInOrder);
  return { stop: stop.signal, abort: abort.signal };
}

const io: Io = {
  out: terminal(process.stdout),
  err: terminal(process.stderr),
  input: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  packageRoot: fileURLToPath(new URL('..', import.meta.url)),
  user: process.env.SUDO_USER ?? userInfo().username,
  clock: {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const cancel = () => {
          clearTimeout(timer);
          reject(new Cancelled('the run was stopped'));
        };
        const timer = setTimeout(() => {
          signal.removeEventListener('abort', cancel);
          resolve();
        }, ms);
        if (signal.aborted) cancel();
        else signal.addEventListener('abort', cancel, { once: true });
      }),
  },
  // Node's own module for this takes longer to load than a playbook to be read.
  random: bytes => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex'),
  catchInterrupts,
};

// A reader that goes away (`quorate doc | head`) is no error of ours, nor is a terminal that does; what is found still is what it ends with.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', error => {
    if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'EIO')) throw error;
    stopInOrder?.();
  });
}

try {
  process.exitCode = await program(process.argv.slice(2), io);
} catch (error) {
  if (error instanceof Failure) {
    io.err.write(`quorate: ${error.message}\n${error.hint ? `  → ${error.hint}\n` : ''}`);
    process.exitCode = error instanceof Cancelled ? 130 : 4;
  } else {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.err.write(`quorate: this is a defect of quorate itself; please report it with what follows\n${trace}\n`);
    process.exitCode = 1;
  }
}
