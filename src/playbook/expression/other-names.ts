/** Names of other languages for what has another name here. */
const otherNames: Readonly<Record<string, string>> = {
  null: 'none',
  nil: 'none',
  True: 'true',
  yes: 'true',
  no: 'false',
};

/** What Ansible's `setup` gathers, by the beginnings of its names. */
const FACT =
  /^ansible_(facts$|local$|distribution|os_family|kernel|architecture|machine|hostname|fqdn|nodename|domain|(default|all)_ipv|interfaces|eth\d|mem|swap|processor|date_time|env$|mounts|devices|system|service_mgr|pkg_mgr|selinux|user_|uptime_seconds|virtualization|lsb|product|bios|cmdline|dns|python_version)/;

/** What to write instead of a name that people bring from elsewhere. */
export function otherName(name: string): string | undefined {
  if (FACT.test(name)) return 'facts are never gathered: `register` what you ask for, such as `command: uname -r`';
  const here = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  return here === undefined ? undefined : `write \`${here}\``;
}
