import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { committedFiles, readWritten } from '../scripts/generated-files.ts';
import { modules } from '../src/modules/index.ts';

const committed = committedFiles(modules, await readWritten());

describe('generated files are fresh (npm run generate)', () => {
  test.each([...committed.keys()])('%s', async path => {
    expect(await readFile(path, 'utf8')).toBe(committed.get(path));
  });

  test('there is a schema for each module and for no other', async () => {
    const found = (await readdir('schemas/modules')).toSorted();
    expect(found).toEqual(modules.map(m => `${m.name}.schema.json`).toSorted());
  });
});
