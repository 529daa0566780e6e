// Inputs that nobody would write: the shipped playbooks and those of the tests with something broken in them, and playbooks of any
// values. No text may crash the linter, make it hang, or be broken and pass. With the same seed the same inputs come again.
//
//   npm run campaign:lint -- --count 100000 --seed 7
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { corpus } from './lint/corpus.ts';
import { hostile } from './lint/hostile.ts';
import type { Input } from './lint/input.ts';
import { inputsOf } from './lint/inputs.ts';
import { shrunk } from './lint/shrink.ts';
import { Watched } from './lint/watched.ts';

/** Failures after which a campaign ends: there are enough to mend. */
const MOST_FAILURES = 25;
const BATCH = 1000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    count: { type: 'string', default: '100000' },
    found: { type: 'string', default: '.campaigns/lint' },
  },
});
const seed = Number(values.seed);
const count = Number(values.count);
const startMs = Date.now();
const minutes = (): string => ((Date.now() - startMs) / 60_000).toFixed(1);
console.log(`campaign lint, seed ${seed}: ${count} inputs and ${Object.keys(hostile).length} that have a name`);

const watched = new Watched();
const failures = new Map<string, string>();
let judged = 0;
for (const [name, input] of Object.entries(hostile)) {
  const [fault] = await watched.judge({ ...input, isBroken: true });
  if (fault !== undefined) {
    failures.set(name, fault);
    console.log(`FAILED ${name}: ${fault}`);
  }
}
const arbitrary = inputsOf(corpus());
for (let batch = 0; judged < count && failures.size < MOST_FAILURES; batch += 1) {
  for (const input of fc.sample(arbitrary, {
    seed: seed + batch * 1_000_003,
    numRuns: Math.min(BATCH, count - judged),
  })) {
    judged += 1;
    const [fault] = await watched.judge(input);
    if (fault !== undefined) await failed(input, fault);
  }
  if (batch % 10 === 9) console.log(`${judged} inputs, ${failures.size} failures, ${minutes()} min`);
}
await watched.close();
console.log(`campaign lint, seed ${seed}: ${judged} inputs, ${failures.size} failures, ${minutes()} min`);
process.exitCode = failures.size > 0 || judged < count ? 1 : 0;

/** Made as small as it can be, and kept. What fails alike is one failure. */
async function failed(input: Input, fault: string): Promise<void> {
  const kind = kindOf(fault);
  if (failures.has(kind)) return;
  const small = await shrunk(input, async one => (await watched.judge(one)).some(other => kindOf(other) === kind));
  failures.set(kind, fault);
  await mkdir(values.found, { recursive: true });
  const file = `${values.found}/${seed}-${judged}.json`;
  await writeFile(file, `${JSON.stringify({ fault, ...small }, undefined, 2)}\n`);
  console.log(
    `FAILED input ${judged}: ${fault}\n  kept in ${file}; once it is mended, move it to test/campaigns/lint/found`,
  );
}

/** Without what differs from one input to another. */
function kindOf(fault: string): string {
  return fault
    .replaceAll(/"[^"]*"|`[^`]*`|\d+/g, '…')
    .split('\n')
    .slice(0, 3)
    .join('\n');
}
