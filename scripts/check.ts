// Every check, one after the other; a check that fails does not keep the others from running. What failed is told once
// more at the end, for those who see no more of a log than that. The last line counts: each check that is not a test
// suite counts as one, a suite counts its tests.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** Of what each check said of its failures, as many lines are told again at the end. */
const TOLD_AGAIN = 100;

const failures: string[] = [];

function fail(title: string, said: string): void {
  failures.push(`✗ ${title}\n${said.trim().split('\n').slice(0, TOLD_AGAIN).join('\n')}`);
}

const scratch = await mkdtemp(join(tmpdir(), 'quorate-check-'));

/** One command, which passes or fails as a whole. */
async function check(title: string, command: string, ...argv: string[]): Promise<Count> {
  const started = performance.now();
  const result = await execa(command, argv, { all: true, reject: false });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (result.failed) {
    console.log(`✗ ${title} (${seconds} s)\n${result.all}`);
    fail(title, result.all);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  console.log(`✓ ${title} (${seconds} s)`);
  return { passed: 1, failed: 0, skipped: 0 };
}

/** One vitest project; its output is shown as it comes. A suite that could not be loaded is a failure too. */
async function suite(title: string, project: string): Promise<Count> {
  const report = join(scratch, `${project}.json`);
  console.log(`… ${title}`);
  const result = await execa(
    'vitest',
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { stdin: 'inherit', stdout: 'inherit', stderr: ['inherit', 'pipe'], reject: false, preferLocal: true },
  );
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    await readFile(report, 'utf8').catch(() => '{}'),
  );
  const failed = numFailedTests ?? 0;
  if (result.failed) fail(title, result.stderr);
  return {
    passed: numPassedTests ?? 0,
    failed: failed === 0 && result.failed ? 1 : failed,
    skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0),
  };
}

const only = process.argv[2];
const steps: readonly [string, () => Promise<Count>][] = [
  ['format', () => check('format and lint', 'biome', 'ci', '--colors=off', '--error-on-warnings', '.')],
  ['types', () => check('types', 'tsc', '-p', '.')],
  ['unused', () => check('nothing unused', 'knip', '--no-progress')],
  ['package', () => check('the package is sound', 'publint', '--strict')],
  ['playbooks', () => check('the shipped playbooks lint clean', 'bin/quorate', 'lint', 'playbooks')],
  ['unit', () => suite('unit tests and data cases', 'unit')],
  ['e2e', () => suite('end to end, on the practice cluster', 'e2e')],
];
if (only !== undefined && !steps.some(([name]) => name === only)) {
  console.error(`no such check: ${only} (there are ${steps.map(([name]) => name).join(', ')})`);
  process.exit(2);
}

const total: Count = { passed: 0, failed: 0, skipped: 0 };
for (const [name, run] of steps) {
  if (only !== undefined && name !== only) continue;
  const { passed, failed, skipped } = await run();
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
await rm(scratch, { recursive: true, force: true });
for (const failure of failures) console.log(failure);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
