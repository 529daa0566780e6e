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

function catchInterrupts() {
  const stop = new AbortController();
  const abort = new AbortController();
  const onSignal = () => (stop.signal.aborted ? abort : stop).abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
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

// A reader that goes away (`quorate doc | head`) is no error of ours.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  throw error;
});

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
