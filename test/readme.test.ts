// The README's commands that need no practice cluster; those for a head node run in test/e2e/extend-to-three.test.ts.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = await readFile(`${root}/README.md`, 'utf8');
const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8'));

test('its shell blocks name scripts that there are', () => {
  const blocks = [...readme.matchAll(/^```sh\n([^`]*)^```$/gm)].map(([, block]) => block ?? '');
  const commands = blocks.flatMap(block => block.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) expect(scripts).toHaveProperty(/^npm (?:run )?(\S+)/.exec(command)?.[1] ?? command);
});

test('its links lead somewhere', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter(link => !existsSync(`${root}/${link}`))).toEqual([]);
});
