import { type TSchema, Type } from 'typebox';
import { codes } from '../core/codes.ts';
import type { RunEvent } from '../core/event.ts';
import { VERSION } from './format.ts';

// What other programs may rely on. Every event has its schema, and no field beside it: the compiler asks for the first
// (`satisfies` below), the tests for the second, with journals of real runs.

const closed = { additionalProperties: false };
const object = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, { ...closed, ...(description === undefined ? {} : { description }) });
const texts = Type.Array(Type.String());
const optional = Type.Optional;
const anything = Type.Unknown();
const byName = Type.Record(Type.String(), anything);
const ms = (description: string) => Type.Number({ description: `${description}, in milliseconds` });
const moment = (description: string) => Type.Number({ description: `${description}, in milliseconds since 1970` });
const words = (...all: string[]) => Type.Enum(all);

const login = object(
  {
    connection: optional(words('ssh', 'local')),
    user: optional(Type.String()),
    port: optional(Type.Integer()),
    become: optional(object({ user: Type.String(), flags: Type.Array(Type.String()) })),
  },
  'As whom a host is worked on, and how it is reached, where not as the inventory says.',
);
const where = object(
  {
    task: Type.String({ description: 'Its place in the playbook: `p0.t3`.' }),
    name: Type.String(),
    module: Type.String(),
    host: Type.String(),
    on: Type.String({ description: 'Where it is delegated to, or the same.' }),
    as: optional(login),
    within: Type.Array(Type.String(), { description: 'Rounds of the includes around it, outermost first.' }),
    item: optional(Type.String({ description: "The label of its own loop's item; absent for the loop as a whole." })),
  },
  'One execution of a task.',
);
const change = object({ what: Type.String(), before: optional(Type.String()), after: optional(Type.String()) });
const changes = Type.Array(change);
const status = words('ok', 'changed', 'skipped', 'failed', 'ignored', 'rescued', 'unreachable', 'unknown');
const error = object({
  code: Type.Enum(Object.keys(codes)),
  message: Type.String(),
  hint: optional(Type.String()),
  place: optional(Type.String({ description: '`FILE:LINE:COLUMN`.' })),
});
const standing = object(
  {
    voters: Type.Integer(),
    healthy: Type.Integer(),
    learners: Type.Integer(),
    quorum: Type.Integer(),
    margin: Type.Integer(),
  },
  'Members, counted. `margin`: voters that may still fail.',
);
const verdict = object({
  kind: words('safe', 'fragile', 'interrupts', 'refused'),
  risk: Type.Object({ kind: words('membership', 'service', 'opaque', 'configuration', 'leadership') }),
  reason: Type.String(),
  before: optional(standing),
  after: optional(standing),
  next: optional(Type.String()),
  allowName: optional(Type.String()),
});
const courseStep = object({ task: Type.String(), name: Type.String(), within: texts, host: Type.String(), verdict });
const member = object({
  id: Type.String(),
  name: Type.String(),
  role: words('voter', 'learner'),
  health: words('healthy', 'unhealthy', 'unknown'),
  leader: Type.Boolean(),
  peerUrl: Type.String(),
});
const handSteps = Type.Array(object({ host: Type.String(), command: Type.String(), until: optional(Type.String()) }));
const totals = object(
  Object.fromEntries(
    ['ok', 'changed', 'skipped', 'failed', 'ignored', 'unreachable', 'unknown'].map(name => [name, Type.Integer()]),
  ),
);
const hosts = texts;
const start = { run: Type.String(), playbook: Type.String(), inputs: byName, hosts };
const facts = optional(Type.Record(Type.String(), anything, { description: 'Facts that it set.' }));

