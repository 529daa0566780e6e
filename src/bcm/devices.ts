import { cleanLines, isRule } from './output.ts';
import { command } from './script.ts';

/** A head node or a node. */
export interface Device {
  readonly name: string;
  /** '' where BCM knows none. */
  readonly ip: string;
  /** '' for a head node. */
  readonly category: string;
  readonly kind: 'head' | 'node';
}

/** One way of asking for something: the commands, and how their answer is read; undefined where it isn't understood. */
export interface Question<T> {
  readonly commands: readonly string[];
  parse(stdout: string): T | undefined;
}

const COLUMNS = 'hostname,ip,category,type';
const DELIMITER = '@';

/**
 * Ways of asking for all devices, the surest first: JSON, cells divided by a character, the table for people. Ask the
 * next one where cmsh complains of one or its answer isn't understood (older cmsh, a cell that was cut).
 */
export const deviceQuestions: readonly Question<readonly Device[]>[] = [
  { commands: ['device', `list -d {} -f ${COLUMNS}`], parse: text => devicesFrom(jsonRows(text)) },
  { commands: ['device', `list -d ${DELIMITER} -f ${COLUMNS}`], parse: text => devicesFrom(delimitedRows(text)) },
  {
    commands: ['device', 'list -f hostname:64,ip:40,category:64,type:32'],
    parse: text => devicesFrom(tableRows(text)),
  },
];

/** Cells in the order of COLUMNS, or, of a table, in any; undefined where the answer isn't understood. */
type Rows = readonly (readonly string[])[] | undefined;

function jsonRows(text: string): Rows {
  const json = cleanLines(text).join('\n');
  try {
    const parsed: unknown = JSON.parse(json.slice(json.indexOf('['), json.lastIndexOf(']') + 1));
    return Array.isArray(parsed) ? parsed.map(cellsOf) : undefined;
  } catch {
    return undefined;
  }
}

/** Keyed by labels such as `Hostname (key)`, so by how the label begins. */
function cellsOf(row: unknown): string[] {
  const entries = typeof row === 'object' && row !== null ? Object.entries(row) : [];
  return COLUMNS.split(',').map(column => {
    const entry = entries.find(([label]) => label.toLowerCase().startsWith(column));
    return entry === undefined || entry[1] === null ? '' : String(entry[1]);
  });
}

function delimitedRows(text: string): Rows {
  const rows = cleanLines(text).filter(line => !isRule(line));
  return rows.map(line => line.split(DELIMITER).map(cell => cell.trim()));
}

function tableRows(text: string): Rows {
  const rows = cleanLines(text).filter(line => !isRule(line) && !/^hostname\b/i.test(line));
  const cells = rows.map(line => line.trim().split(/\s+/));
  if (cells.flat().some(cell => cell.endsWith('+'))) return undefined;
  // No cell holds a blank, and only the category may be empty: then what is left tells itself by its form.
  return cells.map(([name = '', ...rest]) => {
    const ip = rest.find(isAddress) ?? '';
    const type = rest.at(-1) ?? '';
    return [name, ip, rest.slice(0, -1).find(cell => cell !== ip) ?? '', type];
  });
}

function devicesFrom(rows: Rows): readonly Device[] | undefined {
  const devices: Device[] = [];
  for (const [name = '', ip = '', category = '', type = ''] of rows ?? []) {
    // Switches, power distribution units and the like are devices too.
    if (!/node|head/i.test(type)) continue;
    if (!/^[A-Za-z0-9_.-]+$/.test(name) || (ip !== '' && !isAddress(ip))) return undefined;
    devices.push({ name, ip, category, kind: /head|master/i.test(type) ? 'head' : 'node' });
  }
  return devices.length > 0 ? devices : undefined;
}

function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f:]*:[0-9a-f:.]+$/i.test(text);
}

/** What decides how a node boots. Modes are '' where those of its category hold. */
export interface Provisioning {
  /** In cmsh's word: `UP`, `DOWN`, `INSTALLING`, `INSTALLER_CALLINGINIT`, `CLOSED` …; '' where it can't be read. */
  readonly status: string;
  readonly installMode: string;
  /** Of the next boot alone. */
  readonly nextInstallMode: string;
  /** True: a FULL install waits for a confirmation. */
  readonly dataNode: boolean;
}

/** Asks for the status of a node; it may be followed by remarks, such as `[   UP   ] (health check failed)`. */
export function statusQuestion(node: string): Question<string> {
  return {
    commands: ['device', command(['use', node]), 'status'],
    parse: stdout => {
      const line = cleanLines(stdout).find(text => text.trimStart().startsWith(`${node} `));
      return line === undefined ? undefined : /\[\s*([A-Z_]+)/.exec(line)?.[1];
    },
  };
}

/** A role that a node has, and where from. */
export interface EffectiveRole {
  readonly role: string;
  /** `overlay`, `category`, `node` or whatever cmsh calls it; '' where it doesn't say. */
  readonly from: string;
  /** The name of that overlay, category or node. */
  readonly source: string;
  readonly priority: number | undefined;
}

/** Asks for the roles in effect of each of `nodes`, in one process. */
export function effectiveRolesQuestion(
  nodes: readonly string[],
): Question<ReadonlyMap<string, readonly EffectiveRole[]>> {
  const ofOne = (node: string): string[] => [command(['use', node]), 'get hostname', 'roles', 'list -p', '..', '..'];
  return {
    commands: ['device', ...nodes.flatMap(ofOne)],
    parse: stdout => parseEffectiveRoles(nodes, stdout),
  };
}

/** A node's name stands before its roles, which begin with a bracket: `[overlay:kube-default-etcd:500] Etcd::Host`. */
function parseEffectiveRoles(
  nodes: readonly string[],
  stdout: string,
): ReadonlyMap<string, readonly EffectiveRole[]> | undefined {
  const found = new Map<string, EffectiveRole[]>();
  let next = 0;
  let current: EffectiveRole[] | undefined;
  for (const line of cleanLines(stdout)) {
    if (line === nodes[next]) {
      current = [];
      found.set(line, current);
      next += 1;
      continue;
    }
    const row = /^\s*\[(?:([a-z]+):)?(.*?)(?::(-?\d+))?\]\s+(\S+)$/i.exec(line);
    if (row === null) continue;
    const [, from = '', source = '', priority, role = ''] = row;
    if (current === undefined || role.endsWith('+')) return undefined;
    current.push({
      role,
      from: from.toLowerCase(),
      source,
      priority: priority === undefined ? undefined : Number(priority),
    });
  }
  return next === nodes.length ? found : undefined;
}

/** The role of that name (in any case) that wins on a node: the one of the highest priority. */
export function winningRole(roles: readonly EffectiveRole[], name: string): EffectiveRole | undefined {
  const named = roles.filter(({ role }) => role.toLowerCase() === name.toLowerCase());
  return named.reduce<EffectiveRole | undefined>(
    (best, role) => (best === undefined || (role.priority ?? 0) > (best.priority ?? 0) ? role : best),
    undefined,
  );
}
