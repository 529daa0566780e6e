import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inHostArgv, quoted } from '../../src/lab/in-host.ts';

test('a command gets root’s environment and nothing of the caller’s', () => {
  expect(inHostArgv(42, ['ls', '-l', 'a b'])).toEqual([
    ...['nsenter', '--target=42', '--mount', '--uts', '--ipc', '--net', '--pid', '--'],
    ...['env', '--ignore-environment', '--chdir=/root', 'HOME=/root', 'USER=root', 'LOGNAME=root', 'SHELL=/bin/bash'],
    ...['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
    ...['setpriv', '--pdeathsig', 'TERM', '--', 'ls', '-l', 'a b'],
  ]);
});

test('a terminal brings its kind, and one of the host’s own', () => {
  const argv = inHostArgv(42, ['ls', 'a b'], 'xterm');
  expect(argv).toContain('TERM=xterm');
  expect(argv.slice(-6)).toEqual(['script', '--quiet', '--return', '--command', "ls 'a b'", '/dev/null']);
});

test.each(['', 'a', 'a b', "it's", '$HOME', 'a\nb', '`x`', '\\', '*', '"', '--name=x', "''", 'ü'])(
  'sh reads %j as one word',
  word => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' })).toBe(word);
  },
);
