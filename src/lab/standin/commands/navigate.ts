import { levelOf, parentOf } from '../location.ts';
import { answer, failure, findRole, notFound } from '../session.ts';
import type { CommandDescription } from './command.ts';

export const navigationCommands: readonly CommandDescription[] = [
  {
    names: ['use'],
    usage: 'use <object>',
    summary: 'Enter an object',
    levels: ['mode', 'roles', 'object', 'role'],
    run: (session, words) => {
      const name = words[0]?.text;
      const { mode } = session.location;
      if (name === undefined || mode === undefined) return failure('Usage: use <object>');
      const level = levelOf(session.location);
      if (level === 'mode' || level === 'object') {
        if (session.drafts.find(session.state, mode, name) === undefined) return notFound(mode, name);
        session.location = { mode, object: name };
        return answer();
      }
      const { object: objectName } = session.location;
      const object = objectName === undefined ? undefined : session.drafts.find(session.state, mode, objectName);
      if (object === undefined || objectName === undefined) return notFound(mode, objectName ?? '');
      const role = findRole(object, name);
      if (role === undefined) return notFound('role', name);
      session.location = { mode, object: objectName, roles: true, role: role.name };
      return answer();
    },
  },
  {
    names: ['roles'],
    usage: 'roles',
    summary: "Enter the object's roles",
    levels: ['object'],
    modes: ['device', 'category', 'configurationoverlay'],
    run: session => {
      session.location = { ...session.location, roles: true };
      return answer();
    },
  },
  {
    names: ['exit', '..', 'end'],
    usage: 'exit',
    summary: 'One level up; at the main level, leave',
    run: session => {
      if (levelOf(session.location) === 'main') session.ended = true;
      session.location = parentOf(session.location);
      return answer();
    },
  },
  {
    names: ['home', '/'],
    usage: 'home',
    summary: 'To the main level',
    run: session => {
      session.location = {};
      return answer();
    },
  },
  {
    names: ['quit'],
    usage: 'quit',
    summary: 'Leave; what is not committed is lost',
    run: session => {
      session.ended = true;
      return answer();
    },
  },
];
