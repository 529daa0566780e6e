import type { Trouble } from '../core/trouble.ts';

interface Known {
  readonly sign: RegExp;
  /** Or made of what the sign found. */
  readonly why: string | ((found: string) => string);
  readonly hint: (target: Target) => string;
}

interface Target {
  readonly name: string;
  readonly address: string;
  /** What to type to see it for oneself: `ssh -p 22 root@10.141.0.2 true`. */
  readonly command: string;
}

// The messages are OpenSSH's (ssh.c, sshconnect.c, sshconnect2.c) and the C library's; the first is the driver's (driver.ts).
const known: readonly Known[] = [
  {
    sign: /jobs cannot be recorded in \S+ there/,
    why: found => found,
    hint: t => `is its file system full? ${t.command.replace(/ true$/, '')} df -h /run /tmp`,
  },
  {
    sign: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    why: 'its host key is not the one in known_hosts',
    hint: t => `if the node was reinstalled, remove the old key: ssh-keygen -R ${t.address}; then: ${t.command}`,
  },
  {
    sign: /Host key verification failed|host key is known/i,
    why: 'its host key is not in known_hosts',
    hint: t => `log in once and compare the fingerprint: ${t.command}`,
  },
  {
    sign: /Permission denied|Too many authentication failures|No more authentication methods/i,
    why: 'ssh may not log in there',
    hint: t => `a login without a password must work: ${t.command}`,
  },
  {
    sign: /Could not resolve hostname/i,
    why: 'its name has no address',
    hint: t => `check the spelling of ${t.address}, or give the host an address in the inventory`,
  },
  {
    sign: /timed out|timeout/i,
    why: 'it does not answer (timed out)',
    hint: t => `is it powered on? cmsh -c "device status ${t.name}"; then: ${t.command}`,
  },
  {
    sign: /No route to host|Network is unreachable|Host is down/i,
    why: 'there is no way to it through the network',
    hint: t => `is it powered on? cmsh -c "device status ${t.name}"; then: ${t.command}`,
  },
  {
    sign: /Connection refused/i,
    why: 'it refuses the connection: no sshd listens there',
    hint: t => `is it still booting? ${t.command}`,
  },
  {
    sign: /Connection (reset|closed)|kex_exchange_identification|Broken pipe/i,
    why: 'it closed the connection at once',
    hint: t => `see its log: journalctl -u ssh -u sshd; then: ${t.command}`,
  },
  {
    sign: /ENOENT/,
    why: 'there is no ssh on this machine',
    hint: () => 'install it: apt-get install openssh-client',
  },
];

/** Why ssh did not get through: reads what it wrote to stderr. */
export function troubleOf(stderr: string, target: Target): Trouble {
  for (const { sign, why, hint } of known) {
    const found = sign.exec(stderr)?.[0];
    if (found !== undefined) return { why: typeof why === 'string' ? why : why(found), hint: hint(target) };
  }
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return { why: last || 'ssh ended without saying why', hint: `try: ${target.command}` };
}
