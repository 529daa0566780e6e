// What a new user does wrong, on the practice cluster: one clear error each, the right exit code, nothing half done
// without saying what, and never a stack trace.
import { expect, test } from 'vitest';
import { describeOnLab, type Finished, succeeded, withLab } from '../support/lab.ts';

const NODES = 'nodes=node001,node002,node003';
const RUN = ['quorate', 'run', 'extend-to-three', '-e', NODES];

function saidPlainly({ stdout, stderr }: Finished): string {
  const said = `${stdout}\n${stderr}`;
  expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(said).not.toContain('defect');
  return said;
}

describeOnLab('mistakes', () => {
  const lab = withLab('e2e-mistakes', '--nodes', '3', '--members', '1');
  const memberCount = async () => (await lab.etcdctl('node001', 'member list')).trim().split('\n').length;

  async function runText(text: string, ...words: string[]): Promise<Finished> {
    await lab.must('headnode', ['sh', '-c', 'cat > /root/mine.yml'], text);
    return lab.exec('headnode', ['quorate', 'run', 'mine.yml', ...words]);
  }
  const task = (...lines: string[]) =>
    ['- hosts: headnode', '  tasks:', `    - ${lines[0]}`, ...lines.slice(1).map(line => `      ${line}`), ''].join(
      '\n',
    );

  test.each([
    ['a module', task('etcd_helth: {}'), 'mine.yml:3:7', 'unknown-module', 'etcd_health'],
    ['a parameter', task('etcd_health: { stable_fro: 6 }'), 'mine.yml:3:22', 'unknown-parameter', 'stable_for'],
    ['a keyword', task('debug: { msg: hi }', 'whem: true'), 'mine.yml:4:7', 'unknown-keyword', 'when'],
    [
      'a variable',
      task('debug: { msg: "{{ inventory_hostnam }}" }'),
      'mine.yml:3:25',
      'undefined-name',
      'inventory_hostname',
    ],
    ['a tab', '- hosts: headnode\n\ttasks: []\n', 'mine.yml:2:1', 'yaml-syntax', 'space'],
    ['no quotes', task('debug:', '  msg: {{ inventory_hostname }}'), 'mine.yml:4:14', 'unquoted-expression', 'quote'],
  ])('%s', async (_what, text, place, code, hint) => {
    const run = await runText(text);
    const said = saidPlainly(run);
    expect(said).toContain(place);
    expect(said).toContain(`[${code}]`);
    expect(said).toContain(hint);
    expect(run.exitCode).toBe(3);
  });

  test('a host that BCM does not know', async () => {
    const run = await runText('- hosts: node999\n  tasks:\n    - debug: { msg: hi }\n');
    expect(saidPlainly(run)).toContain('node999');
    expect(run.exitCode).toBe(3);
  });

  test('an input of the wrong type, and one that nobody declared', async () => {
    const wrong = await lab.exec('headnode', [...RUN, '-e', 'stable_for=soon']);
    expect(saidPlainly(wrong)).toContain('[invalid-input]');
    expect(wrong.exitCode).toBe(3);
    const undeclared = await lab.exec('headnode', [...RUN, '-e', 'node=node002']);
    expect(saidPlainly(undeclared)).toContain('did you mean `nodes`?');
    expect(undeclared.exitCode).toBe(3);
  });

  test('an even number of members, and a node that does not exist: nothing is changed', async () => {
    const even = await lab.exec('headnode', [
      'quorate',
      'run',
      'extend-to-three',
      '-e',
      'nodes=node001,node002',
      '--yes',
    ]);
    expect(saidPlainly(even)).toContain('name an odd number');
    expect(even.exitCode).toBe(4);
    const unknown = await lab.exec('headnode', [
      ...['quorate', 'run', 'extend-to-three', '--yes'],
      ...['-e', 'nodes=node001,node002,node009'],
    ]);
    expect(saidPlainly(unknown)).toContain('node009: no such host');
    expect(unknown.exitCode).toBe(4);
    expect(await memberCount()).toBe(1);
  });

  test('a node that is switched off: said before anything is changed', async () => {
    succeeded(await lab.lab('fault', 'power-off', 'node003'));
    const run = await lab.exec('headnode', [...RUN, '--yes']);
    const said = saidPlainly(run);
    expect(said).toContain('node003 is unreachable');
    expect(run.exitCode).toBe(5);
    expect(await memberCount()).toBe(1);
    succeeded(await lab.lab('fault', 'power-on', 'node003'));
  });

  test('a playbook of ours that says yes for nobody: without --yes nothing is changed', async () => {
    const run = await lab.exec('headnode', RUN);
    expect(saidPlainly(run)).toContain('--yes');
    expect(run.exitCode).toBe(6);
    expect(await memberCount()).toBe(1);
  });

  test('Ctrl-C in the middle: it stops between two steps, says where, and goes on when it is run again', async () => {
    const interrupt = `${RUN.join(' ')} --yes >/root/out 2>&1 & run=$!
      until grep -q 'changed .*6.2 Add' /root/out; do kill -0 $run || break; sleep 0.2; done
      kill -INT $run; wait $run; code=$?; cat /root/out; exit $code`;
    const interrupted = await lab.exec('headnode', ['bash', '-c', interrupt]);
    const said = saidPlainly(interrupted);
    expect(interrupted.exitCode).toBe(130);
    expect(said).toMatch(/next:\n {2}quorate status\n {2}quorate resume \S+-extend-to-three-\w+\n/);
    const again = await lab.exec('headnode', [...RUN, '--yes']);
    saidPlainly(again);
    expect(again.exitCode).toBe(0);
    expect(await memberCount()).toBe(3);
  });

  test('etcd without quorum: it says so, and nothing is changed', async () => {
    succeeded(await lab.lab('fault', 'power-off', 'node002'));
    succeeded(await lab.lab('fault', 'power-off', 'node003'));
    const run = await lab.exec('headnode', ['quorate', 'run', 'extend-to-three', '--yes', '-e', `${NODES}`]);
    expect(saidPlainly(run)).toMatch(/quorum/);
    expect([4, 6]).toContain(run.exitCode);
    const status = await lab.exec('headnode', ['quorate', 'status']);
    expect(saidPlainly(status)).toContain('quorum');
    expect(status.exitCode).toBe(4);
  });
});
