import type { Module } from '../core/module.ts';
import type { Task } from '../core/plan.ts';
import type { Entry, MapNode, Node } from './document.ts';
import { mayFail } from './doubts.ts';
import { didYouMean } from './expression/nearest.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anything, integerType, numberType, stringType, type Type } from './expression/types.ts';
import { respelt } from './fixes.ts';
import { readInherited } from './inherited.ts';
import {
  blockKeywords,
  handlerKeywords,
  includeKeywords,
  type Keywords,
  otherModules,
  playKeywords,
  replaced,
  taskKeywords,
} from './keywords.ts';
import { foldersOf } from './local-files.ts';
import { readModuleDefaults } from './module-defaults.ts';
import { magicNames } from './names.ts';
import { checked, optional, type Place, readBase, withLoop } from './place.ts';
import { withoutPrefix } from './prefix.ts';
import { readArgs } from './read-args.ts';
import { readIncludedVars } from './read-included-vars.ts';
import { checkBecomes } from './read-login.ts';
import { checkIdentifier, readConditions, readIdentifier, readNames, readNumber } from './read-values.ts';
import type { Reading } from './reading.ts';
import { resultType } from './registers.ts';

interface Found {
  readonly module: Module;
  readonly given: Entry;
}

/** A task; absent, and reported, where it names no module that exists. */
export function readTask(place: Place, map: MapNode, id: string, keywords: Keywords = taskKeywords): Task | undefined {
  const found = findModule(place, map, keywords);
  const { r, names } = place;
  const base = readBase(place, map, keywords, 'a task');
  const { value, name } = base;
  const given = value('register');
  const register = given && readIdentifier(r, given, '`register`');
  const allow = value('allow');
  const folders = foldersOf(place.path, place.roleDirs);
  const defaults = readModuleDefaults(r, place.moduleDefaults, value('module_defaults')).get(found?.module.name ?? '');
  return names.within('task', base.vars, () => {
    const { body, item, conditions } = withLoop(
      place,
      value('loop'),
      value('loop_control'),
      (loop, item) => {
        names.checkConditions(base.when);
        if (base.tags.includes('never')) names.supposeTagged();
        if (name) names.check(name);
        const args =
          found &&
          readArgs(
            r,
            {
              module: found.module,
              key: found.given.keySpan,
              node: found.given.value,
              folders,
              defaults,
              more: value('args'),
            },
            names,
          );
        const inherited = readInherited(place, value);
        checkBecomes(place, inherited.login, value('become_user'));
        if (found) checkCheckMode(r, found.module, value('check_mode'));
        if (found && namesFacts(found.module)) {
          for (const [fact, template] of args?.parts ?? []) {
            // Other names that cannot be are the module's own finding.
            if (magicNames.has(fact)) {
              checkIdentifier(r, fact, template.span);
              continue;
            }
            const type = widened(names.check(template));
            // Of another host's facts the conditions of this one tell nothing.
            if (inherited.delegateFacts) names.set(fact, type, template.span);
            else names.setFact(fact, type, template.span, base.tags.includes('never'));
          }
        }
        const reads = found?.module.kind === 'control' ? found.module.readsVars : undefined;
        const file = reads && args?.parts.get(reads.from);
        const included =
          file && readIncludedVars(r, { name: file, under: args?.parts.get(reads.under), folders }, names);
        const body = {
          ...optional('included', included),
          ...optional('loop', loop),
          ...inherited,
          ...readTry(place, value),
          args: args?.template,
        };
        // What follows is asked once the task was tried, so it sees the task's own result.
        const own = new Map(register ? [[register, found ? resultType(found.module, undefined, body) : anything]] : []);
        const after = names.within('handed', own, () => readAfter(place, value));
        return { body: { ...body, ...after }, item, conditions: names.conditions };
      },
      base.when,
    );
    if (register && given && found) {
      const mayBeUntagged = base.tags.includes('never');
      const how = { conditions, mayBeUntagged, mayFail: mayFail(found.module, body) };
      names.set(register, resultType(found.module, item, body), given.span, how);
    } else if (register && given) names.set(register, anything, given.span);
    const { args, ...rest } = body;
    if (!found || !args) return undefined;
    return {
      kind: 'task',
      id,
      span: map.span,
      ...optional('name', name),
      when: base.when,
      vars: base.vars,
      tags: base.tags,
      module: found.module,
      args,
      ...rest,
      ...optional('register', register),
      noLog: rest.noLog ?? false,
      runOnce: rest.runOnce ?? false,
      notify: rest.notify ?? [],
      allow: allow ? readNames(r, allow, '`allow`') : [],
      folders,
    };
  });
}

