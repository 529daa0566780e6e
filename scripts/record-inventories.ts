// Writes down what Debian's ansible-core makes of the inventories in test/cases/inventories: what ours is compared with. To be run
// by hand where an inventory is new: apt-get install ansible-core; node scripts/record-inventories.ts; npm run format
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

const folder = 'test/cases/inventories';
const { stdout: about } = await execa('ansible', ['--version']);
const version = /core ([\d.]+)/.exec(about)?.[1];

for (const name of await readdir(folder)) {
  const files = await readdir(join(folder, name));
  const file = files.find(one => one.startsWith('hosts'));
  if (file === undefined) continue;
  const play = files.includes('play') ? ['--playbook-dir', join(folder, name, 'play')] : [];
  const { stdout } = await execa('ansible-inventory', ['-i', join(folder, name, file), ...play, '--list']);
  const expected = { version, list: JSON.parse(stdout) };
  await writeFile(join(folder, name, 'expected.json'), `${JSON.stringify(expected, undefined, 2)}\n`);
}

// And which hosts patterns select: each key is a pattern.
const patterns = 'test/cases/host-patterns.json';
const { inventory, selected } = JSON.parse(await readFile(patterns, 'utf8'));
for (const pattern of Object.keys(selected)) {
  const { stdout } = await execa('ansible', ['-i', join(folder, inventory, 'hosts'), pattern, '--list-hosts']);
  selected[pattern] = stdout
    .split('\n')
    .slice(1)
    .map(line => line.trim());
}
await writeFile(patterns, `${JSON.stringify({ version, inventory, selected }, undefined, 2)}\n`);
