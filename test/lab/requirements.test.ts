import { expect, test } from 'vitest';
import { type Findings, judge, requirementsProblem, tools } from '../../src/lab/requirements.ts';

const whole: Findings = { platform: 'linux', root: true, debian: true, overlayfs: true, missingTools: [] };

test('a machine that has everything lacks nothing', () => {
  expect(judge(whole)).toEqual([]);
});

test('on another system that is all there is to say', () => {
  expect(judge({ ...whole, platform: 'darwin', root: false }).map(one => one.what)).toEqual(['Linux (this is darwin)']);
});

test('everything that is missing is said at once, with how to get it and what works without', () => {
  const missing = judge({ ...whole, root: false, overlayfs: false, debian: false, missingTools: tools.slice(0, 2) });
  expect(requirementsProblem(missing)).toMatchObject({
    kind: 'missing',
    message: [
      'the practice cluster needs what this machine does not have:',
      '  root: run it as root: network namespaces and mounts need it',
      '  overlayfs in the kernel: modprobe overlay',
      '  Debian, or a system made from it: the hosts are made from the machine’s own apt sources',
      '  mmdebstrap: apt-get install mmdebstrap',
      '  systemd-nspawn: apt-get install systemd-container',
      'without it, everything but `quorate lab` works: lint, doc and run against hosts of your own.',
    ].join('\n'),
    hint: undefined,
  });
});

test('where only packages are missing, --install is the next thing to type', () => {
  const missing = judge({ ...whole, missingTools: tools.slice(0, 1) });
  expect(requirementsProblem(missing).hint).toBe('let it install them: quorate lab up --install');
});
