import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ReadFile } from '../playbook/files.ts';
import type { Io } from './io.ts';

/** More than any text that is read has. Of a larger file the beginning is read, which is found to be too long. */
const MOST_BYTES = 8 * 2 ** 20;

/**
 * Reads texts of this machine, without the mark of byte order that some editors put before them. Undefined where there is no file, or
 * what is there is none: a pipe would keep a reader waiting for ever. Nothing else goes on meanwhile: to wait for another thread takes
 * longer than to read a small file.
 */
export function readText(io: Io): ReadFile {
  return async path => {
    let file: number | undefined;
    try {
      // Without O_NONBLOCK to open a pipe would wait for its writer.
      file = openSync(resolve(io.cwd, path), constants.O_RDONLY | constants.O_NONBLOCK);
      const there = fstatSync(file);
      if (!there.isFile()) return undefined;
      if (there.size <= MOST_BYTES) return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
      const beginning = Buffer.alloc(MOST_BYTES);
      return beginning.toString('utf8', 0, readSync(file, beginning));
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  };
}
