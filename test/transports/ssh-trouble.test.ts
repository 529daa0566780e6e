import { expect, test } from 'vitest';
import { troubleOf } from '../../src/transports/ssh-trouble.ts';

const target = { name: 'node002', address: '10.141.0.2', command: 'ssh root@10.141.0.2 true' };

test.each([
  [
    'ssh: connect to host 10.141.0.2 port 22: Connection timed out',
    'does not answer (timed out)',
    'device status node002',
  ],
  ['Connection timed out during banner exchange', 'does not answer (timed out)', 'device status node002'],
  ['ssh: connect to host 10.141.0.2 port 22: No route to host', 'no way to it', 'device status node002'],
  ['ssh: connect to host 10.141.0.2 port 22: Connection refused', 'refuses', 'booting'],
  ['ssh: Could not resolve hostname node02: Name or service not known', 'no address', 'inventory'],
  ['Host key verification failed.', 'not in known_hosts', 'fingerprint'],
  [
    '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
    'not the one',
    'ssh-keygen -R',
  ],
  ['root@10.141.0.2: Permission denied (publickey).', 'may not log in', 'without a password'],
  ['kex_exchange_identification: Connection closed by remote host', 'closed the connection', 'journalctl'],
  ['Command failed with ENOENT: ssh', 'no ssh on this machine', 'openssh-client'],
  [
    'jobs cannot be recorded in /run/quorate/r1/node002 there\nsh: 9: echo: echo: I/O error',
    'jobs cannot be recorded in /run/quorate/r1/node002 there',
    'is its file system full? ssh root@10.141.0.2 df -h /run /tmp',
  ],
  ['first\nsomething new', 'something new', 'ssh root@10.141.0.2 true'],
  ['', 'without saying why', 'ssh root@10.141.0.2 true'],
])('%j', (stderr, why, hint) => {
  const trouble = troubleOf(stderr, target);
  expect(trouble.why).toContain(why);
  expect(trouble.hint).toContain(hint);
});
