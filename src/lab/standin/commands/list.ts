import { effectiveRoles } from '../effective-roles.ts';
import { levelOf } from '../location.ts';
import { findProperty, isNameKey, KINDS, type Kind, valueLines } from '../properties.ts';
import { type Answer, answer, failure, notFound, type Session } from '../session.ts';
import type { CmObject, Role } from '../state.ts';
import { type Column, delimitedList, listTable } from '../tables.ts';
import { type CommandDescription, takeOptions, texts } from './command.ts';

const NAME_WIDTH = 26;

export const listCommands: readonly CommandDescription[] = [
  {
    names: ['list', 'ls'],
    usage: 'list [-f property[:width],...] [-d delimiter | -d {}] [-p]',
    summary: 'All objects; -p in roles: those in effect, and where from',
    levels: ['mode', 'roles', 'object', 'role'],
    run: (session, words) => {
      const { options, illegal } = takeOptions(texts(words), ['-p'], ['-f', '-d', '--format', '--delimiter']);
      if (illegal !== undefined) return failure(`Illegal option: ${illegal}`);
      if (options.has('-p')) return listEffective(session);
      const objects = listed(session);
      if ('failed' in objects) return objects;
      const columns = chooseColumns(objects.kind, options.get('-f') ?? options.get('--format'));
      if (typeof columns === 'string') return failure(columns);
      const rows = objects.objects.map(object => columns.map(({ key }) => cell(session, objects.kind, object, key)));
      const delimiter = options.get('-d') ?? options.get('--delimiter');
      if (delimiter !== undefined) return answer(delimitedList(columns, rows, delimiter));
      const { cellWidth, noHeaders } = session.state.faults;
      return answer(listTable(columns, rows, { headers: !noHeaders, cellWidth }));
    },
  },
];

function listed(session: Session): { kind: Kind; objects: readonly (CmObject | Role)[] } | Answer {
  const { mode, object: name } = session.location;
  if (mode === undefined) return failure('No mode selected');
  const level = levelOf(session.location);
  if (level === 'mode' || level === 'object' || name === undefined)
    return { kind: mode, objects: session.drafts.list(session.state, mode) };
  const object = session.drafts.find(session.state, mode, name);
  return object === undefined ? notFound(mode, name) : { kind: 'role', objects: object.roles };
}

/** The columns asked for, or those of the kind; a text says which property there isn't. */
function chooseColumns(kind: Kind, format: string | undefined): (Column & { key: string })[] | string {
  const { nameLabel, columns } = KINDS[kind];
  const wanted: readonly (readonly [string, number])[] =
    format === undefined
      ? [[nameLabel.toLowerCase(), NAME_WIDTH], ...columns]
      : format.split(',').map(part => {
          const [key = '', width = '0'] = part.split(':');
          return [key.toLowerCase(), Number(width) || 0] as const;
        });
  const chosen: (Column & { key: string })[] = [];
  for (const [key, width] of wanted) {
    const label = isNameKey(kind, key) ? `${nameLabel} (key)` : findProperty(kind, key)?.label;
    if (label === undefined) return `No such property: ${key}`;
    chosen.push({ key, header: label, width });
  }
  return chosen;
}

function cell(session: Session, kind: Kind, object: CmObject | Role, key: string): string {
  if (isNameKey(kind, key)) return object.name;
  if (kind === 'device' && key === 'status') return formatStatus(object);
  const property = findProperty(kind, key);
  return property === undefined ? '' : valueLines(object, property, session.state.faults.collapsedRanges).join(',');
}

/** `[   UP   ]`, `[  DOWN  ]`, `[ INSTALLING ]`. */
export function formatStatus(device: CmObject | Role): string {
  const status = String(device.values.status ?? '');
  const left = Math.floor((8 - status.length) / 2);
  return `[${status.padStart(status.length + Math.max(left, 1)).padEnd(Math.max(8, status.length + 2))}]`;
}

function listEffective(session: Session): Answer {
  const { mode, object: name } = session.location;
  const device = mode === 'device' && name !== undefined ? session.drafts.find(session.state, mode, name) : undefined;
  if (device === undefined) return failure('Illegal option: p');
  const rows = effectiveRoles(session.state, device).map(({ role, from, name: source, priority }) => [
    `[${from}:${source}:${priority}] ${role.name}`,
  ]);
  const { noHeaders } = session.state.faults;
  return answer(listTable([{ header: 'Name (key)', width: 0 }], rows, { headers: !noHeaders, cellWidth: 0 }));
}
