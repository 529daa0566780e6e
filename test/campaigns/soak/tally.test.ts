import { expect, test } from 'vitest';
import type { TestLab } from '../../support/lab.ts';
import { added, addedAtRest, countsOf, tallies } from './tally.ts';

/** A lab whose hosts show these lines, one look after the other. */
function labOf(looks: Readonly<Record<string, readonly (readonly string[] | 'off')[]>>): TestLab {
  const left = new Map(Object.entries(looks).map(([host, each]) => [host, [...each]]));
  const exec = async (host: string) => {
    const each = left.get(host) ?? [];
    const look = each.length > 1 ? each.shift() : each[0];
    if (look === 'off') return { exitCode: 4, stdout: '', stderr: `${host} is off` };
    return { exitCode: 0, stdout: (look ?? []).join('\n'), stderr: '' };
  };
  const never = () => Promise.reject(new Error('not asked for'));
  return { name: 'none', exec, lab: never, must: never, etcdctl: never };
}

const REST = ['process systemd', 'process sshd', 'folder /tmp', 'mount /run', 'socket of ssh'];

async function addedBy(...lines: readonly string[]): Promise<readonly string[]> {
  const lab = labOf({ node001: [REST, [...REST, ...lines]] });
  return added(await tallies(lab, ['node001']), await tallies(lab, ['node001']));
}

test.each([
  'file /run/quorate/r1/1.status',
  'folder /run/quorate/r1',
  'folder /tmp/quorate-ssh-a1b2c3',
  'file /root/x',
  'file /etc/passwd-',
  'file /cm/shared/backup/etcd/.etcd-node001.db.partial',
  'file /cm/shared/etcd-backups/node003/.new/db',
  'file /root/.local/state/quorate/lock',
  'file /root/.local/state/quorate/runs/r1/lock.gate',
  'process sshd',
  'process head',
  'mount /mnt',
  'socket of ssh',
  'socket /tmp/quorate-ssh-a1b2c3/master',
])('%s is left', async thing => {
  expect(await addedBy(thing)).toEqual([`node001: ${thing}`]);
});

test.each([
  'file /var/lib/etcd/member/snap/db',
  'folder /var/lib/etcd.aside/20260101',
  'file /var/log/journal/a/system.journal',
  'process etcd',
  'folder /root/.local/state/quorate/runs/r1',
  'file /root/.local/state/quorate/runs/r1/journal.jsonl',
  'file /cm/shared/backup/etcd/etcd-node001-2026-01-01.db',
  'file /cm/shared/etcd-backups/node003/etcd/member/snap/db',
])('%s is meant', async thing => {
  expect(await addedBy(thing)).toEqual([]);
});

test('what is gone is nothing, and a host that is off has nothing', async () => {
  const lab = labOf({ node001: [REST, ['process systemd']], node002: [REST, 'off'] });
  expect(added(await tallies(lab, ['node001', 'node002']), await tallies(lab, ['node001', 'node002']))).toEqual([]);
});

test('what ends within the time is not left; what may stay is not waited for, and counts', async () => {
  const lab = labOf({ node001: [REST, [...REST, 'process ssh'], [...REST, 'file /run/quorate/r1']] });
  const before = await tallies(lab, ['node001']);
  const left = await addedAtRest(lab, before, thing => thing.endsWith('/r1'), 5000);
  expect(left).toEqual(['node001: file /run/quorate/r1']);
  expect(countsOf(left)).toEqual({ file: 1, folder: 0, process: 0, mount: 0, socket: 0 });
});
