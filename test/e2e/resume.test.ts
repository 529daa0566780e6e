// A run that is killed, stopped or refused on the practice cluster, and resumed.
import { expect, test } from 'vitest';
import type { StampedEvent } from '../../src/core/event.ts';
import { faultsIn } from '../support/journal-lines.ts';
import { describeOnLab, type Finished, succeeded, type TestLab, withLab } from '../support/lab.ts';
import { Terminal } from '../support/terminal.ts';

const EXTEND = 'quorate run extend-to-three -e nodes=node001,node002,node003 --yes --json';
const RUNS = '/root/.local/state/quorate/runs';

/**
 * Runs a command on the head node until a line of its output matches (an extended regular expression), kills its process
 * `afterS` seconds later, and waits for its end.
 */
function killed(lab: TestLab, command: string, at: string, afterS = 0): Promise<string> {
  const script = [
    // Emptied here: what the command before printed may still be there when it is first looked at.
    ': > /tmp/out',
    `${command} > /tmp/out 2>&1 & pid=$!`,
    'i=0',
    `until grep -qE '${at}' /tmp/out || [ $i -gt 1200 ]; do sleep 0.05; i=$((i + 1)); done`,
    `sleep ${afterS}; kill -KILL $pid`,
    'wait $pid; echo "status $?"; cat /tmp/out',
  ].join('\n');
  return lab.must('headnode', ['bash', '-c', script]);
}

/** "the event of this type, of the task whose name begins so, in this round": as a line of `--json`. */
const line = (type: string, name: string, round: string): string =>
  `"type":"${type}".*"name":"${name}.*"within":\\["${round}`;

async function journalOf(lab: TestLab, run: string): Promise<readonly StampedEvent[]> {
  const lines = (await lab.must('headnode', ['cat', `${RUNS}/${run}/journal.jsonl`])).trim().split('\n');
  const parsed = lines.map(text => JSON.parse(text));
  expect(faultsIn(parsed)).toEqual([]);
  return parsed.slice(1);
}

async function newestRun(lab: TestLab): Promise<{ run: string; outcome: string }> {
  return JSON.parse(await lab.must('headnode', ['quorate', 'runs', '--json']))[0];
}

function resume(lab: TestLab, ...words: string[]): Promise<Finished> {
  return lab.exec('headnode', ['quorate', 'resume', ...words]);
}

/** How often BCM says that it restarted etcd of a node, or started it. */
async function restarts(lab: TestLab, node: string): Promise<number> {
  const state = JSON.parse(await lab.must('headnode', ['cat', '/var/spool/cmd/state.json']));
  const told: readonly { host: string; text: string }[] = state.events;
  return told.filter(({ host, text }) => host === node && text === 'Service etcd was restarted').length;
}

describeOnLab('a run that is killed again and again', () => {
  const lab = withLab('e2e-resume', '--nodes', '3', '--members', '1');

  test('comes to its goal, makes no change twice, and loses no write', async () => {
    succeeded(await lab.lab('writer', 'start'));
    const kills = [
      // Announced, or under way on the host.
      line('changing', '6.2', 'node002'),
      // Made, its effect not seen; under way, twice.
      line('settling', '6.3 Start', 'node002'),
      line('changing', '6.5 Move', 'node002'),
      line('changing', '6.4 Promote', 'node003'),
    ];
    for (const [index, at] of kills.entries()) {
      const command = index === 0 ? EXTEND : 'quorate resume --yes --json';
      const out = await killed(lab, command, at);
      expect(out, `killed at ${at}: ${out}`).toMatch(/^status 137$/m);
      expect((await newestRun(lab)).outcome).toBe('unfinished');
    }
    const last = succeeded(await resume(lab, '--yes'));
    expect(last.stdout).toContain('what is done is not done again');
    expect(last.stdout).toContain('3 voters, 0 learners; quorum 2; fault tolerance 1');

    const { run, outcome } = await newestRun(lab);
    expect(outcome).toBe('done');
    const events = await journalOf(lab, run);
    expect(events.filter(({ type }) => type === 'resumed')).toHaveLength(kills.length);
    // What each process made it came to the end of once; a change of its own never ended twice.
    const changed = events.flatMap(event =>
      event.type === 'ended' && event.status === 'changed' && event.where.item === undefined
        ? [`${event.where.task} ${event.where.within.join()}`]
        : [],
    );
    expect(new Set(changed).size).toBe(changed.length);
    const promoted = await lab.must('headnode', ['quorate', 'runs', 'show', run]);
    expect(promoted.match(/ changed .* 6\.4 Promote/g)).toHaveLength(2);
    // Section 6.3 restarts the voters once for each node that is added, 6.5 the node itself once.
    expect([await restarts(lab, 'node001'), await restarts(lab, 'node003')]).toEqual([2, 2]);

    const report = JSON.parse((await lab.lab('writer', 'check', '--json')).stdout);
    expect(report).toMatchObject({ lost: 0, hashesEqual: true });
    expect(report.acknowledged).toBeGreaterThan(100);
  }, 900_000);

  test('what is done is nothing to resume; it can be shown and forgotten', async () => {
    const { run } = await newestRun(lab);
    expect(await resume(lab)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('not-resumable') });
    expect(await resume(lab, run)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is done') });
    const gone = await lab.must('headnode', ['quorate', 'runs', 'prune', '--keep', '0']);
    expect(gone).toBe(`${run}\n1 forgotten`);
    expect(await lab.must('headnode', ['quorate', 'runs'])).toContain('no runs are remembered');
  });
});

