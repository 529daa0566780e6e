// Sections 4, 5, 6 and 7 of the vendor's article on etcd members, typed in, on three members. The transcripts below are the
// article's own (a public knowledge-base article of Bright Cluster Manager); every line of ours must be its line,
// with these differences set aside:
// - dates, and how many blanks divide words (the article shows tables with single blanks);
// - identifiers of members that came later: they are made of the time. The identifiers of the first three, and the
//   cluster's, are equal, because they are made of the peer URLs and the token `kube-default`;
// - the order of `member list` (by identifier) and of the names in ETCD_INITIAL_CLUSTER (etcd's is random);
// - blank lines (etcdctl prints one after `member add`, the article shows none).
import { expect, test } from 'vitest';
import { describeOnLab, succeeded, withLab } from '../support/lab.ts';
import { Terminal } from '../support/terminal.ts';

const CMSH = '[headnode->configurationoverlay';
const SHOW = `Parameter Value
-------------------------------- ------------------------------------------------
Name kube-default-etcd-learners
Revision
All head nodes no`;

const REMOVE_FROM_OVERLAY = `[root@headnode ~]# cmsh
[headnode]% configurationoverlay
${CMSH}]% use kube-default-etcd
${CMSH}[kube-default-etcd]]% removefrom nodes node003
${CMSH}*[kube-default-etcd*]]% commit
${CMSH}[kube-default-etcd]]%`;

const STOPPED = 'Tue Apr 5 12:19:30 2022 [notice] node003: Service etcd was stopped';

const REMOVE_MEMBER = `[root@node001 ~]# module load etcd/kube-default/3.4.13
[root@node001 ~]# etcdctl member list
10cee25dc156ff4a, started, node002, https://10.141.0.2:2380, https://10.141.0.2:2379, false
4a336cbcb0bafdc0, started, node001, https://10.141.0.1:2380, https://10.141.0.1:2379, false
bd786940e5446229, started, node003, https://10.141.0.3:2380, https://10.141.0.3:2379, false
[root@node001 ~]# etcdctl member remove bd786940e5446229
Member bd786940e5446229 removed from cluster eef6e88516650e5b
[root@node001 ~]# etcdctl member list
10cee25dc156ff4a, started, node002, https://10.141.0.2:2380, https://10.141.0.2:2379, false
4a336cbcb0bafdc0, started, node001, https://10.141.0.1:2380, https://10.141.0.1:2379, false
[root@node001 ~]#`;

const ADD_LEARNER = `[root@node001 ~]# etcdctl member add node003 --learner --peer-urls=https://10.141.0.3:2380
Member 690ed538336601f4 added to cluster eef6e88516650e5b
ETCD_NAME="node003"
ETCD_INITIAL_CLUSTER="node002=https://10.141.0.2:2380,node001=https://10.141.0.1:2380,node003=https://10.141.0.3:2380"
ETCD_INITIAL_ADVERTISE_PEER_URLS="https://10.141.0.3:2380"
ETCD_INITIAL_CLUSTER_STATE="existing"
[root@node001 ~]#`;

const MAKE_OVERLAY = `[root@headnode ~]# cmsh
[headnode]% configurationoverlay
${CMSH}]% clone kube-default-etcd kube-default-etcd-learners
${CMSH}*[kube-default-etcd-learners*]]% show
${SHOW}
Priority 500
Nodes node001,node002
Categories
Roles Etcd::Host
Customizations <0 in submode>
${CMSH}*[kube-default-etcd-learners*]]% set priority 510
${CMSH}*[kube-default-etcd-learners*]]% set allheadnodes no
${CMSH}*[kube-default-etcd-learners*]]% set nodes
${CMSH}*[kube-default-etcd-learners*]]% set categories
${CMSH}*[kube-default-etcd-learners*]]% append nodes node003
${CMSH}*[kube-default-etcd-learners*]]% show
${SHOW}
Priority 510
Nodes node003
Categories
Roles Etcd::Host
Customizations <0 in submode>
${CMSH}*[kube-default-etcd-learners*]]% roles
${CMSH}*[kube-default-etcd-learners*]->roles*]% use etcd::host
${CMSH}*[kube-default-etcd-learners*]->roles*[Etcd::Host*]]% append options "--initial-cluster-state=existing"
${CMSH}*[kube-default-etcd-learners*]->roles*[Etcd::Host*]]% commit
${CMSH}[kube-default-etcd-learners]->roles[Etcd::Host]]%`;

