import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa } from 'execa';
import { afterAll, expect, test } from 'vitest';
import { describeOnLab, labNamed, projectRoot, succeeded, withLab } from '../support/lab.ts';
import { tracesOf } from '../support/traces.ts';

/** One line a write that the practice cluster's writer was told is done. */
const ACKNOWLEDGED = '/var/lib/quorate-writer/acknowledged';

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** Asks again until it holds, for what comes about some time after a command. */
async function eventually(what: () => Promise<unknown>, wanted: unknown, timeoutMs = 20_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; ; await sleep(100)) {
    const is = await what();
    if (is === wanted || Date.now() > deadline) return expect(is).toBe(wanted);
  }
}

describeOnLab('a lab of three members', () => {
  const lab = withLab('e2e-lab', '--nodes', '3', '--members', '3');

  const statusOf = async (host: string): Promise<{ power: string; cut: boolean; etcd?: string }> => {
    const { stdout } = succeeded(await lab.lab('status', '--json'));
    const [status] = JSON.parse(stdout);
    return status.hosts.find((one: { name: string }) => one.name === host);
  };
  const etcdOn = (host: string) => async () => (await statusOf(host)).etcd;

  test('`up` over it says that it is there, and changes nothing', async () => {
    const again = await lab.lab('up');
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toBe(
      'lab: lab "e2e-lab" is up already\n' +
        'lab: next: quorate lab status --name e2e-lab, or quorate lab down --name e2e-lab to remove it',
    );
    expect((await statusOf('node001')).etcd).toBe('serving');
  });

  test('exec passes arguments, standard input and exit statuses', async () => {
    expect((await lab.exec('node001', ['sh', '-c', 'exit 7'])).exitCode).toBe(7);
    expect((await lab.exec('node001', ['sh', '-c', 'kill -TERM $$'])).exitCode).toBe(143);
    expect((await lab.exec('node001', ['no-such-command'])).exitCode).toBe(127);
    expect(await lab.must('node001', ['printf', '%s|', 'a b', "it's", '--name', '$HOME'])).toBe(
      "a b|it's|--name|$HOME|",
    );
    expect(await lab.must('node001', ['cat'], 'through\nstdin')).toBe('through\nstdin');
    expect(await lab.must('headnode', ['sh', '-c', 'hostname; pwd; id -un'])).toBe('headnode\n/root\nroot');
    expect((await lab.exec('node009', ['true'])).stderr).toBe(
      'lab: lab "e2e-lab" has no host "node009": it has headnode, node001, node002, node003',
    );
  });

  test('exec gives a terminal of the host’s own to who has one', async () => {
    const command = `bin/quorate lab exec --name ${lab.name} headnode -- sh -c 'tty; exit 5'`;
    const { stdout, exitCode } = await execa('script', ['-qec', command, '/dev/null'], {
      cwd: projectRoot,
      reject: false,
    });
    expect(stdout).toMatch(/\/dev\/pts\/\d+/);
    expect(exitCode).toBe(5);
  });

  test('what exec started ends with it', async () => {
    const running = spawn('bin/quorate', ['lab', 'exec', '--name', lab.name, 'node001', '--', 'sleep', '4242'], {
      cwd: projectRoot,
      stdio: 'ignore',
    });
    const sleeping = async () => (await lab.exec('node001', ['pgrep', '-f', 'sleep 4242'])).exitCode;
    await eventually(sleeping, 0);
    running.kill('SIGTERM');
    await eventually(sleeping, 1);
  });

  test('the head node reaches all hosts by ssh, whose keys it knows, by name and address', async () => {
    const hosts = ['headnode', 'node001', 'node002', 'node003', '10.141.0.1', '10.141.255.254', 'node002.cm.cluster'];
    const ssh = (host: string) => lab.exec('headnode', ['ssh', '-o', 'BatchMode=yes', host, 'hostname']);
    const answers = await Promise.all(hosts.map(ssh));
    expect(answers.map(one => one.stdout)).toEqual([
      'headnode',
      'node001',
      'node002',
      'node003',
      'node001',
      'headnode',
      'node002',
    ]);
    expect(answers.map(one => one.stderr).join('')).toBe('');
  });

  test('etcdctl comes with its environment module, in login shells only', async () => {
    const login = (script: string) => lab.exec('node002', ['bash', '-lc', script]);
    expect((await login('command -v etcdctl')).exitCode).toBe(1);
    expect((await lab.exec('node002', ['bash', '-c', 'type module'])).exitCode).toBe(1);
    for (const module of ['etcd', 'etcd/kube-default/3.4.13', 'etcd/kube-default/3.4.23']) {
      const { stdout } = await login(`module load ${module} && echo $ETCDCTL_ENDPOINTS && etcdctl member list | wc -l`);
      expect(stdout).toBe('https://10.141.0.2:2379\n3');
    }
  });

  test('all hosts share /cm/shared', async () => {
    await lab.must('node001', ['sh', '-c', 'echo from node001 > /cm/shared/note']);
    expect(await lab.must('node003', ['cat', '/cm/shared/note'])).toBe('from node001');
  });

  test('no host has a way out, nor this machine a way in', async () => {
    expect(await lab.must('headnode', ['ip', 'route'])).toMatch(/^10\.141\.0\.0\/16 dev eth0 [^\n]*$/);
    expect((await execa('ip', ['route'])).stdout).not.toContain('10.141.');
    expect((await execa('ip', ['-brief', 'link'])).stdout).not.toMatch(/node001|br0/);
  });

  test('an etcd that is killed is started again by CMDaemon', async () => {
    const before = await lab.must('node002', ['pgrep', '-x', 'etcd']);
    succeeded(await lab.lab('fault', 'kill-etcd', 'node002'));
    await eventually(etcdOn('node002'), 'serving');
    expect(await lab.must('node002', ['pgrep', '-x', 'etcd'])).not.toBe(before);
  });

  test('a host that is cut off neither answers nor serves, until it is healed', async () => {
    succeeded(await lab.lab('fault', 'cut', 'node003'));
    expect((await lab.exec('headnode', ['ssh', '-o', 'ConnectTimeout=1', 'node003', 'true'])).exitCode).toBe(255);
    expect(await statusOf('node003')).toMatchObject({ power: 'on', cut: true, etcd: 'active' });
    expect((await statusOf('node001')).etcd).toBe('serving');
    succeeded(await lab.lab('fault', 'heal', 'node003'));
    await eventually(etcdOn('node003'), 'serving');
  });

  test('an etcd that is frozen runs and answers nothing, until it is thawed', async () => {
    succeeded(await lab.lab('fault', 'freeze-etcd', 'node003'));
    expect((await statusOf('node003')).etcd).toBe('active');
    expect((await statusOf('node001')).etcd).toBe('serving');
    succeeded(await lab.lab('fault', 'thaw-etcd', 'node003'));
    await eventually(etcdOn('node003'), 'serving');
  });

  test('a full disk can be read and not written, and what has its files open goes on', async () => {
    const write = (host: string, path: string) => lab.exec(host, ['sh', '-c', `echo text > ${path}`]);
    succeeded(await lab.lab('fault', 'fill', 'node003'));
    for (const path of ['/var/lib/etcd/new', '/root/new', '/etc/hostname']) {
      expect((await write('node003', path)).stderr).toContain('No space left on device');
    }
    expect((await write('node003', '/cm/shared/new')).exitCode).toBe(0);
    expect(await lab.must('node003', ['cat', '/etc/hostname'])).toBe('node003');
    expect((await statusOf('node003')).etcd).toBe('serving');
    succeeded(await lab.lab('fault', 'free', 'node003'));
    expect((await write('node003', '/root/new')).exitCode).toBe(0);

    succeeded(await lab.lab('fault', 'fill', 'headnode'));
    for (const host of ['headnode', 'node001'])
      expect((await write(host, '/cm/shared/newer')).stderr).toContain('No space left on device');
    expect((await write('node001', '/root/new')).exitCode).toBe(0);
    succeeded(await lab.lab('fault', 'free', 'headnode'));
    expect((await write('node001', '/cm/shared/newer')).exitCode).toBe(0);
    expect(await lab.must('node001', ['findmnt', '--list', '--noheadings', '--output', 'SOURCE'])).not.toContain(
      'full',
    );
  });

  test('where /run is full, quorate says so', async () => {
    succeeded(await lab.lab('fault', 'fill-run', 'node003'));
    const playbook = '- hosts: node003\n  tasks:\n    - command: id\n';
    await lab.must('headnode', ['tee', '/root/id.yml'], playbook);
    const run = await lab.exec('headnode', ['quorate', 'run', '/root/id.yml']);
    expect(run.exitCode).toBe(5);
    expect(run.stdout + run.stderr).toMatch(/node003.*\/run\/quorate/);
    succeeded(await lab.lab('fault', 'free', 'node003'));
    succeeded(await lab.exec('headnode', ['quorate', 'run', '/root/id.yml']));
  });

  test('ssh connections that are dropped end, and new ones are taken', async () => {
    const session = lab.exec('headnode', ['ssh', 'node003', 'sleep 60']);
    await eventually(async () => (await lab.exec('node003', ['pgrep', '-fx', 'sleep 60'])).exitCode, 0);
    succeeded(await lab.lab('fault', 'drop-ssh', 'node003'));
    expect((await session).exitCode).toBe(255);
    expect(await lab.must('headnode', ['ssh', 'node003', 'hostname'])).toBe('node003');
  });

  test('a head node that is cut off reaches nobody', async () => {
    succeeded(await lab.lab('fault', 'cut', 'headnode'));
    expect((await lab.exec('headnode', ['ssh', '-o', 'ConnectTimeout=1', 'node003', 'true'])).exitCode).toBe(255);
    expect((await statusOf('node003')).etcd).toBe('serving');
    succeeded(await lab.lab('fault', 'heal', 'headnode'));
    expect((await lab.exec('headnode', ['ssh', 'node003', 'true'])).exitCode).toBe(0);
  });

  test('faults of the stand-in of CMDaemon are set by their names', async () => {
    succeeded(await lab.lab('fault', 'cmdaemon', 'notConnected=true'));
    expect((await lab.exec('headnode', ['cmsh', '-c', 'device; list'])).exitCode).not.toBe(0);
    succeeded(await lab.lab('fault', 'cmdaemon', 'notConnected=false'));
    const unknown = await lab.lab('fault', 'cmdaemon', 'nonesuch=true');
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no setting fault.nonesuch') });
  });

  test('a host that is off comes back as it was', async () => {
    await lab.must('node003', ['sh', '-c', 'echo kept > /root/note']);
    succeeded(await lab.lab('fault', 'power-off', 'node003'));
    expect((await statusOf('node003')).power).toBe('off');
    const refused = await lab.exec('node003', ['true']);
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toBe('lab: node003 is off\nlab: next: quorate lab fault power-on node003 --name e2e-lab');
    succeeded(await lab.lab('fault', 'power-on', 'node003'));
    expect(await lab.must('headnode', ['ssh', 'node003', 'cat', '/root/note'])).toBe('kept');
    await eventually(etcdOn('node003'), 'serving');
  });

  test('a host may be rebooted and shut down from within', async () => {
    const booted = () => lab.exec('node003', ['cat', '/proc/sys/kernel/random/boot_id']).then(one => one.stdout);
    const before = await booted();
    await lab.exec('headnode', ['ssh', 'node003', 'systemctl', 'reboot']);
    // While it goes down there is none; that takes 10 s where its etcd leads, and tries to hand over.
    const another = async () => ![before, ''].includes(await booted());
    await eventually(async () => (await another()) && (await statusOf('node003')).power, 'on', 60_000);
    await eventually(etcdOn('node003'), 'serving');
    await lab.exec('headnode', ['ssh', 'node003', 'systemctl', 'poweroff']);
    await eventually(async () => (await statusOf('node003')).power, 'off', 60_000);
    succeeded(await lab.lab('fault', 'power-on', 'node003'));
    await eventually(etcdOn('node003'), 'serving');
  });

  test('a checkpoint brings back what was then, and only that', async () => {
    await lab.etcdctl('node001', 'put colour red');
    succeeded(await lab.lab('checkpoint', 'red'));
    expect(await lab.etcdctl('node001', 'get --print-value-only colour')).toBe('red');
    await lab.etcdctl('node001', 'put colour blue');
    await lab.must('node002', ['sh', '-c', 'rm /etc/hostname; echo later > /root/later']);
    succeeded(await lab.lab('restore', 'red'));
    for (const node of ['node001', 'node002', 'node003']) {
      expect(await lab.etcdctl(node, 'get --print-value-only colour')).toBe('red');
    }
    expect(await lab.must('node002', ['cat', '/etc/hostname'])).toBe('node002');
    expect((await lab.exec('node002', ['cat', '/root/later'])).exitCode).toBe(1);
    expect((await lab.lab('restore', 'green')).stderr).toContain('has no checkpoint "green": it has red');
  });

  test('the writer loses nothing over the death of the leader, and would tell if it had', async () => {
    succeeded(await lab.lab('writer', 'start'));
    const state = JSON.parse(await lab.etcdctl('node001', '-w json endpoint status --cluster')) as {
      Endpoint: string;
      Status: { leader: number; header: { member_id: number } };
    }[];
    const leader = state.find(one => one.Status.leader === one.Status.header.member_id)?.Endpoint.match(/0\.(\d)/)?.[1];
    succeeded(await lab.lab('fault', 'kill-etcd', `node00${leader}`));
    await eventually(etcdOn(`node00${leader}`), 'serving');
    const written = async () => Number(await lab.must('headnode', ['sh', '-c', `wc -l < ${ACKNOWLEDGED}`]));
    await eventually(async () => (await written()) > 100, true);
    const checked = await lab.lab('writer', 'check', '--json');
    expect(checked.exitCode).toBe(0);
    const report = JSON.parse(checked.stdout);
    expect(report).toMatchObject({ lost: 0, hashesEqual: true });
    expect(report.acknowledged).toBeGreaterThan(100);
    // Until it is back, or another one is elected, nothing is written.
    expect(report.longestGapMs).toBeGreaterThan(50);
    expect(report.longestGapMs).toBeLessThan(10_000);

    const [line] = (await lab.must('headnode', ['tail', '-n', '1', ACKNOWLEDGED])).split('\n');
    await lab.etcdctl('node001', `del ${line?.split(' ')[1]}`);
    const robbed = await lab.lab('writer', 'check');
    expect(robbed.exitCode).toBe(4);
    expect(robbed.stdout).toContain(`LOST: 1 of them, such as ${line?.split(' ')[1]}`);
  });

  test('a wiped host comes back with an empty disk and its identity', async () => {
    succeeded(await lab.lab('fault', 'wipe', 'node003'));
    succeeded(await lab.lab('fault', 'power-on', 'node003'));
    expect(
      (await lab.exec('headnode', ['ssh', '-o', 'BatchMode=yes', 'node003', 'cat', '/root/note'])).stderr,
    ).toContain('No such file');
    expect(await lab.must('headnode', ['ssh', '-o', 'BatchMode=yes', 'node003', 'hostname'])).toBe('node003');
    // Its member is in the cluster still, so an etcd that starts from nothing does not get in: the real one says so.
    expect((await statusOf('node001')).etcd).toBe('serving');
    expect(await lab.etcdctl('node001', 'member list | wc -l')).toBe('3');
  });
});

