import { describe, expect, it } from 'vitest';
import { compareUnits, desiredUnits } from '../../../src/lab/standin/etcd-unit.ts';
import { etcdHostRole, type State } from '../../../src/lab/standin/state.ts';
import { clusterState } from '../../support/standin.ts';

function unitOf(state: State, node: string): string {
  return desiredUnits(state).get(node)?.text ?? '';
}

function withLearners(nodes: readonly string[], option = '--initial-cluster-state=existing'): State {
  const state = clusterState(['node001', 'node002']);
  const role = etcdHostRole();
  role.values.options = [option];
  const values = { priority: 510, allheadnodes: false, nodes, categories: [] };
  state.objects.configurationoverlay.push({ name: 'kube-default-etcd-learners', values, roles: [role] });
  return state;
}

describe('desiredUnits', () => {
  it('fills in what the role leaves open, and names every member across overlays', () => {
    const state = withLearners(['node003']);
    expect([...desiredUnits(state).keys()]).toEqual(['node001', 'node002', 'node003']);
    expect(unitOf(state, 'node003')).toBe(`[Unit]
Description=etcd of kube-default, run by CMDaemon
After=network.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart=/cm/local/apps/etcd/3.4.23/bin/etcd \\
  --name=node003 \\
  --data-dir=/var/lib/etcd \\
  --listen-client-urls=https://0.0.0.0:2379 \\
  --advertise-client-urls=https://10.141.0.3:2379 \\
  --listen-peer-urls=https://0.0.0.0:2380 \\
  --initial-advertise-peer-urls=https://10.141.0.3:2380 \\
  --cert-file=/cm/local/apps/etcd/var/etc/member.pem \\
  --key-file=/cm/local/apps/etcd/var/etc/member.key \\
  --client-cert-auth \\
  --trusted-ca-file=/cm/local/apps/etcd/var/etc/etcdca-kube-default.pem \\
  --peer-cert-file=/cm/local/apps/etcd/var/etc/member.pem \\
  --peer-key-file=/cm/local/apps/etcd/var/etc/member.key \\
  --peer-client-cert-auth \\
  --peer-trusted-ca-file=/cm/local/apps/etcd/var/etc/etcdca-kube-default.pem \\
  --snapshot-count=5000 \\
  --initial-cluster=node001=https://10.141.0.1:2380,node002=https://10.141.0.2:2380,node003=https://10.141.0.3:2380 \\
  --initial-cluster-token=kube-default \\
  --initial-cluster-state=new \\
  --initial-cluster-state=existing
Restart=no
TimeoutStartSec=infinity
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`);
    expect(unitOf(state, 'node001')).not.toContain('existing');
  });

  it("lets nothing in an option through to systemd's own syntax", () => {
    expect(unitOf(withLearners(['node003'], '--log=%h $HOME "x"'), 'node003')).toContain(
      '  "--log=%%h $$HOME \\"x\\""\nRestart',
    );
  });

  it('keeps etcd clusters apart', () => {
    const state = withLearners(['node003']);
    for (const role of state.objects.configurationoverlay[1]?.roles ?? []) role.values.etcdcluster = 'other';
    expect(unitOf(state, 'node003')).toContain('--initial-cluster=node003=https://10.141.0.3:2380 ');
    expect(unitOf(state, 'node003')).toContain('/etcdca-other.pem');
  });
});

describe('compareUnits', () => {
  const two = unitOf(clusterState(['node001', 'node002']), 'node001');
  const three = unitOf(clusterState(['node001', 'node002', 'node003']), 'node001');
  const swapped = unitOf(clusterState(['node001', 'node003']), 'node001');
  it.each([
    ['the same', two, two, 'none'],
    ['a member more', two, three, 'peers-grew'],
    ['a member less', three, two, 'peers-shrank'],
    ['another member', two, swapped, 'peers-grew'],
    ['another flag', two, two.replace('5000', '1000'), 'own-flags'],
    ['another flag and a member less', three, two.replace('5000', '1000'), 'own-flags'],
    ['another flag and a member more', two, three.replace('5000', '1000'), 'peers-grew'],
    ['something else', '', two, 'peers-grew'],
  ])('tells %s', (_, present, wanted, difference) => {
    expect(compareUnits(present, wanted)).toBe(difference);
  });
});
