import fc from 'fast-check';
import { stringify } from 'yaml';
import { modules } from '../../../src/modules/index.ts';
import * as keywords from '../../../src/playbook/keywords.ts';
import { kindsOf } from '../../playbook/expression/jinja/expressions.ts';
import { templates } from '../../playbook/expression/jinja/templates.ts';
import type { Input } from './input.ts';

const ofPlays = Object.keys(keywords.playKeywords);
const ofTasks = Object.keys({
  ...keywords.taskKeywords,
  ...keywords.blockKeywords,
  ...keywords.includeKeywords,
  ...keywords.handlerKeywords,
});
const params = modules.flatMap(module => Object.keys(module.params.properties ?? {}));
const odd = [
  '__proto__',
  'constructor',
  'hosts',
  'file',
  'name',
  'type',
  'default',
  'all',
  'children',
  'items',
  'x',
  '<<',
];
const key = fc.oneof(
  fc.constantFrom(...ofPlays),
  fc.constantFrom(
    ...ofTasks,
    'include_tasks',
    'import_tasks',
    'include_role',
    'import_role',
    'import_playbook',
    'meta',
  ),
  fc.constantFrom(...modules.map(({ name }) => name)),
  fc.constantFrom(...params),
  fc.constantFrom(...odd, ...Object.keys(keywords.replaced), ...Object.keys(keywords.otherModules)),
);

const expression = fc.oneof(...Object.values(kindsOf(2)).map(arbitrary => arbitrary.map(made => String(made))));
const text = fc.oneof(
  fc.constantFrom(
    'a',
    'etcd',
    'all',
    'b.yml',
    'a.yml',
    'r',
    '{{ x }}',
    '{{ item.x',
    'x is defined',
    'true',
    'no',
    '2',
    '',
  ),
  expression,
  expression.map(one => `{{ ${one} }}`),
  expression.map(one => `a {{ ${one} }} b`),
  fc.string({ maxLength: 12 }),
);
const leaf = fc.oneof(text, fc.constantFrom(null, true, false, 0, 1, -1, 1.5, 1e300), fc.constant([]), fc.constant({}));

const { tree } = fc.letrec(tie => ({
  tree: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
  ),
}));

/** Values of any shape, each task with one of the modules, so that more than its keywords is read. */
const task = fc
  .tuple(
    fc.constantFrom(...modules),
    fc.dictionary(fc.constantFrom(...ofTasks), tree, { maxKeys: 3 }),
    fc.dictionary(fc.constantFrom(...params), leaf, { maxKeys: 4 }),
    fc.boolean(),
  )
  .map(([module, around, given, sound]) => {
    const own = Object.keys(module.params.properties ?? {});
    const kept = Object.entries(given).map(([name, value], i): [string, unknown] => [
      (sound ? own[i] : undefined) ?? name,
      value,
    ]);
    return { [module.name]: Object.fromEntries(kept), ...around };
  });
const tasks = fc.array(fc.oneof({ weight: 3, arbitrary: task }, { weight: 1, arbitrary: tree }), { maxLength: 4 });
const play = fc
  .tuple(tasks, fc.dictionary(fc.constantFrom(...ofPlays), tree, { maxKeys: 4 }))
  .map(([list, around]) => ({ hosts: 'all', tasks: list, ...around }));
const plays = fc.array(fc.oneof({ weight: 4, arbitrary: play }, { weight: 1, arbitrary: tree }), { maxLength: 3 });

/** Playbooks of any values, with a file of tasks, a role, an inventory, vars and a template beside them. */
export const made: fc.Arbitrary<Input> = fc
  .tuple(plays, tasks, tree, templates, fc.boolean())
  .map(([book, list, any, template, inJson]) => {
    const write = (value: unknown): string =>
      inJson ? JSON.stringify(value) : stringify(value, { aliasDuplicateObjects: false });
    const files = {
      'a.yml': write(book),
      'b.yml': write(list),
      'roles/r/tasks/main.yml': write(list),
      'roles/r/meta/main.yml': write(any),
      'group_vars/all.yml': write(any),
      'hosts.yml': write({ all: any }),
      'a.j2': template,
    };
    return { files, paths: Object.keys(files).filter(path => path.endsWith('.yml')) };
  });