describeOnLab('the life of a lab', () => {
  const names = ['e2e-life', 'e2e-other'] as const;
  const [life, other] = [labNamed(names[0]), labNamed(names[1])];
  afterAll(async () => {
    for (const lab of [life, other]) await lab.lab('down');
  });

  test('two labs have the same addresses and nothing in common; `down` removes the one whole and not the other', async () => {
    const ups = await Promise.all([life, other].map(lab => lab.lab('up', '--nodes', '1')));
    for (const up of ups) succeeded(up);
    await life.etcdctl('node001', 'put mine life');
    expect(await other.etcdctl('node001', 'get mine')).toBe('');
    expect((await tracesOf('e2e-life')).length).toBeGreaterThan(5);
    expect(succeeded(await life.lab('down')).stderr).toBe('lab: lab "e2e-life" is removed');
    expect(await tracesOf('e2e-life')).toEqual([]);
    expect(await other.etcdctl('node001', 'endpoint health 2>&1')).toContain('is healthy');
    expect((await life.lab('down')).stderr).toBe('lab: there is no lab "e2e-life"');
  });

  test('a lab whose processes are gone is cleared by the next `up`', async () => {
    await other.etcdctl('node001', 'put old thing');
    for (const trace of await tracesOf('e2e-other')) {
      const pid = /^process (\d+)/.exec(trace)?.[1];
      // With a host's first process the others end by themselves.
      if (pid !== undefined) await execa('kill', ['-KILL', pid], { reject: false });
    }
    await eventually(async () => (await tracesOf('e2e-other')).filter(one => one.startsWith('process')).length, 0);
    const [gone] = JSON.parse((await other.lab('status', '--json')).stdout);
    expect(gone.state).toBe('not running');
    const again = succeeded(await other.lab('up', '--nodes', '1'));
    expect(again.stderr).toContain('clearing what is left of lab "e2e-other", none of whose hosts runs any more');
    expect(await other.etcdctl('node001', 'get old')).toBe('');
    succeeded(await other.lab('down'));
    expect(await tracesOf('e2e-other')).toEqual([]);
  });

  /** Starts an `up` and sends it a signal after a time; answers its exit code, or null where the signal ended it. */
  const upUntil = async (ms: number, signal: NodeJS.Signals): Promise<number | null> => {
    const up = spawn('bin/quorate', ['lab', 'up', '--name', 'e2e-life', '--nodes', '3', '--members', '3'], {
      cwd: projectRoot,
      stdio: 'ignore',
    });
    const ended = once(up, 'exit');
    await sleep(ms);
    up.kill(signal);
    const [code] = await ended;
    return code;
  };

  test.each([150, 250, 350, 450, 600, 900, 1400, 2200])(
    'an `up` killed after %i ms leaves only what `down` removes',
    async ms => {
      expect(await upUntil(ms, 'SIGKILL')).toBe(null);
      succeeded(await life.lab('down'));
      expect(await tracesOf('e2e-life')).toEqual([]);
    },
  );

  test('an `up` that is interrupted removes what it made', async () => {
    expect(await upUntil(900, 'SIGINT')).toBe(130);
    expect(await tracesOf('e2e-life')).toEqual([]);
  });

  test('the next `up` clears what a killed one left, and is whole', async () => {
    expect(await upUntil(900, 'SIGKILL')).toBe(null);
    const again = succeeded(await life.lab('up', '--nodes', '1'));
    expect(again.stderr).toContain('clearing what is left of lab "e2e-life", which was never finished');
    expect(await life.etcdctl('node001', 'endpoint health 2>&1')).toContain('is healthy');
  });
});
