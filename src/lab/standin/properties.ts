// What kinds of objects there are, their properties with cmsh's labels and defaults, and how values are read and
// printed. A property's key is its label in lower case without blanks.
import { formatNodeList, parseNodeList } from '../../bcm/node-list.ts';
import type { CmObject, ObjectKind, Role, Value } from './state.ts';

export type Kind = ObjectKind | 'role';

export interface Property {
  readonly label: string;
  readonly type: 'text' | 'number' | 'yesno' | 'list' | 'readonly';
  readonly default: Value;
  /** The kind of object that each value must name. */
  readonly refersTo?: ObjectKind;
  /** Text in place of a value: a submode, or something internal. */
  readonly fixed?: string;
}

export interface KindDescription {
  /** As in messages: `Successfully committed 2 ConfigurationOverlays`. */
  readonly typeName: string;
  /** The label of the name: Hostname for devices. */
  readonly nameLabel: string;
  readonly properties: readonly Property[];
  /** What `list` shows after the name: key and width. */
  readonly columns: readonly (readonly [string, number])[];
}

const text = (label: string, fallback = ''): Property => ({ label, type: 'text', default: fallback });
const list = (label: string, fallback: readonly string[] = []): Property => ({
  label,
  type: 'list',
  default: fallback,
});
const yesno = (label: string, fallback: boolean): Property => ({ label, type: 'yesno', default: fallback });
const number = (label: string, fallback: number): Property => ({ label, type: 'number', default: fallback });
const readonly = (label: string): Property => ({ label, type: 'readonly', default: '' });
const fixed = (label: string, shown: string): Property => ({ ...readonly(label), fixed: shown });

export const KINDS: Record<Kind, KindDescription> = {
  device: {
    typeName: 'Device',
    nameLabel: 'Hostname',
    properties: [
      readonly('Type'),
      text('MAC'),
      text('IP'),
      { ...text('Category'), refersTo: 'category' },
      text('Install mode'),
      text('Next install mode'),
      yesno('Data node', false),
      readonly('Status'),
      fixed('Roles', '<submode>'),
    ],
    columns: [
      ['type', 16],
      ['mac', 18],
      ['category', 16],
      ['ip', 16],
      ['status', 16],
    ],
  },
  category: {
    typeName: 'Category',
    nameLabel: 'Name',
    properties: [text('Install mode', 'AUTO'), fixed('Roles', '<submode>')],
    columns: [['installmode', 16]],
  },
  configurationoverlay: {
    typeName: 'ConfigurationOverlay',
    nameLabel: 'Name',
    properties: [
      text('Revision'),
      yesno('All head nodes', false),
      number('Priority', 500),
      { ...list('Nodes'), refersTo: 'device' },
      { ...list('Categories'), refersTo: 'category' },
      fixed('Roles', '<submode>'),
      fixed('Customizations', '<0 in submode>'),
    ],
    columns: [
      ['priority', 10],
      ['allheadnodes', 14],
      ['nodes', 24],
      ['categories', 16],
      ['roles', 16],
    ],
  },
  etcd: { typeName: 'EtcdCluster', nameLabel: 'Name', properties: [text('Revision')], columns: [] },
  role: {
    typeName: 'Role',
    nameLabel: 'Name',
    properties: [
      text('Revision'),
      readonly('Type'),
      yesno('Add services', true),
      text('Member Certificate'),
      text('Member Certificate Key'),
      fixed('Provisioning associations', '<0 internally used>'),
      { ...text('Etcd Cluster', 'kube-default'), refersTo: 'etcd' },
      text('Member Name', '$hostname'),
      text('Spool', '/var/lib/etcd'),
      list('Listen Client URLs', ['https://0.0.0.0:2379']),
      list('Listen Peer URLs', ['https://0.0.0.0:2380']),
      list('Advertise Client URLs', ['https://$ip:2379']),
      list('Advertise Peer URLs', ['https://$ip:2380']),
      number('Snapshot Count', 5000),
      list('Options'),
      yesno('Debug', false),
    ],
    columns: [],
  },
};

export function propertyKey(property: Property): string {
  return property.label.toLowerCase().replaceAll(' ', '');
}

/** The property named by `key` in any case, or undefined. */
export function findProperty(kind: Kind, key: string): Property | undefined {
  return KINDS[kind].properties.find(property => propertyKey(property) === key.toLowerCase());
}

/** True where `key` is what the object's own name is called: `name`, or `hostname` of a device. */
export function isNameKey(kind: Kind, key: string): boolean {
  return key.toLowerCase() === KINDS[kind].nameLabel.toLowerCase();
}

export function readProperty(object: CmObject | Role, property: Property): Value {
  return object.values[propertyKey(property)] ?? property.default;
}

/** A value's lines, as `get` prints them. */
export function valueLines(object: CmObject | Role, property: Property, ranges: boolean): readonly string[] {
  if (propertyKey(property) === 'roles' && 'roles' in object) return object.roles.map(role => role.name);
  if (property.fixed !== undefined) return [property.fixed];
  const value = readProperty(object, property);
  if (typeof value === 'boolean') return [value ? 'yes' : 'no'];
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string') return value === '' ? [] : [value];
  return ranges && property.refersTo === 'device' ? formatNodeList(value, 2).split(',').filter(Boolean) : value;
}

/**
 * Reads the words typed after a property's name; none of them empties it where it can be empty.
 * Returns the value, or what is wrong.
 */
export function readValue(property: Property, words: readonly string[]): { value: Value } | { problem: string } {
  switch (property.type) {
    case 'readonly':
      return { problem: `${property.label} is read only` };
    case 'list': {
      if (property.refersTo !== 'device') return { value: words.flatMap(splitCommas) };
      // What isn't a list of nodes stays as it is, so that the commit complains of it.
      const { nodes, malformed } = parseNodeList(words.join(' '));
      return { value: [...nodes, ...malformed] };
    }
    case 'yesno': {
      const word = words[0]?.toLowerCase() ?? '';
      if (['yes', 'y', '1', 'on', 'true'].includes(word)) return { value: true };
      if (['no', 'n', '0', 'off', 'false'].includes(word)) return { value: false };
      return { problem: `Invalid boolean value for ${property.label}: ${word}` };
    }
    case 'number': {
      const word = words[0] ?? '';
      return /^-?\d+$/.test(word)
        ? { value: Number(word) }
        : { problem: `Invalid number for ${property.label}: ${word}` };
    }
    case 'text':
      if (words.length > 0 || property.refersTo !== undefined) return { value: words.join(' ') };
      // The real cmsh opens an editor here.
      return { problem: `No value given for ${property.label}` };
  }
}

/** URLs and names may be joined by commas; an option such as `--a=b,c` is one value. */
function splitCommas(word: string): string[] {
  return word.startsWith('-') ? [word] : word.split(',').filter(Boolean);
}
