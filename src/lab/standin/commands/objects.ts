import { KINDS, propertyKey } from '../properties.ts';
import { answer, failure, findRole, notFound, type Session } from '../session.ts';
import { type CmObject, etcdHostRole, type ObjectKind, type Role } from '../state.ts';
import { type CommandDescription, texts } from './command.ts';

export const objectCommands: readonly CommandDescription[] = [
  {
    names: ['add'],
    usage: 'add <name>',
    summary: 'Make an object and enter it',
    levels: ['mode'],
    run: (session, words) => {
      const [name] = texts(words);
      const { mode } = session.location;
      if (mode === undefined || name === undefined) return failure('Usage: add <name>');
      return addObject(session, mode, { name, values: defaults(mode), roles: [] });
    },
  },
  {
    names: ['clone'],
    usage: 'clone <object> <new name>',
    summary: 'Copy an object and enter the copy',
    levels: ['mode'],
    run: (session, words) => {
      const [from, name] = texts(words);
      const { mode } = session.location;
      if (mode === undefined || from === undefined || name === undefined)
        return failure('Usage: clone <object> <new name>');
      const source = session.drafts.find(session.state, mode, from);
      if (source === undefined) return notFound(mode, from);
      return addObject(session, mode, { ...structuredClone(source), name });
    },
  },
  {
    names: ['remove'],
    usage: 'remove <object> ...',
    summary: 'Remove objects',
    levels: ['mode'],
    run: (session, words) => {
      const { mode } = session.location;
      if (mode === undefined || words.length === 0) return failure('Usage: remove <object> ...');
      // Seen at one site: `cmsh -c "... remove X; commit"` did nothing and exited with 0.
      if (session.state.profile === 'silent' && !session.interactive) return answer();
      const missing = texts(words).filter(name => !session.drafts.remove(session.state, mode, name));
      return missing[0] === undefined ? answer() : notFound(mode, missing[0]);
    },
  },
  {
    names: ['assign', 'add'],
    usage: 'assign <role>',
    summary: 'Give a role and enter it',
    levels: ['roles'],
    run: (session, words) => {
      const [name = ''] = texts(words);
      const draft = openHere(session);
      const { mode, object } = session.location;
      if (draft === undefined || mode === undefined || object === undefined) return failure('No object selected');
      const role = newRole(name);
      if (role === undefined) return failure(`Unable to find Role '${name}' (type 'list' to get a list)`);
      if (findRole(draft.object, name) !== undefined) return failure(`Role ${role.name} is already assigned`);
      draft.object.roles.push(role);
      draft.touched.add(`roles/${role.name}`);
      session.location = { mode, object, roles: true, role: role.name };
      return answer();
    },
  },
  {
    names: ['unassign', 'remove'],
    usage: 'unassign <role>',
    summary: 'Take a role away',
    levels: ['roles'],
    run: (session, words) => {
      const [name = ''] = texts(words);
      const draft = openHere(session);
      const role = draft === undefined ? undefined : findRole(draft.object, name);
      if (draft === undefined || role === undefined) return notFound('role', name);
      draft.object.roles = draft.object.roles.filter(other => other !== role);
      draft.touched.add(`roles/${role.name}`);
      return answer();
    },
  },
];

function addObject(session: Session, mode: ObjectKind, object: CmObject): ReturnType<typeof answer> {
  if (session.drafts.find(session.state, mode, object.name) !== undefined)
    return failure(`${KINDS[mode].typeName} ${object.name} exists already`);
  session.drafts.add(mode, object);
  session.location = { mode, object: object.name };
  return answer();
}

function openHere(session: Session): ReturnType<Session['drafts']['open']> {
  const { mode, object } = session.location;
  return mode === undefined || object === undefined ? undefined : session.drafts.open(session.state, mode, object);
}

function defaults(mode: ObjectKind): CmObject['values'] {
  const own = KINDS[mode].properties.filter(property => property.fixed === undefined);
  return Object.fromEntries(own.map(property => [propertyKey(property), property.default]));
}

/** Only the role that the article is about can be assigned here. */
function newRole(name: string): Role | undefined {
  const role = etcdHostRole();
  return role.name.toLowerCase() === name.toLowerCase() ? role : undefined;
}
