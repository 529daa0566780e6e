import { expect, test } from 'vitest';
import { readWatchers, watchersProblem } from '../../src/lab/watchers.ts';

test('hosts for which there is room, to the last inotify instance', () => {
  expect(watchersProblem({ used: 100, limit: 128 }, 7)).toBeUndefined();
});

test('one host too many: what is short, and the command that raises it', () => {
  expect(watchersProblem({ used: 100, limit: 128 }, 8)).toMatchObject({
    kind: 'missing',
    message: '8 hosts need 32 inotify instances, and of the 128 that root may have 100 are in use',
    hint: 'take another lab down, or: sysctl fs.inotify.max_user_instances=1024',
  });
});

test('those of this machine are counted', async () => {
  const { used, limit } = await readWatchers();
  expect(used).toBeGreaterThanOrEqual(0);
  expect(limit).toBeGreaterThan(0);
});
