import type { Probe } from './host.ts';

/** How etcdctl is reached on a host: through its environment module, as the article does, or by explicit flags. */
export interface ClusterAccess {
  /** The environment module, such as `etcd/kube-default` (the newest of it) or `etcd/kube-default/3.4.13`. */
  readonly module?: string;
  readonly endpoints?: readonly string[];
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The path of etcdctl where it is not on the PATH. */
  readonly etcdctl?: string;
  /** Hosts on which etcdctl may be run. Default: the hosts of the group `etcd`, else the host of the task. */
  readonly via?: readonly string[];
}

/** A change of the membership of an etcd cluster. The member is known by what it is called, its URL, its ID, or all. */
export interface MembershipRisk {
  readonly kind: 'membership';
  readonly change: 'add-learner' | 'add-voter' | 'promote' | 'remove';
  readonly member: { readonly name?: string; readonly id?: string; readonly peerUrl?: string };
  /** Only of a learner that a simulated past has added: nothing has started it yet. */
  readonly started?: false;
  readonly access: ClusterAccess;
}

/**
 * etcd stops on hosts: for good, for the time of a restart, or with its data. `restore`: the data of one that is stopped is set
 * aside for that of a snapshot, to begin a new cluster with.
 */
export interface ServiceRisk {
  readonly kind: 'service';
  readonly effect: 'stop' | 'restart' | 'wipe' | 'restore';
  readonly hosts: readonly string[];
  /** Only of a wipe: data of the same member takes the place of what is lost, so that it can be started again. */
  readonly replaced?: true;
  /** True where they stop at the same moment, as BCM restarts the peers when an overlay gains a node. */
  readonly together: boolean;
  readonly access: ClusterAccess;
}

/** A command whose effect is not known: the membership is compared before and after it. */
export interface OpaqueRisk {
  readonly kind: 'opaque';
  readonly command: string;
}

/** What BCM holds of a configuration overlay. */
export interface OverlayState {
  readonly name: string;
  readonly priority: number;
  readonly allHeadNodes: boolean;
  readonly nodes: readonly string[];
  readonly categories: readonly string[];
  readonly roles: readonly {
    readonly name: string;
    readonly options: readonly string[];
    readonly etcdCluster?: string;
  }[];
}

/**
 * BCM is told something. By itself it costs no member anything, so it is always safe (what follows from it are risks of
 * their own); it is here so that in check mode later tasks see what BCM would hold by then.
 */
export interface ConfigurationRisk {
  readonly kind: 'configuration';
  readonly overlay: string;
  /** Absent: it is removed. */
  readonly becomes?: OverlayState;
  /** Nodes on which BCM starts etcd because of it; absent where there are none. */
  readonly starts?: readonly string[];
}

/**
 * Leadership is handed to another voter. No vote is gained or lost, so it is always safe; it is here so that in check mode
 * later tasks see who would lead by then.
 */
export interface LeadershipRisk {
  readonly kind: 'leadership';
  /** The ID of the voter that leads afterwards, in hex. */
  readonly to: string;
}

export type Risk = MembershipRisk | ServiceRisk | OpaqueRisk | ConfigurationRisk | LeadershipRisk;

/** For changes that touch no member of an etcd cluster. */
export const noRisks = (): readonly Risk[] => [];

export type VerdictKind = 'safe' | 'fragile' | 'interrupts' | 'refused';

/** The numbers a verdict rests on, before and after the change. Unknown health counts as down. */
export interface Standing {
  readonly voters: number;
  readonly healthy: number;
  readonly learners: number;
  readonly quorum: number;
  /** Voters that may still fail: healthy − quorum. Negative: no quorum. */
  readonly margin: number;
}

export interface Verdict {
  readonly kind: VerdictKind;
  readonly risk: Risk;
  /** One sentence: why. */
  readonly reason: string;
  /** Absent where the cluster could not be seen (then `refused`) or the risk touches none. */
  readonly before?: Standing;
  readonly after?: Standing;
  /** What to type or do next; always there when refused. */
  readonly next?: string;
  /** The name by which `--allow` accepts it; always there when refused. */
  readonly allowName?: string;
}

/** Something a task proved that guards rely on later: a snapshot that was verified. */
export interface Evidence {
  readonly kind: 'snapshot';
  readonly takenAtMs: number;
  readonly path: string;
  /** Sorted `id:role` of the members when it was taken; another one now means that the membership has changed since. */
  readonly membership: string;
  /**
   * Only in check mode, for what would have been proved: how many of `probe.assumed` came before it. Then `path` and
   * `membership` are empty, and it is out of date as soon as a change of the membership is assumed after it.
   */
  readonly assumedAfter?: number;
}

export interface GuardContext {
  /** The host on which the change is about to be made. */
  readonly probe: Probe;
  readonly evidence: readonly Evidence[];
  readonly nowMs: number;
  /** What a change by anybody else is told from. Absent: nothing is known yet. */
  readonly known?: KnownMembership;
}

/** The members as a run last saw them, and what it has done about them since, in order; of the last it may not know the outcome. */
export interface KnownMembership {
  readonly view: MembershipView;
  readonly since: readonly MembershipRisk[];
}

/** A verdict, and the cluster that it was found on, where that is the live one and could be seen. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly seen?: MembershipView;
}

/** Weighs a change against the live cluster, just before it is made; in check mode, against what it would be by then. */
export interface Guard {
  judge(risk: Risk, context: GuardContext): Promise<Judgement>;
  /** The members now, for the summary; undefined where no cluster can be seen from here. */
  membership(probe: Probe, access: ClusterAccess): Promise<MembershipView | undefined>;
  /** What somebody else has changed about the members, as a sentence; undefined where nobody has. Pure. */
  foreignChange(known: KnownMembership, now: MembershipView): string | undefined;
}

/** The membership as shown to people and kept in the journal. IDs are hex. */
export interface MembershipView {
  readonly clusterId: string;
  readonly members: readonly {
    readonly id: string;
    /** Empty for a member that never started. */
    readonly name: string;
    readonly role: 'voter' | 'learner';
    readonly health: 'healthy' | 'unhealthy' | 'unknown';
    readonly leader: boolean;
    readonly peerUrl: string;
  }[];
  readonly standing: Standing;
}

/** One step of the course that is shown before a run: what would be done, and how it was weighed. */
export interface CourseStep {
  readonly task: string;
  /** The task's rendered name. */
  readonly name: string;
  /** Rounds of the includes around it, outermost first, and its own loop's item. */
  readonly within: readonly string[];
  readonly host: string;
  readonly verdict: Verdict;
}
