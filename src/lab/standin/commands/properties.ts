import {
  findProperty,
  isNameKey,
  KINDS,
  type Property,
  propertyKey,
  readProperty,
  readValue,
  valueLines,
} from '../properties.ts';
import { type Answer, answer, failure, findTarget, isAnswer, type Session, type Target } from '../session.ts';
import type { Value } from '../state.ts';
import { parameterTable } from '../tables.ts';
import { type CommandDescription, texts } from './command.ts';

type Change = (property: Property, words: readonly string[], now: Value) => { value: Value } | { problem: string };

export const propertyCommands: readonly CommandDescription[] = [
  {
    names: ['show'],
    usage: 'show [object]',
    summary: "All of an object's properties",
    levels: ['mode', 'object', 'roles', 'role'],
    run: (session, words) => {
      const target = findTarget(session, texts(words));
      if (isAnswer(target)) return target;
      const { faults } = session.state;
      const shown = target.role ?? target.object;
      const rows = KINDS[target.kind].properties.map(
        property => [property.label, valueLines(shown, property, faults.collapsedRanges).join(',')] as const,
      );
      const name = [KINDS[target.kind].nameLabel, shown.name] as const;
      return answer(parameterTable([name, ...rows], { headers: !faults.noHeaders, cellWidth: 0 }));
    },
  },
  {
    names: ['get'],
    usage: 'get [object] <property>',
    summary: 'One property, a value a line',
    levels: ['mode', 'object', 'roles', 'role'],
    run: (session, words) => {
      const target = findTarget(session, texts(words));
      if (isAnswer(target)) return target;
      const key = target.rest[0] ?? '';
      const shown = target.role ?? target.object;
      if (isNameKey(target.kind, key)) return answer(shown.name);
      const property = findProperty(target.kind, key);
      if (property === undefined) return noProperty(key);
      const lines = valueLines(shown, property, session.state.faults.collapsedRanges);
      // How the real one prints a list of nodes isn't known: one a line as with options, or as `show` does.
      return answer(lines.join(property.refersTo === 'device' && session.state.profile === 'strict' ? ',' : '\n'));
    },
  },
  changing('set', 'set [object] <property> [value ...]', 'Change a property; without a value, empty it', readValue),
  changing('clear', 'clear [object] <property>', 'Give a property its default', property => ({
    value: property.default,
  })),
  changing('append', 'append [object] <property> <value ...>', 'Add values to a list', (property, words, now) => {
    const added = readValue(property, words);
    if ('problem' in added || !Array.isArray(now) || typeof added.value !== 'object') return notList(property, added);
    return { value: [...now, ...added.value.filter(value => !now.includes(value))] };
  }),
  changing('removefrom', 'removefrom [object] <property> <value ...>', 'Take values out of a list', removeFrom),
];

function removeFrom(property: Property, words: readonly string[], now: Value): ReturnType<Change> {
  const taken = readValue(property, words);
  if ('problem' in taken || typeof now !== 'object' || typeof taken.value !== 'object') return notList(property, taken);
  const gone = taken.value;
  const absent = gone.find(value => !now.includes(value));
  if (absent !== undefined) return { problem: `Unable to find ${absent} in ${property.label}` };
  return { value: now.filter(value => !gone.includes(value)) };
}

function notList(property: Property, read: ReturnType<Change>): ReturnType<Change> {
  return 'problem' in read ? read : { problem: `${property.label} is not a list` };
}

function noProperty(key: string): Answer {
  return failure(`No such property: ${key}`);
}

function changing(name: string, usage: string, summary: string, change: Change): CommandDescription {
  return {
    names: [name],
    usage,
    summary,
    levels: ['mode', 'object', 'roles', 'role'],
    run: (session, words) => {
      const target = findTarget(session, texts(words));
      if (isAnswer(target)) return target;
      const [key = '', ...values] = target.rest;
      if (name === 'set' && isNameKey(target.kind, key)) return rename(session, target, values[0]);
      const property = findProperty(target.kind, key);
      if (property === undefined) return noProperty(key);
      const result = change(property, values, readProperty(target.role ?? target.object, property));
      if ('problem' in result) return failure(result.problem);
      write(session, target, propertyKey(property), result.value);
      return answer();
    },
  };
}

function write(session: Session, target: Target, key: string, value: Value): void {
  const draft = session.drafts.open(session.state, target.mode, target.objectName);
  const roleName = target.role?.name;
  if (draft === undefined) return;
  if (roleName === undefined) {
    draft.object.values[key] = value;
    draft.touched.add(key);
    return;
  }
  const role = draft.object.roles.find(candidate => candidate.name === roleName);
  if (role !== undefined) role.values[key] = value;
  draft.touched.add(`roles/${roleName}/${key}`);
}

function rename(session: Session, target: Target, name: string | undefined): Answer {
  if (target.role !== undefined || name === undefined) return failure(`Invalid name: ${name ?? ''}`);
  const draft = session.drafts.open(session.state, target.mode, target.objectName);
  if (draft === undefined) return failure('No object selected');
  draft.object.name = name;
  draft.touched.add('name');
  if (session.location.object !== undefined) session.location = { ...session.location, object: name };
  return answer();
}
