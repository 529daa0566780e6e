import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCase } from '../../support/diagnostic-case.ts';
import type { Input } from './input.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The texts in a folder of the repository, by their path in it. */
function textsIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter(name => statSync(join(root, folder, name)).isFile());
  return Object.fromEntries(files.map(name => [name, readFileSync(join(root, folder, name), 'utf8')]));
}

const isLinted = (path: string): boolean => /\.(?:ya?ml|ini)$/.test(path) || posix.basename(path) === 'hosts';
const whole = (files: Input['files']): Input => ({ files, paths: Object.keys(files).filter(isLinted) });

/** What is mutated: the shipped playbooks, the suite of the language, the cases of findings, and inventories. */
export function corpus(): readonly Input[] {
  const shipped = textsIn('playbooks');
  const playbooks = Object.keys(shipped).filter(path => isLinted(path));
  const suite = folders(textsIn('test/language'));
  const inventories = folders(textsIn('test/cases/inventories'));
  const cases = Object.values(textsIn('test/playbook/cases')).map(text => {
    const kept = [...parseCase(text).parts].filter(([name]) => /\.(?:yml|ini|j2)$/.test(name));
    return whole(Object.fromEntries(kept));
  });
  return [
    ...playbooks.map(path => ({ files: shipped, paths: [path] })),
    ...[...suite, ...inventories, ...cases].filter(({ paths }) => paths.length > 0),
  ];
}

/** An input for each folder right below. */
function folders(files: Input['files']): readonly Input[] {
  const grouped = Map.groupBy(Object.keys(files), path => path.split('/')[0] ?? '');
  return [...grouped].map(([folder, paths]) =>
    whole(Object.fromEntries(paths.map(path => [path.slice(folder.length + 1), files[path] ?? '']))),
  );
}
