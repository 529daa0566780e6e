// CMDaemon's stand-in on real hosts: what the article's transcripts don't show.
import { expect, test } from 'vitest';
import { describeOnLab, succeeded, withLab } from '../support/lab.ts';

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** Asks again until the answer is as wanted. */
async function eventually(ask: () => Promise<string>, wanted: RegExp, timeoutMs = 30_000): Promise<string> {
  for (const deadline = Date.now() + timeoutMs; ; await sleep(250)) {
    const is = await ask();
    if (wanted.test(is)) return is;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${wanted}; there is:\n${is}`);
  }
}

describeOnLab('CMDaemon', () => {
  const lab = withLab('e2e-standin', '--nodes', '3', '--members', '3');

  const cmsh = (commands: string) => lab.must('headnode', ['cmsh', '-n', '-q', '--hide-events', '-c', commands]);
  const set = (assignment: string) =>
    lab.must('headnode', ['/opt/quorate-node', '/opt/quorate/dist/cmdaemon.js', '--set', assignment]);
  const status = (node: string) => () => cmsh(`device status ${node}`);
  const fault = async (...words: string[]) => void succeeded(await lab.lab('fault', ...words));
  const etcd = async (node: string) => (await lab.exec(node, ['systemctl', 'is-active', 'etcd'])).stdout;
  /** What CMDaemon says about a host, without dates; from event number `from` on. */
  const events = async (host: string, from = 0) => {
    const all = (await cmsh('events 500')).split('\n').slice(from);
    return all.filter(line => line.includes(`] ${host}: `)).map(line => line.replace(/.*\] \S+ /, ''));
  };
  const countEvents = async () => (await cmsh('events 500')).split('\n').filter(line => line !== '').length;

  test('gives the head node what a client of etcd needs', async () => {
    const directory = '/cm/local/apps/etcd/var/etc';
    const files = await lab.must('headnode', [
      'stat',
      '-c',
      '%n %a',
      ...['client.key', 'client.pem'].map(f => `${directory}/${f}`),
    ]);
    expect(files).toBe(`${directory}/client.key 600\n${directory}/client.pem 644`);
    const tls = ['--cacert', `${directory}/etcdca-kube-default.pem`, '--cert', `${directory}/client.pem`];
    const health = ['curl', '-sS', ...tls, '--key', `${directory}/client.key`, 'https://node001:2379/health'];
    expect(JSON.parse(await lab.must('headnode', health))).toEqual({ health: 'true' });
    expect(
      (
        await lab.exec('headnode', [
          'curl',
          '-sS',
          '--cacert',
          `${directory}/etcdca-kube-default.pem`,
          'https://node001:2379/health',
        ])
      ).exitCode,
    ).not.toBe(0);
  });

  test('starts etcd again that was killed', async () => {
    await fault('kill-etcd', 'node002');
    await eventually(async () => (await events('node002')).join('\n'), /was restarted/);
    expect(await events('node002')).toEqual([
      'Service etcd died',
      'Service etcd was not restarted',
      'Service etcd was restarted',
    ]);
    expect(await etcd('node002')).toBe('active');
  });

  test('catches up with what was committed while it did not run', async () => {
    await lab.must('headnode', ['systemctl', 'stop', 'cmd']);
    await cmsh('configurationoverlay; use kube-default-etcd; roles; use etcd::host; set snapshotcount 4000; commit');
    const from = await countEvents();
    await lab.must('headnode', ['systemctl', 'start', 'cmd']);
    for (const node of ['node001', 'node002', 'node003']) {
      await eventually(async () => (await events(node, from)).join('\n'), /^Service etcd was restarted$/);
    }
    expect(await lab.must('node001', ['pgrep', '-a', 'etcd'])).toContain('--snapshot-count=4000');
  });

  test('leaves a node alone that is off, and sees to it when it is on', async () => {
    await eventually(status('node003'), /\[ {3}UP {3}\]/);
    await fault('power-off', 'node003');
    await eventually(status('node003'), /\[ {2}DOWN {2}\]/);
    const from = await countEvents();
    await fault('power-on', 'node003');
    await eventually(async () => (await events('node003', from)).join('\n'), /^Service etcd was restarted$/);
    await eventually(() => lab.etcdctl('node003', 'endpoint health 2>&1'), /is healthy/);
  });

  test('gives a wiped member that kept its role certificates, and up after ten attempts', async () => {
    await set('fault.certificateNeverIssued=true');
    const from = await countEvents();
    await fault('wipe', 'node003');
    await fault('power-on', 'node003');
    await eventually(async () => (await events('node003', from)).join('\n'), /not allowed start/);
    await sleep(3_000);
    expect(await events('node003', from)).toEqual([
      'Service etcd was not allowed to restart',
      'Service etcd was not allowed start',
    ]);
    await set('fault.certificateNeverIssued=false');
    const attempts = () => lab.must('node003', ['journalctl', '--no-pager', '-u', 'etcd']);
    await eventually(attempts, /(has already been bootstrapped[\s\S]*){10}/);
    await sleep(1_500);
    expect((await attempts()).match(/has already been bootstrapped/g)).toHaveLength(10);
    expect(await etcd('node003')).toBe('failed');
  });

  test('stops etcd where the role is taken away, for good', async () => {
    await cmsh('configurationoverlay; use kube-default-etcd; removefrom nodes node003; commit');
    await eventually(async () => (await events('node003')).at(-1) ?? '', /was stopped/);
    expect(await lab.must('node001', ['cat', '/etc/systemd/system/etcd.service'])).not.toContain('node003');
    await sleep(1_500);
    expect(await etcd('node003')).not.toBe('active');
  });
});
