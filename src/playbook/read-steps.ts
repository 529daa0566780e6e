import { type Block, type End, type Flush, type Include, type Step, tasksOf } from '../core/plan.ts';
import { entry, holdsExpression, isEmpty, type MapNode, type Node } from './document.ts';
import { anything } from './expression/types.ts';
import { fileOf, includedPath } from './files.ts';
import { readInherited } from './inherited.ts';
import {
  blockKeywords,
  importedFileKeywords,
  importKeywords,
  includedFileKeywords,
  includeKeywords,
  metaActions,
  metaKeywords,
} from './keywords.ts';
import { readModuleDefaults } from './module-defaults.ts';
import { rescueNames } from './names.ts';
import { optional, type Place, readBase, withLoop } from './place.ts';
import { withoutPrefix } from './prefix.ts';
import { withApply } from './read-apply.ts';
import { readRoleStep } from './read-role.ts';
import { readTask } from './read-task.ts';
import { readList, readVars } from './read-values.ts';

/** The steps of a list; `prefix` and the number make the id: `p0.t`, `p0.t3.b`. */
export function readSteps(place: Place, node: Node, prefix: string, what: string): readonly Step[] {
  return readList(place.r, node, what, 'a list of tasks').flatMap((item, i) => {
    if (item.kind === 'map') return readStep(place, item, prefix, i);
    place.r.invalid(item, `an item of ${what}`, 'a task');
    return [];
  });
}

function readStep(place: Place, map: MapNode, prefix: string, number: number): Step | readonly Step[] {
  if (!place.r.mayReadStep(map.span)) return [];
  const keys = map.entries.map(e => withoutPrefix(e.key));
  if (keys.includes('block')) return readBlock(place, map, `${prefix}${number}`);
  const mode = keys.includes('include_tasks') ? 'include' : keys.includes('import_tasks') ? 'import' : undefined;
  if (keys.includes('include_role')) return readRoleStep(place, map, 'include', `${prefix}${number}`);
  if (keys.includes('import_role')) return readRoleStep(place, map, 'import', `${prefix}${number}`);
  if (keys.includes('meta')) return readMeta(place, map, `${prefix}${number}`);
  if (mode) return readInclude(place, map, mode, `${prefix}${number}`);
  return readTask(place, map, `${prefix}${number}`) ?? [];
}

function readBlock(place: Place, map: MapNode, id: string): Block {
  const { r, names } = place;
  r.checkKeywords(map, blockKeywords, 'a block');
  const { value, name, vars, when, tags } = readBase(place, map, blockKeywords, 'a block');
  return names.within('block', vars, () => {
    if (name) names.check(name);
    names.checkConditions(when);
    const inherited = readInherited(place, value);
    const moduleDefaults = readModuleDefaults(r, place.moduleDefaults, value('module_defaults'));
    const inside = { ...place, tags, inherited, moduleDefaults };
    const part = (key: string, letter: string): readonly Step[] => {
      const node = value(key);
      return node ? readSteps(inside, node, `${id}.${letter}`, `\`${key}\``) : [];
    };
    const body = part('block', 'b');
    const block = value('block');
    if (!block || isEmpty(block)) r.error('empty-playbook', block?.span ?? map.span, 'a block has no tasks');
    const calm = shakenBy(place, body);
    const rescue = names.within('handed', rescueNames, () => part('rescue', 'r'));
    const always = part('always', 'a');
    if (!goesOn(rescue)) calm();
    return {
      kind: 'block',
      id,
      span: map.span,
      ...optional('name', name),
      when,
      vars,
      tags,
      body,
      rescue,
      always,
    };
  });
}

/** One of these tasks may fail: what the others register may not be there after it, nor all of its own. Gives what takes that back. */
function shakenBy({ names }: Place, body: readonly Step[]): () => void {
  const [first, ...others] = tasksOf(body);
  const calmFirst = names.shake(first?.register !== undefined && !first.module.failureKeeps ? [first.register] : [], {
    mayFail: true,
  });
  const calmOthers = names.shake(
    others.flatMap(task => task.register ?? []),
    { mayBeUnset: true },
  );
  return () => {
    calmOthers();
    calmFirst();
  };
}

/** True where the run goes on after a rescue: there is one, and it does not end with a failure. */
function goesOn(rescue: readonly Step[]): boolean {
  const last = rescue.at(-1);
  return rescue.length > 0 && !(last?.kind === 'task' && last.module.name === 'fail' && last.when.length === 0);
}

