import { CERTIFICATE_DIR, type EtcdUnit, UNIT_PATH } from './etcd-unit.ts';
import type { ManagedNode, NodeFile } from './managed-node.ts';
import { runScript } from './remote-shell.ts';

const SPOOL = '/var/lib/etcd';
const QUICK_MS = 10_000;
/** How long etcd may wait for a quorum before its start counts as one. */
const START_WAIT_S = 15;

/** A node that CMDaemon reaches by ssh, as root. */
export function sshNode(name: string): ManagedNode {
  const succeeds = async (script: string): Promise<boolean> => (await runScript(name, script, QUICK_MS)).status === 0;
  return {
    name,
    inspect: async () => {
      const { status, output } = await runScript(name, INSPECT, QUICK_MS);
      if (status !== 0) return undefined;
      const [state = '', certificate = '', bootId = '', ...unit] = output.split('\n');
      return {
        bootId,
        running: !/^(inactive|failed|)$/.test(state),
        certificate: certificate === 'certificate',
        unit: unit.join('\n') === '' ? undefined : unit.join('\n'),
      };
    },
    writeFiles: files => succeeds(writeScript(files)),
    installUnit: unit => succeeds(installScript(unit)),
    restart: async () => {
      const { status } = await runScript(name, RESTART, QUICK_MS + START_WAIT_S * 1000);
      if (status === undefined) return undefined;
      return status === 0 ? 'running' : 'died';
    },
    stop: () => succeeds('systemctl stop etcd && systemctl --quiet disable etcd'),
    reboot: async how => {
      // A reset answers no more: its connection breaks.
      await runScript(name, how === 'reset' ? 'systemctl reboot --force --force' : 'systemctl reboot', QUICK_MS);
    },
    wipe: spool => succeeds(wipeScript(spool ?? SPOOL)),
  };
}

const INSPECT = `
systemctl show --property=ActiveState --value etcd
[ -s ${CERTIFICATE_DIR}/member.pem ] && echo certificate || echo none
cat /proc/sys/kernel/random/boot_id
if [ -f ${UNIT_PATH} ]; then cat ${UNIT_PATH}; fi
`;

// A start that waits for a quorum goes on after \`timeout\` has ended the waiting.
const RESTART = `
timeout ${START_WAIT_S} systemctl restart etcd
status=$?
[ $status = 124 ] && exit 0
exit $status
`;

// What a node made itself lies in few places, and the image that a FULL install copies holds none of it. Its identity
// (host keys, root's authorized_keys) is put there again by BCM, so it stays.
function wipeScript(spool: string): string {
  return `set -e
systemctl stop etcd 2>/dev/null || true
rm -rf ${CERTIFICATE_DIR} ${UNIT_PATH} ${SPOOL} ${SPOOL}.* '${spool}' '${spool}'.*
rm -rf /root/[!.]* /home/* /srv/* /tmp/* /var/tmp/* /var/lib/quorate*
install -d -m 0700 ${SPOOL}
systemctl daemon-reload
`;
}

function installScript(unit: EtcdUnit): string {
  const file = { path: UNIT_PATH, text: unit.text, mode: 0o644 };
  return `set -e
[ -d '${unit.spool}' ] || install -d -m 0700 '${unit.spool}'
${writeScript([file])}
systemctl daemon-reload
`;
}

/** Each file appears whole, with its mode, or not at all. */
function writeScript(files: readonly NodeFile[]): string {
  const writes = files.map(({ path, text, mode }) => {
    const directory = path.slice(0, path.lastIndexOf('/'));
    const encoded = Buffer.from(text).toString('base64');
    return `mkdir -p '${directory}'
: > '${path}.new'
chmod ${mode.toString(8)} '${path}.new'
echo ${encoded} | base64 -d > '${path}.new'
mv '${path}.new' '${path}'`;
  });
  return ['set -e', ...writes].join('\n');
}
