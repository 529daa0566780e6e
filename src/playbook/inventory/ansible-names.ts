import type { Entry } from '../document.ts';
import type { Findings } from '../findings.ts';
import type { Reached } from './written.ts';

/** Ansible's vars that say how a host is reached, and what that is called here. The later one counts. */
export const reachedBy: Readonly<Record<string, keyof Reached>> = {
  ansible_ssh_host: 'address',
  ansible_host: 'address',
  ansible_ssh_port: 'port',
  ansible_port: 'port',
  ansible_ssh_user: 'user',
  ansible_user: 'user',
  ansible_connection: 'connection',
  ansible_private_key_file: 'identityFile',
  ansible_ssh_private_key_file: 'identityFile',
};

const PASSWORD = /^ansible_(?:\w+_)?pass(?:word)?$/;
const KEYS = 'log in with a key or a ticket: a password is never asked for; see docs/transports.md';
const CONFIG = "write it into ssh's configuration (~/.ssh/config): it is in force";
const ROOT = 'log in as the user that is meant (`ansible_user`), or write `become: true` at the play or the task';
const NO_PYTHON = 'remove it: nothing of Python is needed on a host';
const NO_SHELL = 'remove it: hosts need a POSIX sh, and no other shell is used';

/** Ansible's other vars of this kind: what to do instead. Without the `harmless` ones a host would be reached otherwise than meant. */
const replacements: readonly (readonly [pattern: RegExp, hint: string, harmless?: 'harmless'])[] = [
  [PASSWORD, KEYS],
  [/^ansible_(become\w*|sudo\w*|su|su_\w+)$/, ROOT],
  [/^ansible_(ssh|sftp|scp)_(common_|extra_)?args$/, CONFIG],
  [
    /^ansible_ssh_(executable|retries|timeout|pipelining|transfer_method|use_tty|host_key_checking)$/,
    CONFIG,
    'harmless',
  ],
  [/^ansible_(pipelining|timeout|host_key_checking)$/, CONFIG, 'harmless'],
  [/^ansible_\w*python\w*$/, NO_PYTHON, 'harmless'],
  [/^ansible_\w+_interpreter$/, NO_PYTHON, 'harmless'],
  [/^ansible_(shell_type|shell_executable|shell_allow_world_readable_temp|remote_tmp)$/, NO_SHELL, 'harmless'],
  [
    /^ansible_(winrm|psrp|httpapi|netconf|network|docker|paramiko)_\w+$/,
    'hosts are reached by ssh, or are this machine',
  ],
];

/** Reports a var of Ansible's that has no meaning here. `ansible_group_priority` has one in the vars of a group. */
export function checkAnsibleName({ key, keySpan, value }: Entry, found: Findings): void {
  if (!key.startsWith('ansible_') || Object.hasOwn(reachedBy, key) || key === 'ansible_group_priority') return;
  // In INI a value has the place of its whole assignment.
  if (PASSWORD.test(key)) found.hide({ ...value.span, start: Math.max(value.span.start, keySpan.end + 1) });
  const [, hint, harmless] = replacements.find(([pattern]) => pattern.test(key)) ?? [];
  const report = hint !== undefined && !harmless ? found.error.bind(found) : found.warning.bind(found);
  report('invalid-inventory', keySpan, `\`${key}\` has no meaning of its own here`, {
    hint: hint ?? 'it is a var like any other; give one of your own a name that does not begin with ansible_',
  });
}
