// What can go wrong under a run, each as something that is done to the practice cluster and undone again.
import { setTimeout as sleep } from 'node:timers/promises';
import { succeeded, type TestLab } from '../../support/lab.ts';
import { addByHand, cmsh, isActive, memberId, memberList } from '../../support/runs.ts';

/** A fault, without the host it strikes. */
export interface FaultKind {
  /** Where it can strike: nodes that are voters or are about to be, the head node, or what is no host. */
  readonly strikes: 'nodes' | 'head node' | 'BCM';
  /** Answers false where there is nothing that it could harm; then it did not strike. */
  strike(lab: TestLab, host: string): Promise<boolean>;
  /** `inOverlay` are the nodes that stand in the overlay of members at the playbook's goal. */
  undo(lab: TestLab, host: string, inOverlay: readonly string[]): Promise<void>;
  /** Whether the host's etcd is no voter that answers, as long as the fault lasts. */
  readonly takesVoter: boolean;
  /** The run goes on, whatever it comes to; otherwise it ends with the fault. */
  readonly runGoesOn: boolean;
  /** What the fault keeps a run from removing, besides what it harms. */
  readonly leaves?: RegExp;
  /** What it keeps a run from removing on nodes, the next run that connects to them removes. */
  readonly swept?: boolean;
  /** What a run says that stops for this fault, where it does not name the node that was struck. */
  readonly says: RegExp;
  /**
   * For how long at most it keeps writes from being acknowledged where it leaves a quorum, besides what the playbook itself does. By
   * default the time of an election that nobody prepared, with what a client waits for a node that is gone.
   */
  readonly stallsMs?: number;
}

