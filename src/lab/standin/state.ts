// What the stand-in for CMDaemon knows, in one JSON file. cmsh changes the objects, CMDaemon the rest; both go through
// store.ts, which locks.

/** On the head node. */
export const STATE_FILE = '/var/spool/cmd/state.json';

/** How cmsh answers errors; the truth about the real one is not known, so tests run under each. */
export type Profile = 'strict' | 'lax' | 'silent';

export type Value = string | number | boolean | readonly string[];

/** A kind of object, by the name of the mode that holds it. */
export type ObjectKind = 'device' | 'category' | 'configurationoverlay' | 'etcd';

/** A role; its properties are in properties.ts. */
export interface Role {
  name: string;
  values: Record<string, Value>;
}

/** A device, category, overlay or etcd cluster. The keys of `values` are cmsh's property names. */
export interface CmObject {
  name: string;
  values: Record<string, Value>;
  roles: Role[];
}

export interface EventRecord {
  /** Counts up from 1, without gaps. */
  sequence: number;
  /** Milliseconds since the epoch. */
  timeMs: number;
  level: 'notice' | 'warning';
  /** The host the event is about. */
  host: string;
  text: string;
}

/** Switches that make the stand-in misbehave; all off in a new lab. */
export interface Faults {
  /** cmsh can't reach CMDaemon. */
  notConnected: boolean;
  /** Event lines appear in cmsh's output, even with `--hide-events`. */
  eventsInOutput: boolean;
  /** Delays times this factor; 0 means that CMDaemon never acts on a commit. */
  slowdown: number;
  /** Certificates are requested and never issued. */
  certificateNeverIssued: boolean;
  /** This node's etcd stays down when all peers are restarted together. '' is none. */
  peerStaysDown: string;
  /** A commit reports success and drops the change of its first property. */
  commitLosesChange: boolean;
  /** Lists of nodes are printed as ranges. */
  collapsedRanges: boolean;
  /** Cells of `list` are cut at this width, ending in `+`; 0 is off. */
  cellWidth: number;
  /** Tables come without their two header lines. */
  noHeaders: boolean;
  /** `overlay:property:value`, set by somebody else just before the next commit; then cleared. '' is none. */
  otherEditor: string;
}

/** What CMDaemon knows of a node's boots, and what was asked of it. */
export interface BootRecord {
  /** The kernel's identifier of the last boot whose provisioning is over; '' before the first. */
  provisionedBoot: string;
  /** A reboot that cmsh asked for and that was not begun yet. */
  wanted: '' | 'reboot' | 'reset';
  /** The answer that a FULL install of a data node waits for. */
  installer: '' | 'waiting' | 'confirmed' | 'denied';
}

export interface State {
  format: 1;
  /** True once CMDaemon has started the etcd clusters for the first time. */
  bootstrapped: boolean;
  profile: Profile;
  /** Factor on the delays that the vendor's article shows; 1 is as it was. */
  scale: number;
  etcdVersion: string;
  /** The head node's hostname. */
  headNode: string;
  objects: Record<ObjectKind, CmObject[]>;
  /** By node; none where it never booted. */
  boots: Record<string, BootRecord>;
  events: EventRecord[];
  /** How many commits changed something: a test's answer to whether anything was done twice. */
  commits: number;
  /** The number that the next certificate request gets. */
  nextRequest: number;
  faults: Faults;
}

export const ETCD_CLUSTER = 'kube-default';
const MEMBERS_OVERLAY = 'kube-default-etcd';

const NO_FAULTS: Faults = {
  notConnected: false,
  eventsInOutput: false,
  slowdown: 1,
  certificateNeverIssued: false,
  peerStaysDown: '',
  commitLosesChange: false,
  collapsedRanges: false,
  cellWidth: 0,
  noHeaders: false,
  otherEditor: '',
};

/**
 * The state of a cluster that was just installed: `members` carry the role Etcd::Host through the overlay
 * kube-default-etcd, and nothing runs yet.
 */
export function initialState(options: {
  nodes: readonly { name: string; ip: string }[];
  headnode: { name: string; ip: string };
  members: readonly string[];
  profile: Profile;
  scale: number;
  etcdVersion: string;
}): State {
  const { headnode, nodes } = options;
  return {
    format: 1,
    bootstrapped: false,
    profile: options.profile,
    scale: options.scale,
    etcdVersion: options.etcdVersion,
    headNode: headnode.name,
    objects: {
      device: [
        device(headnode, 'HeadNode', ''),
        ...nodes.map(node => device(node, 'PhysicalNode', 'default', options.members.includes(node.name))),
      ],
      category: [{ name: 'default', values: { installmode: 'AUTO' }, roles: [] }],
      configurationoverlay: [
        {
          name: MEMBERS_OVERLAY,
          values: { revision: '', allheadnodes: false, priority: 500, nodes: [...options.members], categories: [] },
          roles: [etcdHostRole()],
        },
      ],
      etcd: [{ name: ETCD_CLUSTER, values: { revision: '' }, roles: [] }],
    },
    boots: {},
    events: [],
    commits: 0,
    nextRequest: 48,
    faults: { ...NO_FAULTS },
  };
}

function device(host: { name: string; ip: string }, type: string, category: string, datanode = false): CmObject {
  return {
    name: host.name,
    values: {
      type,
      mac: macFor(host.ip),
      ip: host.ip,
      category,
      installmode: '',
      nextinstallmode: '',
      datanode,
      status: 'DOWN',
    },
    roles: [],
  };
}

/** The hardware address of a host: a locally administered one, made of the IPv4 address. */
/** A host keeps its hardware address when it is switched on again. */
export function macFor(ip: string): string {
  const bytes = ip.split('.').map(byte => Number(byte).toString(16).padStart(2, '0').toUpperCase());
  return ['02', '00', ...bytes].join(':');
}

/** The role with the defaults that section 7 of the article shows. */
export function etcdHostRole(): Role {
  return {
    name: 'Etcd::Host',
    values: {
      revision: '',
      type: 'EtcdHostRole',
      addservices: true,
      membercertificate: '',
      membercertificatekey: '',
      etcdcluster: ETCD_CLUSTER,
      membername: '$hostname',
      spool: '/var/lib/etcd',
      listenclienturls: ['https://0.0.0.0:2379'],
      listenpeerurls: ['https://0.0.0.0:2380'],
      advertiseclienturls: ['https://$ip:2379'],
      advertisepeerurls: ['https://$ip:2380'],
      snapshotcount: 5000,
      options: [],
      debug: false,
    },
  };
}

/** What cmsh works on where it reaches no CMDaemon: nothing. */
export const NO_STATE: State = initialState({
  nodes: [],
  headnode: { name: 'headnode', ip: '' },
  members: [],
  profile: 'strict',
  scale: 1,
  etcdVersion: '',
});
