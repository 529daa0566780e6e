import { describe, expect, test } from 'vitest';
import { INPUT_FILE } from '../../src/core/host.ts';
import { MODULE_ENVIRONMENT, PORT_OPEN, readCommand } from '../../src/core/read-command.ts';

const words = (line: string): string[] => line.split(' ');

describe('only looks', () => {
  test.each([
    'etcdctl --endpoints=https://10.141.0.1:2379 member list --write-out=json',
    '/cm/local/apps/etcd/3.4.23/bin/etcdctl --command-timeout=5s endpoint status --write-out=json',
    'etcdctl get health --write-out=json',
    'etcdctl endpoint hashkv --rev=12',
    'etcdctl alarm list',
    'systemctl show etcd --property=ActiveState',
    'stat --format=%s /var/lib/etcd',
    'hostname',
    'rsync --archive --hard-links --checksum --dry-run --itemize-changes --delete -- /var/lib/etcd/ /backup/',
    'hostname -s',
    'date',
    'date -u +%Y%m%d',
    'curl --disable --silent --fail --max-time 5 --cacert a.pem --cert b.pem --key b.key https://10.141.0.1:2379/debug/vars',
  ])('%s', line => {
    expect(readCommand(words(line)).argv).toEqual(words(line));
  });

  test('a try at a port', () => {
    const argv = ['timeout', '5', 'bash', '-c', PORT_OPEN, 'port', '127.0.0.1', '2379'];
    expect(readCommand(argv).argv).toEqual(argv);
    expect(() => readCommand([...argv, 'more'])).toThrow();
    expect(() => readCommand(argv.map(word => (word === PORT_OPEN ? 'reboot' : word)))).toThrow();
    expect(() => readCommand(['timeout', '5', 'reboot'])).toThrow();
  });

  test('the environment of a module', () => {
    const argv = ['bash', '-lc', MODULE_ENVIRONMENT, 'bash', 'etcd/kube-default'];
    expect(readCommand(argv, { timeoutMs: 5 }).timeoutMs).toBe(5);
  });

  test('cmsh with commands that only look', () => {
    const input = 'configurationoverlay; use kube-default-etcd; get nodes\ndevice status\n';
    expect(readCommand(['cmsh', '-f', INPUT_FILE], { input }).input).toBe(input);
  });
});

describe('does not only look', () => {
  test.each([
    'etcdctl member add node002 --learner --peer-urls=https://10.141.0.2:2380',
    'etcdctl --endpoints=https://10.141.0.1:2379 member remove 10cee25dc156ff4a',
    // A flag with its value in a second word would hide the command behind it.
    'etcdctl --endpoints https://10.141.0.1:2379 member list',
    'etcdctl put member list',
    'etcdctl alarm disarm',
    'etcdctl snapshot save /tmp/list',
    'etcdctl snapshot restore status',
    'systemctl restart etcd',
    'hostname node004',
    'hostname -F /etc/hostname',
    'date -s 12:00',
    'date 112312002026',
    'rm -rf /var/lib/etcd',
    'rsync --archive /var/lib/etcd/ /backup/',
    'rsync --archive --dry-run node001:/var/lib/etcd/ /backup/',
    'rsync --archive --dry-run --rsh=/tmp/evil /var/lib/etcd/ /backup/',
    'rsync --archive --dry-run --log-file=/etc/passwd /var/lib/etcd/ /backup/',
    'sh -c true',
    'bash -lc true',
    'bash',
    'curl --disable --request DELETE https://10.141.0.1:2379/v2/members/1',
    'curl --disable -XPOST https://10.141.0.1:2379/v3/kv/put',
    'curl --disable --output /etc/passwd https://10.141.0.1:2379/health',
    'curl --disable -O https://10.141.0.1:2379/health',
    'curl --disable --config evil https://10.141.0.1:2379/health',
    'curl --disable file:///etc/shadow',
    'curl --disable https://10.141.0.1:2379/health https://10.141.0.2:2379/health',
    // Without --disable the .curlrc of the host decides.
    'curl --silent https://10.141.0.1:2379/health',
  ])('%s', line => {
    expect(() => readCommand(words(line))).toThrow('not on the list');
  });

  test('another script in place of the one that loads a module', () => {
    expect(() => readCommand(['bash', '-lc', `${MODULE_ENVIRONMENT}; reboot`, 'bash', 'etcd'])).toThrow(
      'not on the list',
    );
  });

  test.each([
    'use a\ncommit',
    'configurationoverlay; use a; set priority 1',
    'device power off -n node001',
    'get nodes > /etc/passwd',
    'list | sh',
    '!reboot',
    'get `reboot`',
    'getset a',
  ])('cmsh <<< %s', input => {
    expect(() => readCommand(['cmsh', '-f', INPUT_FILE], { input })).toThrow('not on the list');
  });

  test('cmsh without a script', () => {
    expect(() => readCommand(['cmsh', '-f', INPUT_FILE])).toThrow('not on the list');
  });
});
