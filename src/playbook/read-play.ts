import { type Flush, type Step, type Task, tasksOfPlay } from '../core/plan.ts';
import type { Span } from '../core/source.ts';
import { entry, isEmpty, type MapNode, type Node } from './document.ts';
import { exposeRoles } from './exposed-roles.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anything, integerType, listOf, numberType, stringType, type Type, union } from './expression/types.ts';
import type { Files } from './files.ts';
import { rootsBeside } from './find-role.ts';
import { handlersOf, readHandlers } from './handlers.ts';
import { readInherited } from './inherited.ts';
import type { Inputs } from './inputs.ts';
import { playKeywords } from './keywords.ts';
import { readModuleDefaults } from './module-defaults.ts';
import { Names, noResults, type PlacedLayer, type Results } from './names.ts';
import { checked, optional, type Place, placeIn } from './place.ts';
import { reachOf, registersIn } from './reach.ts';
import { type Param, readParams } from './read-params.ts';
import { readRoles } from './read-role.ts';
import { readSteps } from './read-steps.ts';
import { readBoolean, readChoice, readLabel, readNames, readNumber, readTemplate, readVars } from './read-values.ts';
import type { Reading } from './reading.ts';
import { checkSerial } from './serial.ts';
import { varsOfFiles } from './vars-files.ts';

/** How the hosts of a play are ordered. Ansible's `shuffle` is left out: a resume could not go on in the same order. */
const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted'] as const;
export type HostOrder = (typeof orders)[number];

export interface ReadPlay {
  readonly id: string;
  readonly span: Span;
  readonly name?: TypedTemplate;
  /** Renders to a pattern or a list of patterns; sees params alone, as do the other templates here. */
  readonly hosts: TypedTemplate;
  readonly expectHosts?: TypedTemplate;
  readonly forks?: TypedTemplate;
  readonly order?: HostOrder;
  /** Renders to a number, a percentage such as `30%`, or a list of these. */
  readonly serial?: TypedTemplate;
  readonly maxFailPercentage?: TypedTemplate;
  readonly anyErrorsFatal: boolean;
  readonly forceHandlers: boolean;
  readonly free: boolean;
  readonly params: readonly Param[];
  readonly vars: ReadonlyMap<string, TypedTemplate>;
  /** Of the files in `vars_files`. */
  readonly fileVars: ReadonlyMap<string, TypedTemplate>;
  /** Conditions of the import that it comes from; asked for each of its tasks. */
  readonly when: readonly TypedTemplate[];
  readonly tasks: readonly Step[];
  readonly handlers: readonly Task[];
  /** Of the roles that it names for good, for all of it. */
  readonly roleVars: ReadonlyMap<string, TypedTemplate>;
  readonly roleDefaults: ReadonlyMap<string, TypedTemplate>;
}

/** What an `import_playbook` hands on to the plays that it imports. */
export interface Imported {
  readonly vars: ReadonlyMap<string, TypedTemplate>;
  readonly when: readonly TypedTemplate[];
  readonly tags: readonly string[];
}

/** What the plays of a playbook have in common, and what reading them fills. */
export interface AroundPlays {
  readonly used: Set<string>;
  /** Registers and facts of the plays before. */
  readonly results: Results;
  /** Filled with the registers of this play. */
  readonly registers: Map<string, Span>;
  /** Filled with the handlers that no task notifies. */
  readonly unnotified: Span[];
  /** The names of vars that hosts have. */
  readonly hostVars: ReadonlySet<string>;
  /** What was given with `-e`; not known in lint. */
  readonly inputs: Inputs | undefined;
  readonly imported: Imported;
}