const JOINED = `Tue Apr 5 12:37:12 2022 [notice] headnode: New certificate request with ID: 48
Tue Apr 5 12:37:13 2022 [notice] node003: Service etcd was not allowed to restart
Tue Apr 5 12:37:13 2022 [notice] node003: Service etcd was not allowed start
Tue Apr 5 12:37:23 2022 [notice] node001: Service etcd was restarted
Tue Apr 5 12:37:23 2022 [notice] node002: Service etcd was restarted
Tue Apr 5 12:37:25 2022 [notice] headnode: Service kube-apiserver was restarted
Tue Apr 5 12:37:35 2022 [warning] node003: Service etcd died
Tue Apr 5 12:37:35 2022 [notice] node003: Service etcd was not restarted
Tue Apr 5 12:37:35 2022 [notice] headnode: New certificate request with ID: 49
Tue Apr 5 12:37:39 2022 [notice] headnode: New certificate request with ID: 50
Tue Apr 5 12:38:07 2022 [warning] node003: Service etcd died
Tue Apr 5 12:38:15 2022 [notice] node003: Service etcd was restarted`;

const PROMOTE = `[root@node001 ~]# etcdctl member list
10cee25dc156ff4a, started, node002, https://10.141.0.2:2380, https://10.141.0.2:2379, false
4a336cbcb0bafdc0, started, node001, https://10.141.0.1:2380, https://10.141.0.1:2379, false
690ed538336601f4, started, node003, https://10.141.0.3:2380, https://10.141.0.3:2379, true
[root@node001 ~]# etcdctl member promote 690ed538336601f4
Member 690ed538336601f4 promoted in cluster eef6e88516650e5b
[root@node001 ~]# etcdctl member list
10cee25dc156ff4a, started, node002, https://10.141.0.2:2380, https://10.141.0.2:2379, false
4a336cbcb0bafdc0, started, node001, https://10.141.0.1:2380, https://10.141.0.1:2379, false
690ed538336601f4, started, node003, https://10.141.0.3:2380, https://10.141.0.3:2379, false
[root@node001 ~]#`;

const MOVE = `[root@headnode ~]# cmsh
[headnode]% configurationoverlay
${CMSH}]% use kube-default-etcd-learners
${CMSH}[kube-default-etcd-learners]]% removefrom nodes node003
${CMSH}*[kube-default-etcd-learners*]]% ..
${CMSH}*]% use kube-default-etcd
${CMSH}*[kube-default-etcd]]% append nodes node003
${CMSH}*[kube-default-etcd*]]% ..
${CMSH}*]% commit
Successfully committed 2 ConfigurationOverlays
${CMSH}]%`;

const RESTARTED = 'Tue Apr 5 12:46:02 2022 [notice] node003: Service etcd was restarted';

/** The article's identifier of the member that is added, which is another each time. */
const NEW_MEMBER = '690ed538336601f4';

/** A text as lines that can be compared; `member` is our identifier of the added member. */
function comparable(text: string, member: string): string[] {
  const lines = text
    .replaceAll(member, NEW_MEMBER)
    .replace(/^(\w{3} ){2}\d+ [\d:]{8} \d{4} /gm, 'DATE ')
    .replace(/ETCD_INITIAL_CLUSTER="(.*)"/, (_, names: string) => `ETCD_INITIAL_CLUSTER="${names.split(',').sort()}"`)
    .split('\n')
    .map(line => line.replace(/\s+/g, ' ').trim())
    .filter(line => line !== '');
  return sortMembers(lines);
}

/** Neighbouring lines of `member list` by name. */
function sortMembers(lines: readonly string[]): string[] {
  const sorted: string[] = [];
  let members: string[] = [];
  for (const line of [...lines, '']) {
    if (/^[0-9a-f]{16}, /.test(line)) members.push(line);
    else {
      sorted.push(...members.sort((a, b) => nameIn(a).localeCompare(nameIn(b))), line);
      members = [];
    }
  }
  return sorted.slice(0, -1);
}

function nameIn(line: string): string {
  return line.split(', ')[2] ?? '';
}

