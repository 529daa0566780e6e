import type { Flush, Step, Task } from '../core/plan.ts';
import type { Span } from '../core/source.ts';
import { entry, isEmpty, type MapNode, type Node } from './document.ts';
import { literalTemplate, type TypedTemplate } from './expression/template.ts';
import { anything, integerType, listOf, numberType, stringType, type Type, union } from './expression/types.ts';
import type { Files } from './files.ts';
import { handlersOf, readHandlers } from './handlers.ts';
import type { Inputs } from './inputs.ts';
import { playKeywords } from './keywords.ts';
import { Names, type PlacedLayer } from './names.ts';
import { checked, optional, type Place } from './place.ts';
import { type Param, readParams } from './read-params.ts';
import { readSteps } from './read-steps.ts';
import { readBoolean, readChoice, readLabel, readNames, readNumber, readTemplate, readVars } from './read-values.ts';
import type { Reading } from './reading.ts';
import { registersOf } from './registers.ts';
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
  readonly params: readonly Param[];
  readonly vars: ReadonlyMap<string, TypedTemplate>;
  /** Of the files in `vars_files`. */
  readonly fileVars: ReadonlyMap<string, TypedTemplate>;
  readonly tasks: readonly Step[];
  readonly handlers: readonly Task[];
}

/** What the plays of a playbook have in common, and what reading them fills. */
export interface AroundPlays {
  readonly used: Set<string>;
  /** Registers and facts of the plays before. */
  readonly results: ReadonlyMap<string, Type>;
  /** Filled with the registers of this play. */
  readonly registers: Map<string, Span>;
  /** Filled with the handlers that no task notifies. */
  readonly unnotified: Span[];
  /** The names of vars that hosts have. */
  readonly hostVars: ReadonlySet<string>;
  /** What was given with `-e`; not known in lint. */
  readonly inputs: Inputs | undefined;
}

/** A play, with every tasks file that it enters; `results` is what later plays see of it. */
export function readPlay(
  r: Reading,
  files: Files,
  path: string,
  map: MapNode,
  id: string,
  around: AroundPlays,
): { play: ReadPlay; results: ReadonlyMap<string, Type> } {
  r.checkKeywords(map, playKeywords, 'a play');
  const value = (key: keyof typeof playKeywords): Node | undefined => entry(map, key)?.value;
  const head = map.entries[0]?.keySpan ?? map.span;
  const hosts = value('hosts');
  const given = { name: value('name'), params: value('params'), vars: value('vars'), tags: value('tags') };
  const params = given.params ? readParams(r, given.params, around.used) : [];
  const inputs: PlacedLayer = { level: 'params', names: new Map(params.map(p => [p.name, p.type])) };
  const nothing = { results: new Map(), registers: new Map(), used: around.used, open: false };
  const handlersNode = value('handlers');
  const handlers = handlersOf(handlersNode, `${id}.h`);
  const at = { r, files, handlers, path: [path] };
  // The keywords of the play itself are worked out before the run, from params alone.
  const before: Place = { ...at, names: new Names(r, { ...nothing, outer: [inputs] }), tags: [] };
  if (!hosts) r.error('missing-parameter', head, 'a play needs `hosts`', { hint: 'such as `hosts: headnode`' });
  const pattern = readTemplate(r, hosts ?? { kind: 'list', span: map.span, items: [] });
  const wanted = union(stringType, listOf(stringType));
  const vars = given.vars ? readVars(r, given.vars, '`vars` of a play') : new Map<string, TypedTemplate>();
  const steps = sectionsOf(value);
  if (steps.length === 0) {
    r.error('empty-playbook', entry(map, 'tasks')?.keySpan ?? head, 'the play has no tasks');
  }
  const all = [...steps.map(({ node }) => node), ...(handlersNode ? [handlersNode] : [])];
  const registers = new Map(all.flatMap(node => [...registersOf(node, path, files)]));
  for (const [register, span] of registers) around.registers.set(register, span);
  const naming = { params, inputs: around.inputs };
  const fileVars = varsOfFiles(before, path, value('vars_files'), naming);
  const outer: readonly PlacedLayer[] = [
    { level: 'hosts-beside-playbook', names: new Map([...around.hostVars].map(name => [name, anything])) },
    { level: 'play', names: vars },
    { level: 'vars-files', names: fileVars.names },
    inputs,
  ];
  const names = new Names(r, { ...nothing, open: fileVars.open, outer, registers, results: around.results });
  const tags = given.tags ? readNames(r, given.tags, '`tags`') : [];
  const place: Place = { ...at, names, tags };
  const play: ReadPlay = {
    id,
    span: map.span,
    ...optional('name', given.name && checked(before, readLabel(r, given.name, '`name` of a play'))),
    hosts: hosts ? (checked(before, pattern, wanted, '`hosts`') ?? pattern) : pattern,
    ...readCourse(before, value),
    params,
    vars,
    fileVars: fileVars.vars,
    tasks: steps.flatMap(({ key, node, letter }, i) => [
      ...readSteps(place, node, `${id}.${letter}`, `\`${key}\``),
      ...(i < steps.length - 1 ? [flushAfter(`${id}.f${i}`, node)] : []),
    ]),
    handlers: handlersNode ? readHandlers(place, handlersNode, `${id}.h`) : [],
  };
  for (const handler of play.handlers) {
    if (!handlers.isUsed(handler.id)) around.unnotified.push(handler.span);
  }
  names.finish();
  return { play, results: names.known };
}

const sections = [
  { key: 'pre_tasks', letter: 'b' },
  { key: 'tasks', letter: 't' },
  { key: 'post_tasks', letter: 'a' },
] as const;

/** The lists of tasks that there are, in the order in which they are done. The handlers that one wakes are done before the next. */
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
  const sizes = union(integerType, stringType);
  const isFatal = fatal ? readBoolean(r, fatal, '`any_errors_fatal`') === true : false;
  const most = number('max_fail_percentage', numberType);
  return {
    ...optional('expectHosts', number('expect_hosts', integerType)),
    ...optional('forks', number('forks', integerType)),
    ...optional('order', order && readChoice(r, order, '`order`', orders)),
    ...optional('serial', serial && checked(before, readTemplate(r, serial), union(sizes, listOf(sizes)), '`serial`')),
    // Any is more than none.
    ...optional('maxFailPercentage', isFatal && fatal ? literalTemplate(0, fatal.span) : most),
  };
}
