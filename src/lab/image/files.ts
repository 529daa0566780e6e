// What is put into the image beside Debian's packages: trimming, and the places where BCM keeps things.

/** One change to the image's tree; paths are absolute in it. Applied in order. */
export type ImageChange =
  | { readonly write: string; readonly text: string; readonly mode?: number }
  | { readonly link: string; readonly to: string }
  | { readonly directory: string; readonly mode?: number }
  | { readonly move: string; readonly to: string }
  | { readonly remove: string };

/** Units that cost time or noise at boot; and Debian's own etcd, in whose place CMDaemon's unit comes. */
const masked = [
  'etcd.service',
  'systemd-logind.service',
  'console-getty.service',
  'getty.target',
  'e2scrub_reap.service',
  'systemd-pstore.service',
  'systemd-update-utmp.service',
  'systemd-update-utmp-runlevel.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'fstrim.timer',
  'systemd-tmpfiles-clean.timer',
  'dev-hugepages.mount',
  'sys-fs-fuse-connections.mount',
  // Each watches a directory, and the machine has few watchers (../watchers.ts).
  'systemd-ask-password-console.path',
  'systemd-ask-password-wall.path',
];

const sshd = `# The practice cluster: nothing to resolve names with, and many sessions at once.
UseDNS no
MaxStartups 500
MaxSessions 500
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
HostKey /etc/ssh/ssh_host_ed25519_key
`;

const ssh = `# The practice cluster: known_hosts has every name and address; checking stays on.
Host *
  HashKnownHosts no
  GSSAPIAuthentication no
`;

const journald = `[Journal]
Storage=persistent
SystemMaxUse=32M
RateLimitIntervalSec=0
ForwardToSyslog=no
`;

// BCM's prompt, as in the vendor's article.
export const bashrc = `[ -z "$PS1" ] || PS1='[\\u@\\h \\W]\\$ '
`;

const profile = `[ -n "$BASH" ] && [ -f ~/.bashrc ] && . ~/.bashrc
`;

const etcdHome = '/cm/local/apps/etcd';

/** Where BCM keeps an etcd's programs; apart from /usr/bin, so that etcdctl needs its environment module. */
export const etcdBinDirectory = (version: string): string => `${etcdHome}/${version}/bin`;
export const etcdConfigDirectory = `${etcdHome}/var/etc`;

export function imageChanges(etcdVersion: string): ImageChange[] {
  const bin = etcdBinDirectory(etcdVersion);
  return [
    { directory: bin },
    { directory: etcdConfigDirectory },
    { move: '/usr/bin/etcd', to: `${bin}/etcd` },
    { move: '/usr/bin/etcdctl', to: `${bin}/etcdctl` },
    { remove: '/etc/default/etcd' },
    { remove: '/var/lib/etcd' },
    { remove: '/etc/systemd/system/multi-user.target.wants/etcd.service' },
    { remove: '/etc/systemd/system/etcd2.service' },
    ...masked.map(unit => ({ link: `/etc/systemd/system/${unit}`, to: '/dev/null' })),
    { directory: '/cm/shared' },
    { directory: '/cm/local/modulefiles' },
    { write: '/etc/environment-modules/modulespath', text: '/cm/local/modulefiles\n' },
    { write: '/etc/ssh/sshd_config.d/quorate.conf', text: sshd },
    { write: '/etc/ssh/ssh_config.d/quorate.conf', text: ssh },
    { write: '/etc/systemd/journald.conf.d/quorate.conf', text: journald },
    // A reboot must not wait a minute and a half for something that does not stop.
    { write: '/etc/systemd/system.conf.d/quorate.conf', text: '[Manager]\nDefaultTimeoutStopSec=5s\n' },
    // Without a logind, systemctl must not try to ask it for a reboot.
    { remove: '/usr/share/dbus-1/system-services/org.freedesktop.login1.service' },
    { remove: '/usr/lib/systemd/system/dbus-org.freedesktop.login1.service' },
    { write: '/etc/nsswitch.conf', text: 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' },
    { write: '/root/.bashrc', text: bashrc },
    { write: '/root/.profile', text: profile },
    { remove: '/etc/motd' },
    { remove: '/etc/update-motd.d' },
    { remove: '/etc/machine-id' },
    { remove: '/etc/hostname' },
    { remove: '/etc/resolv.conf' },
    ...['rsa', 'ecdsa', 'ed25519'].flatMap(kind => [
      { remove: `/etc/ssh/ssh_host_${kind}_key` },
      { remove: `/etc/ssh/ssh_host_${kind}_key.pub` },
    ]),
    { remove: '/var/log/journal' },
    { directory: '/var/log/journal' },
  ];
}
