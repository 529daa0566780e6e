// What is seen of a cluster while its members move from host to host, or are gone.
import { expect, test } from 'vitest';
import { describeOnLab, succeeded, withLab } from '../support/lab.ts';

const MIGRATE = ['migrate-member', '-e', 'from=node001', '-e', 'to=node002'];

describeOnLab('the only member moves to another node in one run', () => {
  const lab = withLab('e2e-modules-only', '--nodes', '2', '--members', '1');
  const run = (...words: readonly string[]) => lab.exec('headnode', ['quorate', ...words]);

  test('the plan foresees all of it', async () => {
    const { stdout } = succeeded(await run('plan', ...MIGRATE, '--commands'));
    // Whom to ask when the old one is gone.
    expect(stdout).toMatch(/node002.*\n(.*\n)*.*member remove/);
  });

  test('nothing is lost, the new one is seen from the head node, and again nothing is changed', async () => {
    succeeded(await lab.lab('writer', 'start'));
    const first = succeeded(await run('run', ...MIGRATE, '--yes'));
    expect(first.stdout).toMatch(/^members after +node002 \(leader\)$/m);
    const again = succeeded(await run('run', ...MIGRATE, '--yes'));
    expect(again.stdout).toContain('nothing was changed');
    expect(JSON.parse((await lab.lab('writer', 'check', '--json')).stdout)).toMatchObject({
      lost: 0,
      hashesEqual: true,
    });
    expect(succeeded(await run('status')).stdout).toContain('1 voter, 0 learners; quorum 1');
  });
});