/** A play, with every tasks file that it enters; `results` is what later plays see of it. */
export function readPlay(
  r: Reading,
  files: Files,
  path: string,
  map: MapNode,
  id: string,
  around: AroundPlays,
): { play: ReadPlay; results: Results } {
  r.checkKeywords(map, playKeywords, 'a play');
  const value = (key: keyof typeof playKeywords): Node | undefined => entry(map, key)?.value;
  const head = map.entries[0]?.keySpan ?? map.span;
  const hosts = value('hosts');
  const given = { name: value('name'), params: value('params'), vars: value('vars'), tags: value('tags') };
  const params = given.params ? readParams(r, given.params, around.used) : [];
  const inputs: PlacedLayer = { level: 'params', names: new Map(params.map(p => [p.name, p.type])) };
  const nothing = { results: noResults, registers: new Map(), used: around.used, open: false };
  const handlersNode = value('handlers');
  const roots = rootsBeside(path);
  const reach = reachOf(map, path, files, roots);
  const ofRoles = reach.roles.flatMap(({ name, dir, handlers: list }, i) =>
    list ? [{ ...list, dir, role: name, prefix: `${id}.r${i}h` }] : [],
  );
  // Those of roles come first, as in Ansible.
  const handlers = handlersOf([...ofRoles, ...(handlersNode ? [{ node: handlersNode, prefix: `${id}.h` }] : [])]);
  // The keywords of the play itself are worked out before the run, from params alone.
  const names = new Names(r, { ...nothing, outer: [inputs] });
  const before = placeIn({ r, files, handlers, path: [path], roots, names });
  if (!hosts) r.error('missing-parameter', head, 'a play needs `hosts`', { hint: 'such as `hosts: headnode`' });
  const pattern = readTemplate(r, hosts ?? { kind: 'list', span: map.span, items: [] });
  const wanted = union(stringType, listOf(stringType));
  const own = given.vars ? readVars(r, given.vars, '`vars` of a play') : [];
  const vars = new Map([...own, ...around.imported.vars]);
  const steps = sectionsOf(value);
  if (steps.length === 0) {
    r.error('empty-playbook', entry(map, 'tasks')?.keySpan ?? head, 'the play has no tasks');
  }
  const registers = registersIn(reach.nodes);
  for (const [register, span] of registers) around.registers.set(register, span);
  const { rolesOfPlay } = before;
  const naming = { params, inputs: around.inputs };
  const fileVars = varsOfFiles(before, path, value('vars_files'), naming);
  const outer: readonly PlacedLayer[] = [
    { level: 'role-defaults', names: rolesOfPlay.defaults },
    { level: 'hosts-beside-playbook', names: new Map([...around.hostVars].map(name => [name, anything])) },
    { level: 'play', names: vars },
    { level: 'vars-files', names: fileVars.names },
    { level: 'role-vars', names: rolesOfPlay.vars },
    inputs,
  ];
  const inside = new Names(r, {
    ...nothing,
    open: fileVars.open,
    outer,
    registers,
    results: around.results,
  });
  const { when, tags: handedOn } = around.imported;
  const tags = [...new Set([...handedOn, ...(given.tags ? readNames(r, given.tags, '`tags`') : [])])];
  const start: Place = { ...before, names: inside, tags };
  const place: Place = {
    ...start,
    inherited: readInherited(start, key => entry(map, key)?.value),
    moduleDefaults: readModuleDefaults(r, new Map(), value('module_defaults')),
  };
  exposeRoles(start, map);
  const exposed = { roleVars: new Map(rolesOfPlay.vars), roleDefaults: new Map(rolesOfPlay.defaults) };
  const play: ReadPlay = {
    id,
    span: map.span,
    ...optional('name', given.name && checked(before, readLabel(r, given.name, '`name` of a play'))),
    hosts: hosts ? (checked(before, pattern, wanted, '`hosts`') ?? pattern) : pattern,
    ...readCourse(before, value),
    params,
    vars,
    fileVars: fileVars.vars,
    when,
    tasks: inside.within('handed', new Map(), () => {
      inside.checkConditions(when);
      return steps.flatMap(({ key, node, letter }, i) => [
        ...(key === 'roles' ? readRoles : readSteps)(place, node, `${id}.${letter}`, `\`${key}\``),
        ...(i < steps.length - 1 && key !== 'roles' ? [flushAfter(`${id}.f${i}`, node)] : []),
      ]);
    }),
    handlers: [
      ...ofRoles.flatMap(list => readRoleHandlers(place, list)),
      ...(handlersNode ? readHandlers(place, handlersNode, `${id}.h`) : []),
    ],
    ...exposed,
  };
  for (const handler of play.handlers) {
    if (!handler.roles && !handlers.isUsed(handler.id)) around.unnotified.push(handler.span);
  }
  if (play.free) checkFree(r, play);
  inside.finish();
  return { play, results: inside.known };
}

