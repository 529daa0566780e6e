// What CMDaemon checks before it takes a commit.
import { KINDS, type Kind, propertyKey, readProperty } from './properties.ts';
import type { CmObject, ObjectKind, Role, State } from './state.ts';

export interface Problem {
  readonly field: string;
  readonly message: string;
}

const NAME = /^[A-Za-z0-9_.:-]+$/;
const INSTALL_MODES = ['', 'AUTO', 'FULL', 'NOSYNC', 'SKIP', 'MAIN'];

/** What is wrong with `object`, were it part of `state`. */
export function validateObject(state: State, kind: ObjectKind, object: CmObject): Problem[] {
  const problems = validateReferences(state, kind, object);
  if (!NAME.test(object.name)) problems.push({ field: 'name', message: `Invalid name: ${object.name}` });
  if (state.objects[kind].filter(other => other.name === object.name).length > 1)
    problems.push({ field: 'name', message: `${KINDS[kind].typeName} ${object.name} exists already` });
  const { priority } = object.values;
  if (typeof priority === 'number' && (priority < -1 || priority > 1000))
    problems.push({ field: 'priority', message: 'The priority must be between -1 and 1000' });
  for (const key of ['installmode', 'nextinstallmode']) {
    const mode = object.values[key];
    if (typeof mode === 'string' && !INSTALL_MODES.includes(mode))
      problems.push({ field: key, message: `No such install mode: ${mode}` });
  }
  return [...problems, ...object.roles.flatMap(role => validateRole(state, role))];
}

function validateRole(state: State, role: Role): Problem[] {
  const problems = validateReferences(state, 'role', role);
  const { spool, snapshotcount } = role.values;
  if (typeof spool === 'string' && !spool.startsWith('/'))
    problems.push({ field: 'spool', message: 'The spool directory must be an absolute path' });
  if (typeof snapshotcount === 'number' && snapshotcount < 1)
    problems.push({ field: 'snapshotcount', message: 'The snapshot count must be at least 1' });
  for (const key of ['listenclienturls', 'listenpeerurls', 'advertiseclienturls', 'advertisepeerurls']) {
    const urls = role.values[key];
    if (Array.isArray(urls) && (urls.length === 0 || urls.some(url => !/^https?:\/\/\S+:\d+$/.test(url))))
      problems.push({ field: key, message: `Not a list of URLs with ports: ${urls.join(',')}` });
  }
  return problems;
}

function validateReferences(state: State, kind: Kind, object: CmObject | Role): Problem[] {
  return KINDS[kind].properties.flatMap(property => {
    const { refersTo } = property;
    if (refersTo === undefined) return [];
    const value = readProperty(object, property);
    const names = (typeof value === 'object' ? value : [String(value)]).filter(name => name !== '');
    return names
      .filter(name => !state.objects[refersTo].some(other => other.name === name))
      .map(name => ({ field: propertyKey(property), message: `${KINDS[refersTo].typeName} ${name} does not exist` }));
  });
}
