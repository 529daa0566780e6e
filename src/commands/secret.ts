import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Io } from './io.ts';

/** Asks for a secret without showing what is typed; undefined where there is no terminal. */
export async function askSecret(io: Io, text: string): Promise<string | undefined> {
  if (!io.input.isTTY || !io.out.isTTY) return undefined;
  const silent = new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
  io.out.write(text);
  const lines = createInterface({ input: io.input, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    io.out.write('\n');
  }
}