type Value = (key: string) => Node | undefined;

/** How it is tried, and where. */
function readTry(place: Place, value: Value) {
  const { r } = place;
  const number = (key: string, type: Type): TypedTemplate | undefined => {
    const node = value(key);
    return node && checked(place, readNumber(r, node, `\`${key}\``, type === integerType), type, `\`${key}\``);
  };
  return {
    ...optional('retries', number('retries', integerType)),
    ...optional('delay', number('delay', numberType)),
    ...optional('backoff', number('backoff', numberType)),
  };
}

/** What is asked of the result. */
function readAfter(place: Place, value: Value) {
  const conditions = (key: string): readonly TypedTemplate[] | undefined => {
    const node = value(key);
    const read = node && readConditions(place.r, node, `\`${key}\``);
    if (read) place.names.checkConditions(read);
    return read;
  };
  return {
    until: conditions('until') ?? [],
    ...optional('changedWhen', conditions('changed_when')),
    ...optional('failedWhen', conditions('failed_when')),
  };
}

/** `check_mode: false` at a task whose module would change something, or might: it has no effect, for check mode never does that. */
function checkCheckMode(r: Reading, module: Module, node: Node | undefined): void {
  if (node?.kind !== 'scalar' || node.value !== false) return;
  if (module.kind === 'converge' || (module.kind === 'act' && !module.onlyLooks)) {
    r.error('invalid-value', node.span, `${module.name} changes something, which check mode never does`, {
      hint: 'remove it; `check_mode: false` is for a `command` that only looks',
    });
  }
}

function namesFacts(module: Module): boolean {
  return module.kind === 'control' && module.namesFacts === true;
}

/** A fact may be set again to another text. */
function widened(type: Type): Type {
  return type.kind === 'string' ? stringType : type;
}

/** The one key of a task that names a module; every other key must be a keyword. */
function findModule({ r }: Place, map: MapNode, keywords: Keywords): Found | undefined {
  const given: Found[] = [];
  const unknown: Entry[] = [];
  for (const e of map.entries) {
    const module = r.modules.get(withoutPrefix(e.key));
    if (module) given.push({ module, given: e });
    else if (!Object.hasOwn(keywords, e.key)) unknown.push(e);
  }
  const [first, second] = given;
  for (const e of unknown) {
    if (first || Object.hasOwn(replaced, e.key) || (isKeyword(e.key) && !r.isBroken(e.key))) {
      r.unknownKeyword(e.key, e.keySpan, keywords, 'a task');
    } else unknownModule(r, e);
  }
  if (first && second) {
    const message = `a task has one module; this one has ${given.map(g => g.module.name).join(' and ')}`;
    r.error('several-modules', second.given.keySpan, message, {
      hint: 'make it two tasks',
      related: [{ span: first.given.keySpan, message: 'the first one' }],
    });
  }
  if (!first && unknown.length === 0) {
    r.error('no-module', map.span, 'a task must name a module', { hint: 'such as `command: uptime`' });
  }
  return first;
}

/** True for what is a keyword elsewhere, or nearer to a keyword of tasks than a module's name would be. */
function isKeyword(key: string): boolean {
  if (Object.hasOwn(otherModules, key)) return false;
  const elsewhere = { ...blockKeywords, ...includeKeywords, ...playKeywords, ...handlerKeywords };
  return Object.hasOwn(elsewhere, key) || didYouMean(key, Object.keys(taskKeywords)) !== undefined;
}

export function unknownModule(r: Reading, { key, keySpan }: Entry): void {
  const name = withoutPrefix(key);
  if (r.isBroken(name)) return;
  const other = Object.hasOwn(otherModules, name) ? otherModules[name] : undefined;
  r.error('unknown-module', keySpan, `there is no module \`${name}\``, {
    fix: other === undefined ? respelt(keySpan, key, r.modules.keys()) : undefined,
    hint:
      other ??
      didYouMean(name, r.modules.keys()) ??
      `see \`quorate doc\` for those there are; \`quorate new module ${name}\` begins one of your own`,
  });
}
