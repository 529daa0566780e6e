import { expect, test } from 'vitest';
import { Cancelled } from '../../src/core/failure.ts';
import { VirtualClock } from '../../src/runner/virtual-clock.ts';

const { signal } = new AbortController();
const nothing = async () => {};

test('an hour passes at once, the earliest sleeper is woken first', async () => {
  const clock = new VirtualClock(1000, nothing);
  const woken: string[] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms, signal);
    woken.push(`${name} at ${clock.now()}`);
  };
  await Promise.all([sleeper('late', 3_600_000), sleeper('early', 5), sleeper('between', 10)]);
  expect(woken).toEqual(['early at 1005', 'between at 1010', 'late at 3601000']);
});

test('time does not pass before what is due has happened, nor while something real is waited for', async () => {
  let real = true;
  const clock = new VirtualClock(0, async () => {
    while (real) await new Promise(resolve => setTimeout(resolve, 1));
  });
  const limit = clock.sleep(500, signal).then(() => 'the limit');
  const answer = new Promise<string>(resolve =>
    setTimeout(() => {
      real = false;
      resolve('the answer');
    }, 20),
  );
  expect(await Promise.race([limit, answer])).toBe('the answer');
  expect(clock.now()).toBe(0);
  await limit;
  expect(clock.now()).toBe(500);
});

test('a sleep that is given up ends at once, and takes no time', async () => {
  const clock = new VirtualClock(0, nothing);
  const over = new AbortController();
  const sleep = clock.sleep(500, over.signal);
  over.abort();
  await expect(sleep).rejects.toThrow(Cancelled);
  await expect(clock.sleep(500, over.signal)).rejects.toThrow(Cancelled);
  await clock.sleep(1, signal);
  expect(clock.now()).toBe(1);
});
