import { Failure } from '../core/failure.ts';
import type { Become, InventoryHost } from '../core/inventory.ts';
import type { NoDriver } from './channel.ts';
import { quote } from './quote.ts';

/** sudo as it becomes somebody: it never asks for a password, because nobody could type one. */
export function sudo({ user, flags }: Become): readonly string[] {
  return ['sudo', ...flags, '-n', '-u', user, '--'];
}

/** Shell text that runs `command` (shell text without single quotes), as somebody else where that is asked for, from their home. */
export function shellAs(become: Become | undefined, command: string): string {
  if (!become) return `exec sh -c '${command}'`;
  return `exec ${sudo(become)
    .map(word => quote(word))
    .join(' ')} sh -c 'cd 2>/dev/null || cd /; ${command}'`;
}

interface Known {
  readonly sign: RegExp;
  readonly why: (host: string, user: string) => string;
  readonly hint: (user: string) => string;
}

// sudo's own messages (plugins/sudoers, 1.9), and those of shells for a program that is not there.
const known: readonly Known[] = [
  {
    sign: /password is required|terminal is required|askpass/i,
    why: (host, user) => `sudo on ${host} wants a password before it becomes ${user}`,
    hint: user => `allow it without one: LOGIN ALL=(${user}) NOPASSWD: ALL in sudoers; or log in as ${user}`,
  },
  {
    sign: /unknown user/i,
    why: (host, user) => `there is no user ${user} on ${host}`,
    hint: () => 'check the spelling of become_user',
  },
  {
    sign: /sudo: (not found|command not found)|sudo: No such file/i,
    why: host => `there is no sudo on ${host}`,
    hint: user => `install it, or log in as ${user}`,
  },
];

/** Why nobody could become whom they were to; undefined where sudo had no part in it. */
export function becomeFailure(
  { name, become }: Pick<InventoryHost, 'name' | 'become'>,
  { stderr }: NoDriver,
): Failure | undefined {
  if (!become || !/\bsudo\b/.test(stderr)) return undefined;
  for (const { sign, why, hint } of known) {
    if (sign.test(stderr)) return new Failure('become-failed', why(name, become.user), { hint: hint(become.user) });
  }
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return new Failure('become-failed', `${name}: cannot become ${become.user}: ${last}`, {
    hint: `see what is allowed there: ssh ${name} sudo -l`,
  });
}
