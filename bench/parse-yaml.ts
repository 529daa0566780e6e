// Parses the YAML files of a folder, and does nothing else: what bench/lint.ts measures linting them against.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const folder = process.argv[2] ?? '.';
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.yml'));
let errors = 0;
for (const name of names) {
  const text = readFileSync(join(folder, name), 'utf8');
  errors += parseDocument(text, { version: '1.2', merge: true, uniqueKeys: false, logLevel: 'error' }).errors.length;
}
console.log(`${names.length} files, ${errors} errors`);
