// Writes what is made from the modules' schemas and the tables of keywords: validators (src/generated, not committed), the
// JSON Schemas for editors (schemas/) and the generated pages of docs/. `--check` writes nothing committed and fails where
// something is stale.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { modules } from '../src/modules/index.ts';
import { committedFiles, readWritten } from './generated-files.ts';
import { compiledConfigValidator, compiledValidators, configValidatorTypes, validatorTypes } from './validators.ts';

const check = process.argv.includes('--check');

await write('src/generated/validators.js', await compiledValidators(modules));
await write('src/generated/validators.d.ts', validatorTypes);
await write('src/generated/config-validator.js', await compiledConfigValidator());
await write('src/generated/config-validator.d.ts', configValidatorTypes);

const committed = committedFiles(modules, await readWritten());
const stale: string[] = [];
for (const [path, text] of committed) {
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found === text) continue;
  if (check) stale.push(path);
  else await write(path, text);
}
for (const name of await readdir('schemas/modules').catch(() => [])) {
  const path = `schemas/modules/${name}`;
  if (committed.has(path)) continue;
  if (check) stale.push(`${path} (of no module)`);
  else await rm(path);
}
if (stale.length > 0) {
  console.error(`stale; run \`npm run generate\`: ${stale.join(', ')}`);
  process.exitCode = 1;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
