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
  undo(lab: TestLab, host: string): Promise<void>;
  /** Whether the host's etcd is no voter that answers, as long as the fault lasts. */
  readonly takesVoter: boolean;
  /** The run goes on, whatever it comes to; otherwise it ends with the fault. */
  readonly runGoesOn: boolean;
  /** What the fault keeps a run from removing, besides what it harms. */
  readonly leaves?: RegExp;
  /** What a run says that stops for this fault, where it does not name the host. */
  readonly says: RegExp;
}

const SLOW_MS = 8000;
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
    says: /^$/,
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
    undo: async (lab, host) => {
      if (await runs(lab, host)) await kind.undo(lab, host);
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
  cut: ofHost('nodes', 'cut', 'heal', { takesVoter: true }),
  'kill-etcd': ofEtcd('kill-etcd', undefined),
  'freeze-etcd': ofEtcd('freeze-etcd', 'thaw-etcd', { takesVoter: true }),
  'slow-etcd': ofEtcd('freeze-etcd', undefined, {
    strike: async (lab, host) => {
      if (!(await isActive(lab, host))) return false;
      await fault(lab, 'freeze-etcd', host);
      await sleep(SLOW_MS);
      return fault(lab, 'thaw-etcd', host);
    },
  }),
  // A member that runs goes on; one that is restarted meanwhile does not come back.
  fill: ofHost('nodes', 'fill', 'free', { takesVoter: true, says: /No space left|no space left/ }),
  'fill-run': ofHost('nodes', 'fill-run', 'free', { says: /No space left|no space left/ }),
  'drop-ssh': ofHost('nodes', 'drop-ssh', undefined),

  'kill-run': {
    ...ofHost('head node', '', undefined, { runGoesOn: false }),
    strike: async lab => (await lab.exec('headnode', ['pkill', '-KILL', '-f', 'quorate.js run'])).exitCode === 0,
  },
  'head-off': ofHost('head node', 'power-off', 'power-on', { runGoesOn: false }),
  // Where the run ended under it, nobody tells the nodes: their records stay until sshd's own keepalive finds out.
  'head-cut': ofHost('head node', 'cut', 'heal', {
    leaves: /^node\d+: \/run\/quorate\/\S+$/,
    says: /unreachable|cannot be (reached|seen|asked)|no host|does not answer|answer/,
  }),
  // Nothing can be removed either; a lock that stays is seen to have a dead holder.
  'head-full': ofHost('head node', 'fill', 'free', {
    says: /no space left|No space left|full/,
    leaves: /^headnode: (\S+\/quorate\/\S*lock\s*)+$/,
  }),
  'head-run-full': ofHost('head node', 'fill-run', 'free', { says: /no space left|No space left|\/run\/quorate/ }),

  'bcm-slow': ofBcm('slowdown=15', 'slowdown=1', /overlay|etcd|node\d/),
  'bcm-never': ofBcm('slowdown=0', 'slowdown=1', /etcd|node\d/),
  'bcm-gone': ofBcm('notConnected=true', 'notConnected=false', /cmsh|CMDaemon|BCM/),
  'no-certificate': ofBcm('certificateNeverIssued=true', 'certificateNeverIssued=false', /etcd|node\d/),
  'no-return': ofBcm('peerStaysDown=HOST', 'peerStaysDown=', /^$/, 'nodes'),
  misread: ofBcm('commitLosesChange=true', 'commitLosesChange=false', /overlay|cmsh|kube-default/),

  'other-edit': {
    ...ofBcm('', '', /overlay|kube-default/),
    strike: async lab => {
      await cmsh(lab, `${OVERLAY}; set priority 490; commit`);
      return true;
    },
    undo: async lab => void (await cmsh(lab, `${OVERLAY}; set priority 500; commit`)),
  },
  'other-stop': {
    ...ofHost('nodes', '', undefined, { takesVoter: true, says: /overlay|kube-default/ }),
    strike: async (lab, host) => {
      if (!(await isActive(lab, host))) return false;
      await cmsh(lab, `${OVERLAY}; removefrom nodes ${host}; commit`);
      return true;
    },
    undo: async (lab, host) => void (await cmsh(lab, `${OVERLAY}; append nodes ${host}; commit`)),
  },
  'other-member': {
    ...ofBcm('', '', /somebody else|another learner|learner|node005|10\.141\.0\.5/),
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