/** The handlers of a role, which see what its last entry sees. */
function readRoleHandlers(
  place: Place,
  { dir, path, node, prefix }: { dir: string; path: string; node: Node; prefix: string },
) {
  const entered = place.rolesOfPlay.entered.get(dir);
  if (!entered) return [];
  const { names } = place;
  const inherited = { ...entered.inherited, notify: [] };
  const at = { ...entered, inherited, path: [...entered.path, path], tags: [] };
  const read = entered.scopes.reduceRight(
    (inside, scope) => () => names.inRole(scope, inside),
    () => readHandlers(at, node, prefix),
  );
  return read().map(handler => ({ ...handler, roles: entered.scopes }));
}

/** What looks at all hosts of a task at once needs them to be at the same task. */
function checkFree(r: Reading, play: ReadPlay): void {
  for (const task of tasksOfPlay(play)) {
    const keyword = task.runOnce ? 'run_once' : task.throttle ? 'throttle' : undefined;
    if (!keyword) continue;
    r.error(
      'invalid-value',
      task.span,
      `\`${keyword}\` needs \`strategy: linear\`: with another one hosts are not at the same task`,
      {
        hint: 'put the task into a play of its own',
      },
    );
  }
}

const sections = [
  { key: 'pre_tasks', letter: 'b' },
  { key: 'roles', letter: 'r' },
  { key: 'tasks', letter: 't' },
  { key: 'post_tasks', letter: 'a' },
] as const;

/** The lists of tasks that there are, in the order in which they are done. The handlers that one wakes are done before the next; those of roles with those of `tasks`. */
function sectionsOf(value: (key: keyof typeof playKeywords) => Node | undefined) {
  return sections.flatMap(section => {
    const node = value(section.key);
    return node && !isEmpty(node) ? [{ ...section, node }] : [];
  });
}

/** It cannot be left out by tags: it stands for the end of a section. */
function flushAfter(id: string, { span }: Node): Flush {
  return { kind: 'flush', id, span, when: [], vars: new Map(), tags: ['always'] };
}

/** How its hosts go through it. */
function readCourse(before: Place, value: (key: keyof typeof playKeywords) => Node | undefined) {
  const { r } = before;
  const number = (key: 'expect_hosts' | 'forks' | 'max_fail_percentage', type: Type): TypedTemplate | undefined => {
    const node = value(key);
    const read = node && readNumber(r, node, `\`${key}\``, type === integerType);
    return node && checked(before, read, type, `\`${key}\``);
  };
  const order = value('order');
  const serial = value('serial');
  const fatal = value('any_errors_fatal');
  const force = value('force_handlers');
  const strategy = value('strategy');
  checkFacts(r, value('gather_facts'));
  const sizes = union(integerType, stringType);
  return {
    ...optional('expectHosts', number('expect_hosts', integerType)),
    ...optional('forks', number('forks', integerType)),
    forceHandlers: force ? readBoolean(r, force, '`force_handlers`') === true : false,
    free: strategy
      ? readChoice(r, strategy, '`strategy`', ['linear', 'free', 'host_pinned'] as const) !== 'linear'
      : false,
    ...optional('order', order && readChoice(r, order, '`order`', orders)),
    ...optional(
      'serial',
      serial && checkSerial(r, serial)
        ? checked(before, readTemplate(r, serial), union(sizes, listOf(sizes)), '`serial`')
        : undefined,
    ),
    ...optional('maxFailPercentage', number('max_fail_percentage', numberType)),
    anyErrorsFatal: fatal ? readBoolean(r, fatal, '`any_errors_fatal`') === true : false,
  };
}

/** Facts are never gathered: what is to be known of a host, a task asks for. */
function checkFacts(r: Reading, node: Node | undefined): void {
  if (!node || readBoolean(r, node, '`gather_facts`') !== true) return;
  r.error('invalid-value', node.span, 'facts are never gathered', {
    hint: 'remove it, and ask for what you need: `stat`, `systemd_check`, or `command: uname -r` with `register`',
  });
}
