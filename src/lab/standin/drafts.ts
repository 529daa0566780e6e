// A cmsh process's private copies of what it changed, and how a commit merges them: only what was touched is written.
// Where somebody else changed the same property meanwhile, the later commit wins; their other changes stay.
import type { CmObject, ObjectKind, State, Value } from './state.ts';

export interface Draft {
  readonly kind: ObjectKind;
  /** The name under which CMDaemon knows it; undefined for a new object. */
  readonly committedName: string | undefined;
  /** The private copy. */
  object: CmObject;
  /** Keys of properties, `name`, `roles/NAME` for one assigned or unassigned, `roles/NAME/KEY`. */
  readonly touched: Set<string>;
  removed: boolean;
}

export class Drafts {
  #drafts: Draft[] = [];

  /** The object as this process sees it. */
  find(state: State, kind: ObjectKind, name: string): CmObject | undefined {
    return this.list(state, kind).find(object => object.name === name);
  }

  /** All objects of a kind as this process sees them, by name. */
  list(state: State, kind: ObjectKind): CmObject[] {
    const drafts = this.#drafts.filter(draft => draft.kind === kind);
    const untouched = state.objects[kind].filter(object => !drafts.some(draft => draft.committedName === object.name));
    const copies = drafts.filter(draft => !draft.removed).map(draft => draft.object);
    return [...untouched, ...copies].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The private copy of an object that exists, made if need be. */
  open(state: State, kind: ObjectKind, name: string): Draft | undefined {
    const open = this.#drafts.find(draft => draft.kind === kind && draft.object.name === name && !draft.removed);
    if (open !== undefined) return open;
    const object = this.find(state, kind, name);
    if (object === undefined) return undefined;
    const draft = { kind, committedName: name, object: structuredClone(object), touched: new Set(''), removed: false };
    this.#drafts.push(draft);
    return draft;
  }

  add(kind: ObjectKind, object: CmObject): Draft {
    const draft: Draft = { kind, committedName: undefined, object, touched: new Set(), removed: false };
    this.#drafts.push(draft);
    return draft;
  }

  /** Marks as removed; a new object is just forgotten. False where there is none of that name. */
  remove(state: State, kind: ObjectKind, name: string): boolean {
    const draft = this.open(state, kind, name);
    if (draft === undefined) return false;
    draft.removed = true;
    if (draft.committedName === undefined) this.forget([draft]);
    return true;
  }

  /** What would be committed, of one kind or object where given. */
  dirty(kind?: ObjectKind, name?: string): Draft[] {
    return this.#drafts.filter(
      draft =>
        (draft.committedName === undefined || draft.removed || draft.touched.size > 0) &&
        (kind === undefined || draft.kind === kind) &&
        (name === undefined || draft.object.name === name),
    );
  }

  /** Drops private copies: after a commit, or by `refresh`. */
  forget(drafts: readonly Draft[]): void {
    this.#drafts = this.#drafts.filter(draft => !drafts.includes(draft));
  }
}

/** True where the role itself differs from what is committed. */
export function isRoleDirty(draft: Draft, role: string): boolean {
  const prefix = `roles/${role}`;
  return draft.committedName === undefined || [...draft.touched].some(key => `${key}/`.startsWith(`${prefix}/`));
}

/**
 * Writes what a draft touched into `state`. Returns false where the object it changes is gone.
 * `loseOne` drops the first change, as a CMDaemon would that reports success and keeps the old value.
 */
export function mergeDraft(state: State, draft: Draft, loseOne: boolean): boolean {
  const objects = state.objects[draft.kind];
  if (draft.committedName === undefined) {
    const object = structuredClone(draft.object);
    if (loseOne && 'nodes' in object.values) object.values.nodes = [];
    objects.push(object);
    return true;
  }
  const index = objects.findIndex(object => object.name === draft.committedName);
  const target = objects[index];
  if (target === undefined) return false;
  if (draft.removed) objects.splice(index, loseOne ? 0 : 1);
  else for (const key of [...draft.touched].slice(loseOne ? 1 : 0)) mergeTouched(target, draft.object, key);
  return true;
}

function mergeTouched(target: CmObject, source: CmObject, key: string): void {
  const [head, roleName, property] = key.split('/');
  if (head === 'name') target.name = source.name;
  else if (head !== 'roles') copyValue(target.values, source.values, key);
  else if (property === undefined) {
    target.roles = target.roles.filter(role => role.name !== roleName);
    const role = source.roles.find(candidate => candidate.name === roleName);
    if (role !== undefined) target.roles.push(structuredClone(role));
  } else {
    const to = target.roles.find(role => role.name === roleName);
    const from = source.roles.find(role => role.name === roleName);
    if (to !== undefined && from !== undefined) copyValue(to.values, from.values, property);
  }
}

function copyValue(to: Record<string, Value>, from: Record<string, Value>, key: string): void {
  const value = from[key];
  if (value !== undefined) to[key] = value;
}
