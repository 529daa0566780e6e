// A short choice of the kill campaign (`npm run campaign:kill`), by the functions that it uses: on the practice cluster, and on the model.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nothing } from '../campaigns/kill-progress.ts';
import { killing, makeLab } from '../campaigns/kill-runs.ts';
import { MEMBERS, prepared } from '../campaigns/prepare.ts';
import { randomFrom } from '../campaigns/random.ts';
import { describeOnLab, labNamed } from '../support/lab.ts';

/** With it the first process dies at a boundary of the journal, however fast it is. */
const SEED = 11;

describeOnLab('killed anywhere, a short choice', () => {
  const lab = labNamed('e2e-kills');
  beforeAll(() => makeLab(lab));
  afterAll(async () => void (await lab.lab('down')));

  test.each(['remove-member', 'cancel-add'])('%s comes to the end of an undisturbed run', async playbook => {
    const done = nothing();
    const told = await killing(lab, randomFrom(SEED), done).chain(playbook, 3);
    expect(told).toContain('the same end');
    expect(done.kills).toBeGreaterThan(0);
  });

  test('add-member does so on the model, whichever 200 boundaries it is killed at', async () => {
    const { words } = await prepared(lab, 'add-member', MEMBERS);
    const simulate = ['--simulate', '--kills', '200', '--seed', String(SEED), '--json'];
    const { exitCode, stdout } = await lab.exec('headnode', ['quorate', 'plan', ...words, ...simulate]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).simulation).toMatchObject({ findings: [], chains: { kills: 200 } });
  });
});