function readMeta(place: Place, map: MapNode, id: string): Flush | End | readonly Step[] {
  const { r, names } = place;
  r.checkKeywords(map, metaKeywords, '`meta`', key => withoutPrefix(key) === 'meta');
  const { name, when, vars, tags } = readBase(place, map, metaKeywords, '`meta`');
  if (name) names.check(name);
  names.within('handed', new Map(), () => names.checkConditions(when));
  const given = map.entries.find(e => withoutPrefix(e.key) === 'meta')?.value;
  const action = given && metaActions.find(one => given.kind === 'scalar' && given.value === one);
  const base = { id, span: map.span, ...optional('name', name), when, vars, tags };
  switch (action) {
    case 'end_host':
      return { kind: 'end', of: 'host', ...base };
    case 'end_batch':
      return { kind: 'end', of: 'batch', ...base };
    case 'end_play':
      return { kind: 'end', of: 'play', ...base };
    case 'flush_handlers':
      if (when.length > 0) {
        const hint = 'remove it: which handlers are done, the tasks that notify them decide';
        r.error('invalid-value', entry(map, 'when')?.keySpan ?? map.span, '`flush_handlers` has no conditions', {
          hint,
        });
      }
      return { kind: 'flush', ...base };
    case 'noop':
      return [];
    default:
      if (given) r.invalid(given, '`meta`', `one of ${metaActions.join(', ')}`, whyNot(given));
      return [];
  }
}

/** Of what Ansible has besides: why it is not needed here. */
function whyNot(given: Node): string | undefined {
  const reasons: Readonly<Record<string, string>> = {
    clear_facts: 'no facts are kept',
    clear_host_errors: 'use a `block` with `rescue`, or `ignore_errors` and `ignore_unreachable`',
    refresh_inventory: 'the inventory stays as it was when the run began',
    reset_connection: 'a connection that broke is opened again by itself',
    end_role: 'use a `block` with `when`',
  };
  const name = given.kind === 'scalar' ? String(given.value) : '';
  return Object.hasOwn(reasons, name) ? reasons[name] : undefined;
}

function readInclude(place: Place, map: MapNode, mode: Include['mode'], id: string): Include | readonly Step[] {
  const { r, names } = place;
  const keyword = `${mode}_tasks`;
  const keywords = mode === 'include' ? includeKeywords : importKeywords;
  const given = map.entries.find(e => withoutPrefix(e.key) === keyword);
  r.checkKeywords(map, keywords, `\`${keyword}\``, key => withoutPrefix(key) === keyword);
  const { value, name, vars: own, when, tags } = readBase(place, map, keywords, `\`${keyword}\``);
  const found = given && readFileName(place, given.value, keyword);
  const more = given?.value.kind === 'map' ? entry(given.value, 'vars')?.value : undefined;
  const vars = new Map([...own, ...(more ? readVars(r, more, '`vars`') : [])]);
  const enter = (): readonly Step[] => {
    const inherited = readInherited(place, value);
    const moduleDefaults = readModuleDefaults(r, place.moduleDefaults, value('module_defaults'));
    const node = found && place.files.get(found)?.node;
    if (!found || !node) return [];
    if (isEmpty(node)) r.error('empty-playbook', node.span, 'the file has no tasks');
    const here = { ...place, tags, inherited, moduleDefaults };
    const apply = given?.value.kind === 'map' && mode === 'include' ? entry(given.value, 'apply')?.value : undefined;
    return withApply(here, apply, id, (holding, wrap) => {
      const inside = { ...here, ...holding, path: [...place.path, found] };
      return wrap(readSteps(inside, node, `${id}.i`, `\`${found}\``));
    });
  };
  return withLoop(place, value('loop'), value('loop_control'), loop => {
    const body = names.within(mode === 'import' ? 'block' : 'handed', vars, () => {
      if (name) names.check(name);
      names.checkConditions(when);
      if (mode === 'import') return enter();
      // An include's vars are worked out once, on entering; an import's where they are used.
      const values = new Map([...vars.keys()].map(key => [key, names.get(key) ?? anything]));
      return names.within('handed', values, enter);
    });
    return {
      kind: 'include',
      id,
      span: map.span,
      ...optional('name', name),
      when,
      vars,
      tags,
      mode,
      file: found ?? '',
      ...optional('loop', loop),
      body,
    };
  });
}

/** The path of an include's file; absent, and reported, where it cannot be entered. */
function readFileName({ r, files, path }: Place, value: Node, keyword: string): string | undefined {
  const keywords = keyword === 'include_tasks' ? includedFileKeywords : importedFileKeywords;
  if (value.kind === 'map') r.checkKeywords(value, keywords, `\`${keyword}\``);
  const file = fileOf(value);
  if (file?.kind !== 'scalar' || typeof file.value !== 'string' || file.value === '') {
    r.invalid(file ?? value, `\`${keyword}\``, 'the name of a tasks file');
    return undefined;
  }
  if (holdsExpression(file)) {
    r.error('invalid-value', file.span, `the file of \`${keyword}\` must be named literally`, {
      hint: 'everything is checked before the run: name each file in a task of its own, with `when:`',
    });
    return undefined;
  }
  const found = includedPath(path.at(-1) ?? '', file.value);
  if (path.includes(found)) {
    const way = [...path.slice(path.indexOf(found)), found].join(' → ');
    r.error('include-loop', file.span, `${found} includes itself: ${way}`);
    return undefined;
  }
  const text = files.get(found);
  if (!text) r.error('file-not-found', file.span, `there is no file ${found} that can be read`);
  else {
    r.report(...text.diagnostics);
    if (!text.node && text.diagnostics.length === 0) r.error('empty-playbook', file.span, `${found} has no tasks`);
  }
  return text?.node && found;
}
