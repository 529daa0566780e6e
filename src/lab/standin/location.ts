// Where in cmsh's tree of modes a session stands, and the prompt that says so.
import { type Drafts, isRoleDirty } from './drafts.ts';
import type { ObjectKind } from './state.ts';

export interface Location {
  readonly mode?: ObjectKind;
  readonly object?: string;
  /** In the submode roles, of the object. */
  readonly roles?: true;
  readonly role?: string;
}

export type Level = 'main' | 'mode' | 'object' | 'roles' | 'role';

export function levelOf(location: Location): Level {
  if (location.mode === undefined) return 'main';
  if (location.object === undefined) return 'mode';
  if (location.roles === undefined) return 'object';
  return location.role === undefined ? 'roles' : 'role';
}

/** One level up; the main level's parent is itself. */
export function parentOf(location: Location): Location {
  const { mode, object } = location;
  switch (levelOf(location)) {
    case 'main':
    case 'mode':
      return {};
    case 'object':
      return mode === undefined ? {} : { mode };
    case 'roles':
      return mode === undefined || object === undefined ? {} : { mode, object };
    case 'role':
      return mode === undefined || object === undefined ? {} : { mode, object, roles: true };
  }
}

/** `[headnode->configurationoverlay*[kube-default-etcd*]->roles*[Etcd::Host*]]%`; a star where something is uncommitted. */
export function formatPrompt(headNode: string, location: Location, drafts: Drafts): string {
  const { mode, object, roles, role } = location;
  if (mode === undefined) return `[${headNode}]%`;
  const star = (dirty: boolean): string => (dirty ? '*' : '');
  let text = `${mode}${star(drafts.dirty(mode).length > 0)}`;
  if (object !== undefined) {
    const draft = drafts.dirty(mode, object).find(candidate => !candidate.removed);
    text += `[${object}${star(draft !== undefined)}]`;
    const isDirty = (name: string): boolean => draft !== undefined && isRoleDirty(draft, name);
    const anyDirty = draft !== undefined && (isDirty('') || [...draft.touched].some(key => key.startsWith('roles/')));
    if (roles) text += `->roles${star(anyDirty)}`;
    if (role !== undefined) text += `[${role}${star(isDirty(role))}]`;
  }
  return `[${headNode}->${text}]%`;
}