/** Types what the transcript has after its prompts. Resolves to the transcript of what happened. */
async function play(terminal: Terminal, transcript: string, member: string): Promise<string> {
  const printed: string[] = [];
  for (const line of transcript.split('\n')) {
    const typed = /^\[.*?\][%#] (.+)$/.exec(line)?.[1];
    if (typed === undefined) continue;
    // The prompt at the end of each answer is seen again before the next line.
    printed.splice(-1, 1, ...(await terminal.type(typed.replace(NEW_MEMBER, member))));
  }
  return printed.join('\n');
}

/** Waits for the events of a transcript, as many as it has. */
async function events(terminal: Terminal, transcript: string): Promise<string> {
  const wanted = transcript.split('\n').length;
  const lines = (text: string): string[] => text.split('\n').filter(line => /\[(notice|warning)\]/.test(line));
  return lines(await terminal.waitFor(text => lines(text).length >= wanted, `${wanted} events`, 60_000)).join('\n');
}

const SPOOL = `[root@headnode ~]# cmsh
[headnode]% configurationoverlay
${CMSH}]% use kube-default-etcd
${CMSH}[kube-default-etcd]]% roles
${CMSH}[kube-default-etcd]->roles]% use etcd::host
${CMSH}[kube-default-etcd]->roles[Etcd::Host]]% show
Parameter Value
-------------------------------- ------------------------------------------------
Name Etcd::Host
Revision
Type EtcdHostRole
Add services yes
Member Certificate
Member Certificate Key
Provisioning associations <0 internally used>
Etcd Cluster kube-default
Member Name $hostname
Spool /var/lib/etcd
Listen Client URLs https://0.0.0.0:2379
Listen Peer URLs https://0.0.0.0:2380
Advertise Client URLs https://$ip:2379
Advertise Peer URLs https://$ip:2380
Snapshot Count 5000
Options
Debug no
${CMSH}[kube-default-etcd]->roles[Etcd::Host]]%`;

const PUT_BACK = `[root@headnode ~]# cmsh
[headnode]% configurationoverlay
${CMSH}]% use kube-default-etcd
${CMSH}[kube-default-etcd]]% append nodes node003
${CMSH}*[kube-default-etcd*]]% commit
${CMSH}[kube-default-etcd]]%`;

const BACK_UP = [
  'mkdir -p /cm/shared/etcd-backups/$(hostname)/{etcd,etc}',
  'rsync -raPv --delete /var/lib/etcd/ /cm/shared/etcd-backups/$(hostname)/etcd/',
  'rsync -raPv --delete /cm/local/apps/etcd/var/etc/ /cm/shared/etcd-backups/$(hostname)/etc/',
];

const RESTORE = [
  'rsync -raPv --delete /cm/shared/etcd-backups/$(hostname)/etcd/ /var/lib/etcd/',
  'rsync -raPv --delete /cm/shared/etcd-backups/$(hostname)/etc/ /cm/local/apps/etcd/var/etc/',
];

/** A line of `etcdctl endpoint status`, less what differs from cluster to cluster: versions, sizes, terms, indexes. */
const STATUS =
  /^https:\/\/10\.141\.0\.(\d):2379, ([0-9a-f]{16}), [\d.]+, [\d.]+ [kM]B, (true|false), false, \d+, \d+, \d+,\s*$/gm;

describeOnLab("the vendor's article, typed in", () => {
  const lab = withLab('e2e-article', '--nodes', '3', '--members', '3');

  test('answers as the article says: sections 5 and 6', { timeout: 120_000 }, async () => {
    const head = new Terminal(lab.name, 'headnode');
    const member = new Terminal(lab.name, 'headnode');
    const agrees = (actual: string, article: string, added = NEW_MEMBER) =>
      expect(comparable(actual, added)).toEqual(comparable(article, NEW_MEMBER));
    try {
      // 5.1
      agrees(await play(head, REMOVE_FROM_OVERLAY, ''), REMOVE_FROM_OVERLAY);
      agrees(await events(head, STOPPED), STOPPED);
      await head.type('quit');
      // 5.2
      await member.type('ssh node001');
      agrees(await play(member, REMOVE_MEMBER, ''), REMOVE_MEMBER);

      // 6: "Let's say the hard-drive has been completely replaced, and the node is back online."
      succeeded(await lab.lab('fault', 'wipe', 'node003'));
      succeeded(await lab.lab('fault', 'power-on', 'node003'));
      // 6.1 has no transcript; what it asks for:
      expect((await lab.exec('node003', ['systemctl', 'is-active', 'etcd'])).stdout).toBe('inactive');
      expect(await lab.must('node003', ['ls', '-A', '/var/lib/etcd'])).toBe('');

      // 6.2. etcd refuses to add a member until all voters have been connected for 5 s; a person is slower than this test.
      await new Promise(resolve => setTimeout(resolve, 6_000));
      const added = await play(member, ADD_LEARNER, '');
      const identifier = /^Member ([0-9a-f]{16}) added/m.exec(added)?.[1] ?? '';
      agrees(added, ADD_LEARNER, identifier);

      // 6.3
      agrees(await play(head, MAKE_OVERLAY, ''), MAKE_OVERLAY);
      agrees(await events(head, JOINED), JOINED);
      await head.type('quit');

      // 6.4
      agrees(await play(member, PROMOTE, identifier), PROMOTE, identifier);

      // 6.5
      agrees(await play(head, MOVE, ''), MOVE);
      agrees(await events(head, RESTARTED), RESTARTED);

      const health = await lab.etcdctl('node001', 'endpoint health --cluster 2>&1');
      expect(health.match(/is healthy/g)).toHaveLength(3);
    } finally {
      head.close();
      member.close();
    }
  });
});

describeOnLab("the vendor's article, typed in: snapshots and rsync", () => {
  const lab = withLab('e2e-article-7', '--nodes', '3', '--members', '3');

  test('sections 4 and 7 answer as the article says', { timeout: 180_000 }, async () => {
    const head = new Terminal(lab.name, 'headnode');
    const cmsh = new Terminal(lab.name, 'headnode');
    const agrees = (actual: string, article: string) =>
      expect(comparable(actual, NEW_MEMBER)).toEqual(comparable(article, NEW_MEMBER));
    const typed = async (lines: readonly string[]) => {
      for (const line of lines) {
        expect((await head.type(`${line}; echo "status $?"`)).join('\n')).toMatch(/^status 0$/m);
      }
    };
    try {
      // 4
      const health = (await head.type('pdsh -w node00[1-3] "module load etcd; etcdctl -w table endpoint health"')).join(
        '\n',
      );
      for (const n of [1, 2, 3]) {
        expect(health).toMatch(new RegExp(`^node00${n}: \\| https://10\\.141\\.0\\.${n}:2379 \\| +true \\|`, 'm'));
      }
      await head.type('mkdir -p /cm/shared/backup/etcd');
      const snapshots =
        'pdsh -w node00[1-3] "module load etcd; etcdctl snapshot save /cm/shared/backup/etcd/etcd-\\$(hostname)-\\$(date +"%Y%m%d%H%M%S")"';
      const saved = (await head.type(snapshots)).join('\n');
      const paths = [...saved.matchAll(/^(node00\d): Snapshot saved at (\S+)$/gm)];
      expect(paths.map(match => match[1]).sort()).toEqual(['node001', 'node002', 'node003']);
      for (const [, node, path = ''] of paths) {
        expect(path).toMatch(new RegExp(`^/cm/shared/backup/etcd/etcd-${node}-\\d{14}$`));
        expect(await lab.etcdctl('node001', `snapshot status ${path}`)).toMatch(/^[0-9a-f]+, \d+, \d+, .*B$/m);
      }

      // 7: where the spool is
      agrees(await play(cmsh, SPOOL, ''), SPOOL);
      await cmsh.type('quit');

      // 7.1
      agrees(await play(cmsh, REMOVE_FROM_OVERLAY, ''), REMOVE_FROM_OVERLAY);
      agrees(await events(cmsh, STOPPED), STOPPED);
      await cmsh.type('quit');
      await head.type('ssh node003');
      expect((await head.type('systemctl is-active etcd')).join('\n')).toMatch(/^inactive$/m);
      await typed(BACK_UP);

      // "Assuming that the node is now back online": its disk is another one.
      await head.type('exit');
      succeeded(await lab.lab('fault', 'wipe', 'node003'));
      succeeded(await lab.lab('fault', 'power-on', 'node003'));

      // 7.2
      await head.type('ssh node003');
      await typed(RESTORE);
      await head.type('exit');
      agrees(await play(cmsh, PUT_BACK, ''), PUT_BACK);
      const confirm = [
        'module load etcd/kube-default/3.4.13',
        `ETCDCTL_ENDPOINTS=$(etcdctl member list | awk -F ',' '{print $5}' | sed 's/\\s//' | paste -sd ",")`,
        'etcdctl endpoint status',
      ].join('\n');
      const deadline = Date.now() + 30_000;
      let lines: RegExpMatchArray[] = [];
      while (lines.length < 3 && Date.now() < deadline) {
        await new Promise(resolve => setTimeout(resolve, 1_000));
        const { stdout } = await lab.exec('node001', ['bash', '--login', '-c', confirm]);
        lines = [...stdout.matchAll(STATUS)];
      }
      expect(lines.map(line => `node00${line[1]} ${line[2]}`).sort()).toEqual([
        'node001 4a336cbcb0bafdc0',
        'node002 10cee25dc156ff4a',
        'node003 bd786940e5446229',
      ]);
      expect(lines.filter(line => line[3] === 'true')).toHaveLength(1);
    } finally {
      head.close();
      cmsh.close();
    }
  });
});
