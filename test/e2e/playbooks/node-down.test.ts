// Where a node is down at the start, or goes down in the middle, each playbook comes to its goal or stops with the reason, and
// the cluster stays quorate.
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeOnLab, succeeded, withLab } from '../../support/lab.ts';
import { addByHand, leaderOf, memberList, overlays, runPlaybook, runPlaybookUntil, serve } from '../../support/runs.ts';

const VOTERS = ['node001', 'node002', 'node003'];
const UNTOUCHED = { changes: [] };
const ADD = ['add-member', '-e', 'node=node004', '-e', 'even=true'];
const MIGRATE = ['migrate-member', '-e', 'from=node003', '-e', 'to=node004'];

describeOnLab('a node down', () => {
  const lab = withLab('e2e-node-down', '--nodes', '5', '--members', '3');
  const members = () => memberList(lab, 'node001');
  const power = async (state: 'on' | 'off', node: string) => succeeded(await lab.lab('fault', `power-${state}`, node));
  const writable = () => lab.etcdctl('node001', 'put still writable');

  beforeAll(async () => {
    succeeded(await lab.lab('checkpoint', 'base'));
  });

  describe('a voter, at the start', () => {
    beforeAll(() => power('off', 'node002'));

    const someBoot = '00000000-0000-0000-0000-000000000000';
    test.each([
      ['preflight', [], 4],
      ['verify', [], 4],
      ['remove-member', ['node=node003'], 6],
      ['add-member', ['node=node004', 'even=true'], 4],
      ['extend-to-three', ['nodes=node001,node002,node003,node004,node005'], 4],
      ['replace-failed-member', ['node=node002'], 5],
      ['migrate-member', ['from=node003', 'to=node004'], 4],
      ['replace-online-member', ['node=node003', `boot=${someBoot}`], 4],
      ['backup-member', ['node=node003'], 4],
      ['restore-member', ['node=node003', 'start_timeout=5'], 4],
    ])('%s stops, and has changed nothing', async (playbook, inputs, exitCode) => {
      const run = await runPlaybook(lab, [playbook, ...inputs.flatMap(input => ['-e', input])]);
      expect(run.said).toMatch(/node002|1 of 3 voters would be healthy, and 2 must/);
      expect(run).toMatchObject({ ...UNTOUCHED, exitCode });
      expect(await members()).toEqual(VOTERS);
    });

    test('cancel-add, move-leader and snapshot do without it', async () => {
      expect(await runPlaybook(lab, ['cancel-add', '-e', 'node=node004'])).toMatchObject({ ...UNTOUCHED, exitCode: 0 });
      expect(await runPlaybook(lab, ['move-leader', '-e', 'to=node003'])).toMatchObject({ exitCode: 0 });
      expect(await leaderOf(lab, 'node001')).toBe('node003');
      expect(await runPlaybook(lab, ['snapshot'])).toMatchObject({ exitCode: 0, said: '' });
      const files = await lab.must('headnode', ['ls', '/cm/shared/backup/etcd']);
      expect([...new Set(files.match(/node\d{3}/g))].sort()).toEqual(['node001', 'node003']);
    });
  });

  describe('the node that is meant, at the start', () => {
    beforeAll(async () => {
      succeeded(await lab.lab('restore', 'base'));
      await power('off', 'node004');
    });

    test.each([
      ['add-member', ADD],
      ['migrate-member', MIGRATE],
    ])('%s stops, and has changed nothing', async (_playbook, words) => {
      const run = await runPlaybook(lab, words);
      expect(run.said).toContain('node004 is unreachable');
      expect(run).toMatchObject({ ...UNTOUCHED, exitCode: 5 });
      expect(await members()).toEqual(VOTERS);
    });

    test('cancel-add removes its learner all the same', async () => {
      await addByHand(lab, 'node004', 'node001');
      expect(await runPlaybook(lab, ['cancel-add', '-e', 'node=node004'])).toMatchObject({ exitCode: 0, said: '' });
      expect(await members()).toEqual(VOTERS);
    });
  });

  describe('in the middle', () => {
    beforeEach(async () => {
      succeeded(await lab.lab('restore', 'base'));
    });
    // Whatever went down: what is left takes writes.
    afterEach(writable);

    test('add-member, whose node goes down after 6.2, stops; when the node is back it goes on', async () => {
      const run = await runPlaybookUntil(lab, ADD, '6.2 Add node004', () => power('off', 'node004'));
      expect(run.said).toContain('node004 is unreachable');
      expect(run.exitCode).toBe(5);
      expect(await members()).toEqual([...VOTERS, 'unstarted learner']);
      await writable();
      await power('on', 'node004');
      expect(await runPlaybook(lab, ADD)).toMatchObject({ exitCode: 0, said: '' });
      expect(await members()).toEqual([...VOTERS, 'node004']);
    });

    test('add-member, during which a voter goes down, lets BCM restart no voters', async () => {
      const run = await runPlaybookUntil(lab, ADD, '6.2 Add node004', () => power('off', 'node002'));
      expect(run.said).toContain('node002');
      expect(run.exitCode).toBe(6);
      expect(await members()).toEqual([...VOTERS, 'unstarted learner']);
      expect(await overlays(lab)).toEqual({ members: VOTERS, learners: [] });
    });

    test('migrate-member, whose old node goes down before it is removed, stops; then it is removed as a dead one', async () => {
      const run = await runPlaybookUntil(lab, MIGRATE, '6.4 Promote node004', () => power('off', 'node003'));
      expect(run.said).toContain('node003');
      expect(run.exitCode).toBe(4);
      expect(await members()).toEqual([...VOTERS, 'node004']);
      await writable();
      expect(await runPlaybook(lab, ['remove-member', '-e', 'node=node003'])).toMatchObject({ exitCode: 0, said: '' });
      await serve(lab, ['node001', 'node002', 'node004']);
      expect(await members()).toEqual(['node001', 'node002', 'node004']);
    });

    test('replace-failed-member, whose new node goes down too, stops with the two voters that are left', async () => {
      await power('off', 'node003');
      const words = ['replace-failed-member', '-e', 'node=node003', '-e', 'replacement=node004'];
      const run = await runPlaybookUntil(lab, words, '6.2 Add node004', () => power('off', 'node004'));
      expect(run.said).toContain('node004 is unreachable');
      expect(run.exitCode).toBe(5);
      expect(await members()).toEqual(['node001', 'node002', 'unstarted learner']);
    });
  });
});
