// A short choice of the campaigns (docs/campaigns.md), by the functions that those use.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Combination, combine, textOf } from '../campaigns/faults/combination.ts';
import { makeLab } from '../campaigns/faults/prepared.ts';
import { quickLab } from '../campaigns/quick-lab.ts';
import { describeOnLab } from '../support/lab.ts';

const struck = (playbook: string, fault: string, host: string, phase: string): Combination => ({
  playbook,
  fault,
  host,
  phase,
});

describeOnLab('campaigns, a short choice', () => {
  const lab = quickLab('e2e-campaigns');
  beforeAll(() => makeLab(lab));
  afterAll(async () => void (await lab.lab('down')));

  test.each(
    [
      struck('remove-member', 'power-off', 'node001', 'agreed'),
      struck('snapshot', 'head-full', 'headnode', 'changing: 4. Take a snapshot and verify it'),
      struck('move-leader', 'drop-ssh', 'node002', 'changing: Move leadership'),
      struck('verify', 'head-off', 'headnode', 'begun'),
    ].map(one => [textOf(one), one] as const),
  )('fault: %s', async (_, combination) => {
    expect(['goal', 'resumed', 'ran again']).toContain((await combine(lab, combination)).end);
  });
});
