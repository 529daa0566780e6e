import { expect, test } from 'vitest';
import { Failure, Unreachable } from '../../src/core/failure.ts';
import type { InventoryHost } from '../../src/core/inventory.ts';
import type { Connection, Job } from '../../src/core/transport.ts';
import { Remembered } from '../../src/runner/remembered.ts';

const { signal } = new AbortController();
const host = (name: string): InventoryHost => ({ name, connection: 'ssh', address: name, vars: {} });
const job = (word: string, more: Partial<Job> = {}): Job => ({ argv: ['date', word], id: 'j1', signal, ...more });

/** Each answer is the number of the question. */
function outside() {
  const told: string[] = [];
  const connection = (name: string): Connection => ({
    execute: async ({ argv }) => {
      told.push(`${name}: ${argv.join(' ')}`);
      if (argv[1] === 'fail') throw new Failure('timed-out', 'it took too long');
      return { code: 0, stdout: String(told.length), stderr: '', durationMs: 1 };
    },
    readFile: async path => {
      told.push(`${name}: read ${path}`);
      return undefined;
    },
    writeFile: async () => {
      told.push(`${name}: written`);
    },
    close: async () => {
      told.push(`${name}: closed`);
    },
  });
  const remembered = new Remembered({
    connect: async ({ name }) => {
      told.push(`to ${name}`);
      if (name === 'down') throw new Unreachable(name, 'no route');
      return connection(name);
    },
    localFile: async name => {
      told.push(`file ${name}`);
      return { path: name, bytes: new Uint8Array() };
    },
  });
  return { remembered, told };
}

test('before it is frozen each question is asked, after it only those that never were', async () => {
  const { remembered, told } = outside();
  const first = await remembered.connect(host('a'), signal);
  await first.execute(job('x'));
  expect((await first.execute(job('x'))).stdout).toBe('3');
  await first.close();
  remembered.freeze();
  const later = await remembered.connect(host('a'), signal);
  // Neither the name of the job nor how long it may take makes another question of it.
  expect((await later.execute(job('x', { id: 'j2', timeoutMs: 5 }))).stdout).toBe('3');
  expect((await later.execute(job('x', { input: 'y' }))).stdout).toBe('4');
  await later.readFile('/etc/x', signal);
  await later.readFile('/etc/x', signal);
  await remembered.localFile('f', []);
  await remembered.localFile('f', []);
  expect(told).toEqual(['to a', 'a: date x', 'a: date x', 'a: date x', 'a: read /etc/x', 'file f']);
  await expect(later.writeFile('/etc/x', new Uint8Array(), 0o600, signal)).rejects.toThrow(/writes nothing/);
  await remembered.close();
  expect(told.at(-1)).toBe('a: closed');
});

test('what failed fails again, and a host that was down stays so', async () => {
  const { remembered, told } = outside();
  await expect(remembered.connect(host('down'), signal)).rejects.toThrow(Unreachable);
  await expect(remembered.connect(host('down'), signal)).rejects.toThrow(Unreachable);
  remembered.freeze();
  const connection = await remembered.connect(host('a'), signal);
  for (let times = 0; times < 2; times += 1) {
    await expect(remembered.connect(host('down'), signal)).rejects.toThrow(Unreachable);
    await expect(connection.execute(job('fail'))).rejects.toThrow('it took too long');
  }
  expect(told).toEqual(['to down', 'to down', 'to a', 'to down', 'a: date fail']);
  await remembered.close();
});

test('who gives up a connection does not wait for it', async () => {
  const remembered = new Remembered({
    connect: (_host, closing) =>
      new Promise((_resolve, reject) =>
        closing.addEventListener('abort', () => reject(new Unreachable('a', 'given up'))),
      ),
    localFile: async () => ({ path: '', bytes: new Uint8Array() }),
  });
  const over = new AbortController();
  const connecting = remembered.connect(host('a'), over.signal);
  over.abort();
  await expect(connecting).rejects.toThrow('given up');
  await remembered.close();
});