const ONCE = `
- name: Things that must happen once
  hosts: etcd
  params:
    token: { type: string, secret: true }
  tasks:
    - name: count
      command: sh -c 'sleep 1; echo {{ item }} >> /root/count; sleep 3; echo told {{ item }}'
      loop: [one, two]
      register: counted
    - name: use the secret
      command: { argv: [printf, "%s", "{{ token }}"], repeatable: true }
      register: used
    - name: waits
      pause: { seconds: 2 }
    - name: lasts
      command: sh -c 'echo last {{ used.stdout | length }} {{ counted.results | length }} >> /root/count'
`;

const RESTART = `
- hosts: headnode
  tasks:
    - name: restart it
      systemd_service: { name: tick, state: restarted }
      notify: tell
    - name: waits
      pause: { seconds: 2 }
  handlers:
    - name: tell
      command: sh -c 'echo told >> /root/told'
`;

describeOnLab('what must happen once', () => {
  const lab = withLab('e2e-resume-once', '--nodes', '3', '--members', '3');
  const NODES = ['node001', 'node002', 'node003'];
  const counts = () => Promise.all(NODES.map(node => lab.must(node, ['cat', '/root/count'])));
  const SECRET = 'hunter2hunter2';
  /** Long enough that the command was sent, and has not ended. Seconds. */
  const IN_MID_COMMAND = 0.5;

  test('is not done again without a word, and not left out', async () => {
    await lab.must('headnode', ['sh', '-c', 'cat > /root/once.yml'], ONCE);
    const run = `quorate run /root/once.yml -e token=${SECRET} --json`;
    await killed(lab, run, '"type":"changing".*"item":"two"', IN_MID_COMMAND);

    const without = await resume(lab);
    expect(without).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('-e token=') });
    const refused = await resume(lab, '-e', `token=${SECRET}`);
    expect(refused.exitCode).toBe(6);
    expect(refused.stdout).toMatch(/“count \(two\)” on node00\d must happen once; it was begun at .*outcome-unknown/);
    expect(refused.stdout).toMatch(/--assume-done p0\.t0, or quorate resume \S+ --repeat p0\.t0/);
    // Before anybody was asked, its job was waited for, if it was not over by then.
    for (const node of NODES) expect((await lab.exec(node, ['pgrep', '-f', 'echo told'])).stdout).toBe('');

    // Said of all three; a kill after that does not make anybody forget it. Where the first item was under way, the second
    // one was not begun, and is done now.
    const out = await killed(
      lab,
      `quorate resume -e token=${SECRET} --assume-done count --json`,
      '"type":"task-started".*"name":"waits"',
    );
    expect(out).toMatch(/"type":"decided".*"decision":"done","how":"--assume-done"/);
    const { run: id } = await newestRun(lab);
    succeeded(await resume(lab, id, '-e', `token=${SECRET}`));
    const each = `one\ntwo\nlast ${SECRET.length} 2`;
    expect(await counts()).toEqual([each, each, each]);
    const found = await lab.must('headnode', ['sh', '-c', `grep -rc ${SECRET} ${RUNS} || true`]);
    expect(found).toMatch(/journal\.jsonl:0/);
    expect(found).not.toMatch(/:[1-9]/);
  });

  test('a playbook that has changed is shown, and gone on with only where that is said', async () => {
    await lab.must('headnode', ['sh', '-c', 'cat > /root/once.yml'], ONCE);
    await killed(lab, `quorate run /root/once.yml -e token=${SECRET} --json`, '"type":"changing".*"item":"one"');
    await lab.must('headnode', ['sed', '-i', 's/loop: .*/loop: [one, two, three]/', '/root/once.yml']);
    const refused = await resume(lab, '-e', `token=${SECRET}`, '--repeat', 'count');
    expect(refused.exitCode).toBe(6);
    expect(refused.stderr).toContain('plan-changed');
    expect(refused.stderr).toContain('-      loop: [one, two]\n+      loop: [one, two, three]');
  });

  test('is asked about at a terminal, as the secrets are', async () => {
    await lab.must('headnode', ['sh', '-c', 'cat > /root/once.yml'], ONCE);
    for (const node of NODES) await lab.must(node, ['rm', '-f', '/root/count']);
    const run = `quorate run /root/once.yml -e token=${SECRET} --limit node001 --json`;
    await killed(lab, run, '"type":"changing".*"item":"two"', IN_MID_COMMAND);
    const person = new Terminal(lab.name, 'headnode');
    const sees = (text: string) => person.waitFor(printed => printed.includes(text), text);
    try {
      for (const [said, exit] of [
        ['stop', 6],
        ['done', 0],
      ] as const) {
        person.answer('quorate resume; echo "status $?"');
        await sees('token');
        person.answer(SECRET);
        await sees('Was it done? Type done, again or stop:');
        person.answer('perhaps');
        await sees('Was it done? Type done, again or stop:');
        person.answer(said);
        expect(await sees('status ')).not.toContain(SECRET);
        await sees(`status ${exit}`);
      }
    } finally {
      person.close();
    }
    expect(await lab.must('node001', ['cat', '/root/count'])).toBe(`one\ntwo\nlast ${SECRET.length} 2`);
  });

  test.each(['changing', 'settling', 'ended'])(
    'a restart whose end nobody saw is not made twice (killed at %s), and its handler is done',
    async event => {
      const unit = '[Service]\nExecStart=/bin/sh -c "sleep infinity"\n';
      await lab.must('headnode', ['sh', '-c', 'cat > /run/systemd/system/tick.service'], unit);
      const begin = 'systemctl daemon-reload && systemctl restart tick && rm -f /root/told';
      await lab.must('headnode', ['sh', '-c', begin]);
      const starts = async () =>
        (await lab.must('headnode', ['journalctl', '--unit=tick', '--output=cat'])).match(/^Started /gm)?.length ?? 0;
      const before = await starts();
      await lab.must('headnode', ['sh', '-c', 'cat > /root/restart.yml'], RESTART);
      const at = `"type":"${event}".*"name":"restart it"`;
      await killed(lab, 'quorate run /root/restart.yml --json', at);
      succeeded(await resume(lab));
      expect(await starts()).toBe(before + 1);
      expect(await lab.must('headnode', ['cat', '/root/told'])).toBe('told');
    },
  );

  test('the other head node goes on where the state lies on shared storage', async () => {
    await lab.must('headnode', ['sh', '-c', 'cat > /cm/shared/once.yml && rm -f /root/count'], ONCE);
    for (const node of NODES) await lab.must(node, ['rm', '-f', '/root/count']);
    const shared = 'QUORATE_STATE_DIR=/cm/shared/state quorate';
    await killed(lab, `${shared} run /cm/shared/once.yml -e token=${SECRET} --json`, '"type":"changing"');
    // It cannot see whether a process there lives, so it waits until the lock was not renewed for 10 s.
    const other = `unshare --uts sh -c 'hostname headnode-b; ${shared} resume -e token=${SECRET} --assume-done count'`;
    let resumed = await lab.exec('headnode', ['sh', '-c', other]);
    for (let tries = 0; resumed.exitCode === 7 && tries < 30; tries += 1) {
      expect(resumed.stderr).toContain('root on headnode');
      resumed = await lab.exec('headnode', ['sh', '-c', `sleep 1; ${other}`]);
    }
    succeeded(resumed);
    expect(await lab.must('headnode', ['sh', '-c', `${shared} runs`])).toMatch(/ done$/);
  });

  test('where the disk is full, the run stops before its next change', async () => {
    const full = `
- hosts: headnode
  tasks:
    - name: fill
      command: sh -c 'echo x >> /root/full; head -c 3000 /dev/zero | tr "\\\\0" x'
      loop: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
`;
    await lab.must('headnode', ['sh', '-c', 'cat > /root/full.yml'], full);
    await lab.must('headnode', ['sh', '-c', 'mkdir /mnt/q && mount -t tmpfs -o size=100k tmpfs /mnt/q']);
    const inState = (words: string) => lab.exec('headnode', ['sh', '-c', `QUORATE_STATE_DIR=/mnt/q quorate ${words}`]);
    const failed = await inState('run /root/full.yml');
    expect(failed.exitCode).toBe(4);
    expect(failed.stdout).toContain('journal-failed');
    // What fails for another reason, as it seems, is told with it.
    await lab.exec('headnode', ['sh', '-c', 'head -c 1M /dev/zero > /mnt/q/filler']);
    await lab.must(
      'headnode',
      ['tee', '/root/fail.yml'],
      '- hosts: headnode\n  tasks:\n    - fail: { msg: no etcd }\n',
    );
    expect((await inState('run --check /root/fail.yml')).stdout).toMatch(
      /no etcd; the disk of headnode is full \(\/mnt\/q\), which may be why \[condition-not-met\]\n +→ make room on headnode first: df -h \/mnt\/q/,
    );
    await lab.must('headnode', ['rm', '/mnt/q/filler']);
    const done = Number(await lab.must('headnode', ['sh', '-c', 'wc -l < /root/full']));
    expect(done).toBeGreaterThan(2);
    expect(done).toBeLessThan(20);
    // Each change that was made had been announced on the disk.
    const announced = await lab.must('headnode', [
      'sh',
      '-c',
      `grep -c '"type":"changing"' /mnt/q/runs/*/journal.jsonl`,
    ]);
    expect(Number(announced)).toBe(done);

    await lab.must('headnode', ['mount', '-o', 'remount,size=10m', '/mnt/q']);
    succeeded(await inState('resume --assume-done fill'));
    expect(await lab.must('headnode', ['sh', '-c', 'wc -l < /root/full'])).toBe('20');
  });
});