const SLOW_MS = 8000;
/** The client that writes runs on the head node. */
const ALWAYS = Number.POSITIVE_INFINITY;
/** What `rsync_dir` says of a copy: other voters have elected a leader since, so nobody knows whether it is the member's last state. */
const STALE_COPY = /the leader has changed since it was taken/;
/** What BCM was to bring about, and did not: a unit, a node, or what a commit changes. */
const BCM_DID_NOT = new RegExp(
  [
    '^etcd on node\\d{3} is not ',
    '^the change was made, and its effect was not seen .*(kube-default|node\\d{3})',
    '^node\\d{3} is .*, not UP',
    '^the installer of node\\d{3} ',
    '^the next install mode of node\\d{3} ',
    '^node\\d{3} (has not come nearer|was not in sync) ',
  ].join('|'),
);
const NO_ROOM = /no space left|the disk of headnode is full \(|jobs cannot be recorded/i;
const OVERLAY = 'configurationoverlay; use kube-default-etcd';
/** A stranger that somebody else adds while a run goes on; no scenario has to do with it. */
const STRANGER = 'node005';

const fault = async (lab: TestLab, what: string, host: string): Promise<true> => {
  succeeded(await lab.lab('fault', what, host));
  return true;
};

/** A fault of `quorate lab fault`, and the one that undoes it. */
function ofHost(
  strikes: FaultKind['strikes'],
  does: string,
  undoes: string | undefined,
  more: Partial<FaultKind> = {},
): FaultKind {
  return {
    strikes,
    strike: (lab, host) => fault(lab, does, host),
    undo: async (lab, host) => {
      if (undoes !== undefined) await fault(lab, undoes, host);
    },
    takesVoter: false,
    runGoesOn: true,
    says: STALE_COPY,
    ...more,
  };
}

/** A fault of etcd: where none runs there is none to harm. */
function ofEtcd(does: string, undoes: string | undefined, more: Partial<FaultKind> = {}): FaultKind {
  const kind = ofHost('nodes', does, undoes, more);
  const runs = (lab: TestLab, host: string) => isActive(lab, host);
  return {
    ...kind,
    strike: async (lab, host) => (await runs(lab, host)) && kind.strike(lab, host),
    undo: async (lab, host, inOverlay) => {
      if (await runs(lab, host)) await kind.undo(lab, host, inOverlay);
    },
  };
}

/** A switch of the stand-in of CMDaemon; `HOST` in it is the host that is struck. */
function ofBcm(on: string, off: string, says: RegExp, strikes: FaultKind['strikes'] = 'BCM'): FaultKind {
  const set = (lab: TestLab, assignment: string, host: string) =>
    fault(lab, 'cmdaemon', assignment.replace('HOST', host));
  return {
    strikes,
    strike: (lab, host) => set(lab, on, host),
    undo: async (lab, host) => void (await set(lab, off, host)),
    // Held down by BCM is as good as off.
    takesVoter: strikes === 'nodes',
    runGoesOn: true,
    says,
  };
}

export const kinds: Readonly<Record<string, FaultKind>> = {
  'power-off': ofHost('nodes', 'power-off', 'power-on', { takesVoter: true }),
  cut: ofHost('nodes', 'cut', 'heal', { takesVoter: true, swept: true }),
  'kill-etcd': ofEtcd('kill-etcd', undefined),
  'freeze-etcd': ofEtcd('freeze-etcd', 'thaw-etcd', { takesVoter: true }),
  'slow-etcd': ofEtcd('freeze-etcd', undefined, {
    stallsMs: 2 * SLOW_MS,
    strike: async (lab, host) => {
      if (!(await isActive(lab, host))) return false;
      await fault(lab, 'freeze-etcd', host);
      await sleep(SLOW_MS);
      return fault(lab, 'thaw-etcd', host);
    },
  }),
  // A member that runs goes on; one that is restarted meanwhile does not come back.
  fill: ofHost('nodes', 'fill', 'free', { takesVoter: true, says: NO_ROOM }),
  'fill-run': ofHost('nodes', 'fill-run', 'free', { says: NO_ROOM }),
  'drop-ssh': ofHost('nodes', 'drop-ssh', undefined),

  'kill-run': {
    ...ofHost('head node', '', undefined, { runGoesOn: false }),
    strike: async lab => (await lab.exec('headnode', ['pkill', '-KILL', '-f', 'quorate.js run'])).exitCode === 0,
  },
  'head-off': ofHost('head node', 'power-off', 'power-on', { runGoesOn: false, stallsMs: ALWAYS }),
  // Where the run ended under it, nobody tells the nodes.
  'head-cut': ofHost('head node', 'cut', 'heal', {
    swept: true,
    says: /(is|are) unreachable|no way to it through the network|no member of etcd answers/,
    stallsMs: ALWAYS,
  }),
  // Nothing can be removed either; a lock that stays is seen to have a dead holder.
  'head-full': ofHost('head node', 'fill', 'free', {
    says: NO_ROOM,
    leaves: /^headnode: (\S+\/quorate\/\S*lock\s*)+$/,
  }),
  'head-run-full': ofHost('head node', 'fill-run', 'free', { says: NO_ROOM }),

  'bcm-slow': ofBcm('slowdown=15', 'slowdown=1', BCM_DID_NOT),
  'bcm-never': ofBcm('slowdown=0', 'slowdown=1', BCM_DID_NOT),
  'bcm-gone': ofBcm('notConnected=true', 'notConnected=false', /can't reach CMDaemon/),
  'no-certificate': ofBcm('certificateNeverIssued=true', 'certificateNeverIssued=false', BCM_DID_NOT),
  'no-return': ofBcm('peerStaysDown=HOST', 'peerStaysDown=', STALE_COPY, 'nodes'),
  misread: ofBcm('commitLosesChange=true', 'commitLosesChange=false', BCM_DID_NOT),

  'other-edit': {
    ...ofBcm('', '', /^somebody else is changing the overlay kube-default/),
    strike: async lab => {
      await cmsh(lab, `${OVERLAY}; set priority 490; commit`);
      return true;
    },
    undo: async lab => void (await cmsh(lab, `${OVERLAY}; set priority 500; commit`)),
  },
  'other-stop': {
    ...ofHost('nodes', '', undefined, {
      takesVoter: true,
      says: /^somebody else is changing the overlay kube-default/,
    }),
    strike: async (lab, host) => {
      if (!(await isActive(lab, host))) return false;
      await cmsh(lab, `${OVERLAY}; removefrom nodes ${host}; commit`);
      return true;
    },
    // Where it is what the playbook itself is to do, undoing it would undo the goal.
    undo: async (lab, host, inOverlay) => {
      if (inOverlay.includes(host)) await cmsh(lab, `${OVERLAY}; append nodes ${host}; commit`);
    },
  },
  'other-member': {
    ...ofBcm('', '', /node005|10\.141\.0\.5|^another learner is there/),
    strike: async lab => {
      await addByHand(lab, STRANGER, await someMember(lab));
      return true;
    },
    undo: async lab => {
      const asked = await someMember(lab);
      const id = await memberId(lab, asked, STRANGER).catch(() => undefined);
      if (id !== undefined) await lab.etcdctl(asked, `member remove ${id}`);
    },
  },
};

async function someMember(lab: TestLab): Promise<string> {
  for (const node of ['node001', 'node002', 'node003', 'node004'])
    if (
      await memberList(lab, node).then(
        () => true,
        () => false,
      )
    )
      return node;
  throw new Error('no node lists the members');
}
