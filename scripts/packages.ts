// The Debian packages that the checks need and this machine lacks: those of the practice cluster, an sshd for the
// tests of the ssh transport, sudo for those of `become`, and Jinja, with which expressions and templates are compared. Installs them where it may;
// where it may not, says what is missing and what that costs.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { thisMachine, thisProcess } from '../src/lab/machine.ts';
import { installMissing, labRequirements, type Missing } from '../src/lab/requirements.ts';

const sshd: Missing = { what: 'sshd', remedy: 'apt-get install openssh-server', debianPackage: 'openssh-server' };

const sudo: Missing = { what: 'sudo', remedy: 'apt-get install sudo', debianPackage: 'sudo' };
const jinja: Missing = {
  what: 'Jinja',
  remedy: 'apt-get install python3-jinja2',
  debianPackage: 'python3-jinja2',
};

const machine = thisMachine({
  packageRoot: fileURLToPath(new URL('..', import.meta.url)),
  environment: process.env,
  signal: new AbortController().signal,
  say: line => console.log(`setup: ${line}`),
});
const lacking = [
  ...(await labRequirements({ ...thisProcess, path: process.env.PATH ?? '' })),
  ...(existsSync('/usr/bin/sudo') ? [] : [sudo]),
  ...(existsSync('/usr/sbin/sshd') ? [] : [sshd]),
  ...(existsSync('/usr/lib/python3/dist-packages/jinja2') ? [] : [jinja]),
];
const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
const missing = mayInstall ? await installMissing(machine, lacking) : lacking;
for (const { what, remedy } of missing) console.log(`setup: ${what} is missing: ${remedy}`);
if (missing.length > 0) console.log('setup: without it the tests that need it are skipped; under CI=true they fail');
