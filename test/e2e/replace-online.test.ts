// Section 5, last item: a node that works is installed anew while a client writes, and its member comes back: with its data learned
// anew, by a copy, and by neither where the copy turns out stale.
import { expect, test } from 'vitest';
import { describeOnLab, type Finished, succeeded, withLab } from '../support/lab.ts';

/** A run takes one to two minutes; four times that on a busy machine. */
const LIMIT = { timeout: 600_000 };
const COPY = ['-e', 'way=rsync'];
const ALLOWED = ['--yes', '--allow', 'voters-down'];

const said = ({ stdout, stderr }: Finished): string => `${stdout}\n${stderr}`;

describeOnLab('replace-online-member', () => {
  const lab = withLab('e2e-online', '--nodes', '3', '--members', '3');
  const bootOf = async () => (await lab.must('node003', ['cat', '/proc/sys/kernel/random/boot_id'])).trim();
  const run = (boot: string, ...words: string[]) =>
    lab.exec('headnode', [
      'quorate',
      'run',
      'replace-online-member',
      '-e',
      'node=node003',
      '-e',
      `boot=${boot}`,
      ...words,
    ]);
  const idOf = async (node: string) => {
    const lines = (await lab.etcdctl('node001', 'member list')).split('\n');
    return lines.find(line => line.includes(` ${node},`))?.split(',')[0] ?? '';
  };

  /** Installed anew once, and a member; run with the same words, it is left alone. */
  async function isBack(boot: string, words: readonly string[]): Promise<void> {
    const now = await bootOf();
    expect(now).not.toBe(boot);
    expect((await lab.exec('node003', ['test', '-e', '/root/of-the-old-disk'])).exitCode).toBe(1);
    const again = succeeded(await run(boot, ...words));
    expect(said(again)).toContain('nothing was changed');
    expect(await bootOf()).toBe(now);
    await lab.must('node003', ['touch', '/root/of-the-old-disk']);
  }

  test('it learns its data anew', LIMIT, async () => {
    succeeded(await lab.lab('writer', 'start'));
    await lab.must('node003', ['touch', '/root/of-the-old-disk']);
    const [boot, id] = [await bootOf(), await idOf('node003')];
    succeeded(await run(boot, '--yes'));
    expect(await idOf('node003')).not.toBe(id);
    await isBack(boot, ['--yes']);
  });

  test('a copy of it is put back, where a short loss of quorum is allowed', LIMIT, async () => {
    const [boot, id] = [await bootOf(), await idOf('node003')];
    const unasked = await run(boot, ...COPY, '--yes');
    expect(unasked.exitCode).toBe(6);
    expect(said(unasked)).toContain('--allow voters-down');
    expect(await bootOf()).toBe(boot);
    succeeded(await run(boot, ...COPY, ...ALLOWED));
    expect(await idOf('node003')).toBe(id);
    await isBack(boot, [...COPY, ...ALLOWED]);
  });

  test('a copy that the leader no longer knows is left, and it learns its data anew', LIMIT, async () => {
    const [boot, id] = [await bootOf(), await idOf('node003')];
    const running = run(boot, ...COPY, ...ALLOWED);
    const status = async () => (await lab.exec('headnode', ['cmsh', '-c', 'device; status -n node003'])).stdout;
    await expect.poll(status, { timeout: 300_000, interval: 500 }).not.toContain('[   UP   ]');
    const [first, second] = [await idOf('node001'), await idOf('node002')];
    const move = (node: number, to: string) => `etcdctl --endpoints=https://10.141.0.${node}:2379 move-leader ${to}`;
    await lab.must('node001', [
      'bash',
      '-lc',
      `module load etcd; unset ETCDCTL_ENDPOINTS; ${move(1, second)} || ${move(2, first)}`,
    ]);
    const finished = succeeded(await running);
    expect(said(finished)).toContain('the leader has changed since it was taken');
    expect(await idOf('node003')).not.toBe(id);
    await isBack(boot, [...COPY, ...ALLOWED]);
  });

  test('no write was lost', async () => {
    const checked = await lab.lab('writer', 'check', '--json');
    expect(JSON.parse(checked.stdout)).toMatchObject({ lost: 0, hashesEqual: true });
  });
});
