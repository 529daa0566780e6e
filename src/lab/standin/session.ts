// One cmsh process: where it stands, what it changed, and how a command finds its object.
import { Drafts } from './drafts.ts';
import { lastSequence } from './events.ts';
import { type Location, levelOf } from './location.ts';
import { KINDS, type Kind } from './properties.ts';
import type { CmObject, ObjectKind, Role, State } from './state.ts';
import type { Store } from './store.ts';

export interface Session {
  readonly store: Store;
  readonly drafts: Drafts;
  /** As last read; private copies lie over it. */
  state: State;
  location: Location;
  /** False where commands come from -c, -f or standard input. */
  readonly interactive: boolean;
  /** False where CMDaemon can't be reached, or shouldn't be: then there are no modes. */
  readonly connected: boolean;
  /** The last event that was printed. */
  eventsSeen: number;
  /** Set by `quit`. */
  ended: boolean;
}

export interface Answer {
  /** Without a line end; '' prints nothing. */
  readonly text: string;
  readonly failed: boolean;
}

export function openSession(
  store: Store,
  state: State,
  options: { interactive: boolean; connected: boolean },
): Session {
  const eventsSeen = lastSequence(state);
  return { store, drafts: new Drafts(), state, location: {}, eventsSeen, ended: false, ...options };
}

export function answer(text = ''): Answer {
  return { text, failed: false };
}

export function failure(text: string): Answer {
  return { text, failed: true };
}

export function notFound(kind: Kind, name: string): Answer {
  return failure(`Unable to find ${KINDS[kind].typeName} '${name}' (type 'list' to get a list)`);
}

/** What `show`, `get`, `set` and the like work on. */
export interface Target {
  /** The kind whose properties are meant: `role` inside roles. */
  readonly kind: Kind;
  readonly mode: ObjectKind;
  /** The object that is committed: a role's overlay, device or category. */
  readonly objectName: string;
  readonly object: CmObject;
  readonly role?: Role;
  /** The words that follow the object's name. */
  readonly rest: readonly string[];
}

/** The object the session is in, or at mode level the one that the first word names. */
export function findTarget(session: Session, words: readonly string[]): Target | Answer {
  const { mode, object: here, role: roleHere } = session.location;
  if (mode === undefined) return failure('No object selected');
  const level = levelOf(session.location);
  const objectName = level === 'mode' ? words[0] : here;
  if (objectName === undefined) return failure('No object selected');
  const object = session.drafts.find(session.state, mode, objectName);
  if (object === undefined) return notFound(mode, objectName);
  if (level === 'mode') return { kind: mode, mode, objectName, object, rest: words.slice(1) };
  if (level === 'object') return { kind: mode, mode, objectName, object, rest: words };
  const wanted = level === 'roles' ? words[0] : roleHere;
  if (wanted === undefined) return failure('No object selected');
  const role = findRole(object, wanted);
  if (role === undefined) return notFound('role', wanted);
  return { kind: 'role', mode, objectName, object, role, rest: level === 'roles' ? words.slice(1) : words };
}

export function isAnswer(value: Target | Answer): value is Answer {
  return 'failed' in value;
}

/** Role names match in any case (`use etcd::host`). */
export function findRole(object: CmObject, name: string): Role | undefined {
  return object.roles.find(role => role.name.toLowerCase() === name.toLowerCase());
}
