// A majority is lost, and the cluster is begun anew from a snapshot: with its data, as another cluster, without its stragglers.
import { expect, test } from 'vitest';
import { describeOnLab, type Finished, succeeded, withLab } from '../support/lab.ts';

const NODES = 'nodes=node001,node002,node004';
const BACKUP = '/cm/shared/backup/etcd';
const READYZ = '--cacert /cm/local/apps/kubernetes/var/etc/kubeca-default.pem https://127.0.0.1:6443/readyz';

const said = ({ stdout, stderr }: Finished): string => `${stdout}\n${stderr}`;

describeOnLab('restore-cluster', () => {
  const lab = withLab('e2e-restore', '--nodes', '4', '--members', '3');
  const run = (...words: string[]) =>
    lab.exec('headnode', ['quorate', 'run', 'restore-cluster', '-e', NODES, ...words]);
  const sh = (host: string, script: string) => lab.must(host, ['sh', '-c', script]);
  const newestOf = async (node: string) => (await sh('node001', `ls -t ${BACKUP}/etcd-${node}-* | head -n 1`)).trim();
  const clusterId = async () =>
    JSON.parse(await lab.etcdctl('node001', 'endpoint status -w json'))[0].Status.header.cluster_id;
  let snapshot = '';
  let oldId = 0;

  test('with a quorum it is refused, and so is a damaged snapshot before anything is stopped', async () => {
    await lab.etcdctl('node001', 'put in-the-snapshot yes');
    succeeded(await lab.exec('headnode', ['quorate', 'run', 'snapshot']));
    await lab.etcdctl('node001', 'put after-it yes');
    snapshot = await newestOf('node001');
    oldId = await clusterId();

    const quorate = await run('-e', `snapshot=${snapshot}`, '--yes', '--allow', 'quorum-lost');
    expect(quorate.exitCode).toBe(4);
    expect(said(quorate)).toContain('3 of 3 voters are healthy, so there is a quorum');

    const unnamed = await run();
    expect(unnamed.exitCode).toBe(4);
    expect(said(unnamed)).toContain(`the newest are, the last one first: ${BACKUP}/etcd-node00`);

    const damaged = `${BACKUP}/etcd-damaged`;
    await sh(
      'node001',
      `cp ${snapshot} ${damaged} && printf x | dd of=${damaged} bs=1 seek=9000 conv=notrunc status=none`,
    );
    const insisted = ['-e', 'despite_quorum=true', '--yes', '--allow', 'quorum-lost'];
    const broken = await run('-e', `snapshot=${damaged}`, ...insisted);
    expect(broken.exitCode).toBe(4);
    expect(said(broken)).toMatch(/etcd-damaged is not a whole snapshot: the checksum at its end/);
    expect(said(broken)).toContain('nothing was changed');
    for (const node of ['node001', 'node002', 'node003']) await lab.must(node, ['systemctl', 'is-active', 'etcd']);
  });

  test('who does not answer must be known to be lost, and stopping what is left be allowed', async () => {
    succeeded(await lab.lab('fault', 'power-off', 'node003'));
    const insisting = ['-e', `snapshot=${snapshot}`, '-e', 'despite_quorum=true', '--yes'];
    const silent = await run(...insisting);
    expect(silent.exitCode).toBe(4);
    expect(said(silent)).toContain('say so: -e lost=node003');

    const refused = await run(...insisting, '-e', 'lost=node003');
    expect(refused.exitCode).toBe(6);
    expect(said(refused)).toMatch(/refused[\s\S]*--allow quorum-lost/);
    await lab.must('node001', ['systemctl', 'is-active', 'etcd']);

    succeeded(await lab.lab('fault', 'wipe', 'node002'));
    succeeded(await lab.lab('fault', 'power-on', 'node002'));
  });

  // Two runs, in which the cluster is looked at ten times without quorum: 3 to 9 s each, until etcdctl gives up.
  test('killed half-way and run again, it restores what is in the snapshot, as another cluster', {
    timeout: 600_000,
  }, async () => {
    const words = `restore-cluster -e ${NODES} -e snapshot=${snapshot} -e lost=node003 --yes --allow quorum-lost`;
    const half = 'changed .*4. Restore the snapshot (node001)';
    await sh(
      'headnode',
      `quorate run ${words} >/root/killed 2>&1 & run=$!
       until grep -q '${half}' /root/killed; do kill -0 $run || { cat /root/killed; exit 1; }; sleep 0.2; done
       kill -KILL $run`,
    );
    expect((await lab.exec('node001', ['systemctl', 'is-active', 'etcd'])).stdout.trim()).toBe('inactive');

    // The lock of a run that was killed is taken over after 10 s.
    let again = await lab.exec('headnode', ['quorate', 'run', ...words.split(' ')]);
    while (again.exitCode === 7) again = await lab.exec('headnode', ['quorate', 'run', ...words.split(' ')]);
    expect(said(succeeded(again))).toMatch(/holds \d keys, up to revision 2/);
    expect(await lab.etcdctl('node004', 'get --print-value-only in-the-snapshot')).toBe('yes');
    expect(await lab.etcdctl('node004', 'get after-it')).toBe('');
    expect(await clusterId()).not.toBe(oldId);
    const members = await lab.etcdctl('node002', 'member list');
    expect(members.match(/node\d+/g)?.sort()).toEqual(['node001', 'node002', 'node004']);
    // What the survivor had, and what the killed run had restored.
    expect((await sh('node001', 'ls -d /var/lib/etcd.aside/*/member')).trim().split('\n')).toHaveLength(2);
    expect(await sh('headnode', `curl -s ${READYZ}`)).toBe('ok');
  });

  test('run once more, it changes nothing', async () => {
    const again = succeeded(await run('-e', `snapshot=${snapshot}`));
    expect(said(again)).toContain('nothing was changed');
    // A younger one than any that the cluster was restored from.
    await lab.etcdctl('node001', 'put after-the-restore yes');
    succeeded(await lab.exec('headnode', ['quorate', 'run', 'snapshot']));
    const other = await run('-e', `snapshot=${await newestOf('node002')}`);
    expect(other.exitCode).toBe(4);
    expect(said(other)).toContain('so there is a quorum');
  });

  test('a straggler with the old data does not join, and the next run moves them aside', async () => {
    const members = await lab.etcdctl('node001', 'member list');
    succeeded(await lab.lab('fault', 'power-on', 'node003'));
    // BCM does not start it. Somebody does.
    await lab.must('node003', ['systemctl', 'start', '--no-block', 'etcd']);
    const refusals = async () => sh('node003', "journalctl -u etcd | grep -c 'cluster ID mismatch' || true");
    await expect.poll(async () => Number(await refusals()), { timeout: 30_000 }).toBeGreaterThan(0);
    expect(await lab.etcdctl('node001', 'member list')).toBe(members);
    expect(await lab.etcdctl('node002', 'get --print-value-only in-the-snapshot')).toBe('yes');

    await lab.must('node003', ['systemctl', 'stop', 'etcd']);
    succeeded(await run('-e', `snapshot=${snapshot}`, '--yes'));
    expect(await sh('node003', 'ls -A /var/lib/etcd')).toBe('');
    expect(await sh('node003', 'ls /var/lib/etcd.aside/*')).toContain('member');
    expect(said(succeeded(await run('-e', `snapshot=${snapshot}`)))).toContain('nothing was changed');
  });
});
