import { parseNodeList } from '../../../bcm/node-list.ts';
import { formatEvent } from '../events.ts';
import { KINDS, type Kind, readProperty } from '../properties.ts';
import { type Answer, answer, failure, notFound, type Session } from '../session.ts';
import type { CmObject, ObjectKind, Role } from '../state.ts';
import { listTable } from '../tables.ts';
import { type CommandDescription, takeOptions, texts } from './command.ts';
import { formatStatus } from './list.ts';

export const otherCommands: readonly CommandDescription[] = [
  {
    names: ['status'],
    usage: 'status [-n nodes | node ...]',
    summary: 'Whether devices are up',
    levels: ['mode', 'object'],
    modes: ['device'],
    run: (session, words) => {
      const { options, rest, illegal } = takeOptions(texts(words), [], ['-n', '--nodes']);
      if (illegal !== undefined) return failure(`Illegal option: ${illegal}`);
      const here = session.location.object;
      const asked = parseNodeList([options.get('-n') ?? options.get('--nodes') ?? '', ...rest].join(' ')).nodes;
      const devices = session.drafts.list(session.state, 'device');
      const names = asked.length > 0 ? asked : here !== undefined ? [here] : devices.map(device => device.name);
      const missing = names.find(name => !devices.some(device => device.name === name));
      if (missing !== undefined) return notFound('device', missing);
      const lines = devices.filter(device => names.includes(device.name)).map(statusLine);
      return answer(lines.join('\n'));
    },
  },
  {
    names: ['foreach'],
    usage: 'foreach [-n nodes | object ... | *] (commands)',
    summary: 'Run commands in each of several objects',
    levels: ['mode'],
    run: async (session, words, execute) => {
      const { mode } = session.location;
      const group = words.find(word => word.group);
      if (mode === undefined || group === undefined) return failure('Usage: foreach <object> ... (commands)');
      const { options, rest, illegal } = takeOptions(texts(words.filter(word => !word.group)), [], ['-n']);
      if (illegal !== undefined) return failure(`Illegal option: ${illegal}`);
      const all = session.drafts.list(session.state, mode).map(object => object.name);
      const names = rest.includes('*') ? all : parseNodeList([options.get('-n') ?? '', ...rest].join(' ')).nodes;
      const before = session.location;
      const answers: Answer[] = [];
      for (const name of names) {
        if (!all.includes(name)) answers.push(notFound(mode, name));
        else {
          session.location = { mode, object: name };
          answers.push(await execute(session, group.text));
        }
      }
      session.location = before;
      const text = answers.map(each => each.text).filter(line => line !== '');
      return { text: text.join('\n'), failed: answers.some(each => each.failed) };
    },
  },
  {
    names: ['usedby'],
    usage: 'usedby [object]',
    summary: 'Which objects name this one',
    levels: ['mode', 'object'],
    run: (session, words) => {
      const { mode, object: here } = session.location;
      const name = words[0]?.text ?? here;
      if (mode === undefined || name === undefined) return failure('Usage: usedby <object>');
      if (session.drafts.find(session.state, mode, name) === undefined) return notFound(mode, name);
      const users = namedBy(session, mode, name);
      if (users.length === 0) return answer(`${KINDS[mode].typeName} ${name} is not used`);
      const columns = [
        { header: 'Type', width: 24 },
        { header: 'Name', width: 0 },
      ];
      return answer(listTable(columns, users, { headers: !session.state.faults.noHeaders, cellWidth: 0 }));
    },
  },
  {
    names: ['events'],
    usage: 'events [number]',
    summary: 'Past events',
    run: (session, words) => {
      const wanted = words[0]?.text ?? '10';
      if (!/^\d+$/.test(wanted)) return failure(`Illegal number of events: ${wanted}`);
      const { events } = session.state;
      return answer(
        events
          .slice(Math.max(events.length - Number(wanted), 0))
          .map(formatEvent)
          .join('\n'),
      );
    },
  },
];

/** `node001 .............. [   UP   ]` */
function statusLine(device: CmObject): string {
  return `${device.name} ${'.'.repeat(Math.max(24 - device.name.length, 2))} ${formatStatus(device)}`;
}

function namedBy(session: Session, mode: ObjectKind, name: string): string[][] {
  const kinds: readonly ObjectKind[] = ['device', 'category', 'configurationoverlay', 'etcd'];
  return kinds.flatMap(kind =>
    session.drafts
      .list(session.state, kind)
      .filter(object => references(object, kind, mode).includes(name))
      .map(object => [KINDS[kind].typeName, object.name]),
  );
}

/** The names of objects of `mode` that an object and its roles refer to. */
function references(object: CmObject, kind: ObjectKind, mode: ObjectKind): string[] {
  const own = referencesOf(object, kind, mode);
  return [...own, ...object.roles.flatMap(role => referencesOf(role, 'role', mode))];
}

function referencesOf(holder: CmObject | Role, kind: Kind, mode: ObjectKind): string[] {
  const properties = KINDS[kind].properties.filter(property => property.refersTo === mode);
  return properties.flatMap(property => {
    const value = readProperty(holder, property);
    return typeof value === 'object' ? value : [String(value)];
  });
}
