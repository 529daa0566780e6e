// A short choice of the campaigns (docs/campaigns.md), by the functions that those use: faults, each judged as a scenario of a soak.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Combination, textOf } from '../campaigns/faults/combination.ts';
import { makeLab, NODES } from '../campaigns/faults/prepared.ts';
import { quickLab } from '../campaigns/quick-lab.ts';
import { type History, keepingHistory } from '../campaigns/soak/journals.ts';
import { play } from '../campaigns/soak/play.ts';
import { type Tallies, tallies } from '../campaigns/soak/tally.ts';
import { describeOnLab } from '../support/lab.ts';

const struck = (playbook: string, fault: string, host: string, phase: string): Combination => ({
  playbook,
  fault,
  host,
  phase,
});

describeOnLab('campaigns, a short choice', () => {
  const lab = quickLab('e2e-campaigns');
  let folder: string;
  let history: History;
  let before: Tallies;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quorate-journals-'));
    history = keepingHistory(lab, folder);
    await makeLab(history.lab);
    before = await tallies(history.lab, ['headnode', ...NODES]);
  });
  afterAll(async () => {
    await lab.lab('down');
    await rm(folder, { recursive: true, force: true });
  });

  test.each(
    [
      struck('remove-member', 'power-off', 'node001', 'agreed'),
      struck('snapshot', 'head-full', 'headnode', 'changing: 4. Take a snapshot and verify it'),
      struck('snapshot', 'kill-run', 'headnode', 'changing: 4. Take a snapshot and verify it'),
      struck('move-leader', 'drop-ssh', 'node002', 'changing: Move leadership'),
      struck('verify', 'head-off', 'headnode', 'begun'),
    ].map(one => [textOf(one), one] as const),
  )('fault: %s', async (_, combination) => {
    const { playbook } = combination;
    const { end, fault } = await play({ playbook, combination }, history, before, {});
    expect(['goal', 'resumed', 'ran again']).toContain(end);
    expect(fault).toBe(combination.fault);
  });
});