/** The fields of each event, besides `type`, `sequence` and `atMs`. */
const events = {
  'run-started': { ...start, check: Type.Boolean() },
  resumed: {
    ...start,
    begunAtMs: moment('When the run began'),
    done: Type.Integer({ description: 'Tasks that had been brought to their end.' }),
    underWay: Type.Array(where),
    failed: Type.Array(where),
  },
  rehearsing: { at: optional(Type.String()) },
  membership: {
    moment: words('before', 'between', 'after'),
    view: object({ clusterId: Type.String(), members: Type.Array(member), standing }),
  },
  course: { steps: Type.Array(courseStep) },
  consent: { how: words('--yes', 'typed', '--allow'), to: texts },
  'play-started': { play: Type.String(), name: Type.String(), hosts },
  'task-started': {
    task: Type.String(),
    name: Type.String(),
    module: Type.String(),
    within: texts,
    hosts,
    handler: optional(Type.Literal(true, { description: 'It is a handler that was notified.' })),
  },
  'include-entered': { step: Type.String(), name: Type.String(), within: texts, hosts },
  progress: { where, progress: object({ text: Type.String(), fraction: optional(Type.Number()) }) },
  retry: {
    where,
    attempt: Type.Integer(),
    attempts: Type.Integer(),
    waitMs: ms('How long it waits'),
    because: Type.String(),
  },
  judged: { where, verdict },
  changing: { where, changes, state: optional(anything) },
  settling: { where, limitMs: ms('How long it waits at most') },
  ended: {
    where,
    status,
    durationMs: ms('How long it took'),
    changes,
    result: Type.Unknown({ description: 'What is registered.' }),
    facts,
    withheld: optional(
      Type.Literal(true, { description: 'Parts of the result or of the facts are secret, and not here.' }),
    ),
    text: optional(Type.String()),
    error: optional(error),
    byHand: optional(handSteps),
    notMade: optional(
      Type.Literal(true, { description: 'By its own check_mode it was only seen what it would change.' }),
    ),
    notified: optional(Type.Array(Type.String(), { description: 'The handlers that it woke.' })),
  },
  recalled: {
    where,
    status,
    changes,
    endedAtMs: moment('When it ended'),
    again: optional(Type.Literal(true, { description: 'It is looked at again, and ends a second time.' })),
  },
  decided: { where, decision: words('done', 'again'), how: words('typed', '--assume-done', '--repeat') },
  warning: { message: Type.String() },
  'run-ended': {
    outcome: words('done', 'failed', 'unreachable', 'refused', 'locked', 'interrupted', 'defect'),
    durationMs: ms('How long this process took'),
    totals: Type.Record(Type.String(), totals),
    error: optional(error),
    next: texts,
    remaining: optional(Type.Array(object({ where, steps: handSteps }))),
    waiting: optional(
      Type.Array(object({ handler: Type.String(), hosts }), {
        description: 'Handlers that were notified and are not done.',
      }),
    ),
  },
} satisfies Record<RunEvent['type'], Record<string, TSchema>>;

const host = Type.Object({ name: Type.String(), address: Type.String() });

const header = object(
  {
    journal: Type.Literal(VERSION, { description: "The format's version." }),
    run: Type.String(),
    about: object({
      version: Type.String(),
      user: Type.String(),
      host: Type.String(),
      cwd: Type.String(),
      playbook: Type.String(),
      options: object({
        inventory: optional(Type.String()),
        limit: optional(Type.String()),
        tags: optional(texts),
        skipTags: optional(texts),
        modules: optional(texts),
        allow: optional(texts),
        forks: Type.Integer(),
      }),
      inputs: byName,
      secrets: texts,
      files: Type.Record(Type.String(), Type.String()),
      inventory: object({
        origin: Type.String(),
        hosts: Type.Array(host),
        groups: Type.Record(Type.String(), texts),
      }),
    }),
  },
  'The first line.',
);

const line = { sequence: Type.Integer({ minimum: 1 }), atMs: moment('When it was told') };

/** A line of a journal, and of `quorate run --json`, which prints the events alone. */
export const journalSchema = Type.Union(
  [header, ...Object.entries(events).map(([type, fields]) => object({ type: Type.Literal(type), ...fields, ...line }))],
  { title: "A line of a run's journal" },
);
