import type { Task } from '../core/plan.ts';
import { entry, holdsExpression, isEmpty, type MapNode, type Node, textsIn } from './document.ts';
import { didYouMean } from './expression/nearest.ts';
import { handlerKeywords } from './keywords.ts';
import type { Place } from './place.ts';
import { withoutPrefix } from './prefix.ts';
import { readTask } from './read-task.ts';
import { readList } from './read-values.ts';
import type { Reading } from './reading.ts';

/** Names of handlers that a hint lists. */
const MOST_LISTED = 20;

/** A list of handlers: the play's own, or a role's. The number makes the id: `p0.h3`. */
export interface HandlerList {
  readonly node: Node;
  readonly prefix: string;
  readonly role?: string;
}

/** The handlers of a play by what tasks call them: their names, and the topics to which they listen. */
export class Handlers {
  /** Ids in the order in which the handlers are done. */
  readonly #topics: ReadonlyMap<string, readonly string[]>;
  readonly #order: readonly string[];
  /** What cannot be notified here although it exists: the handler that is being read, and those above it. */
  readonly #past: ReadonlySet<string>;
  readonly #used: Set<string>;
  /** True for a tasks file that is read by itself: who includes it has the handlers. */
  readonly #open: boolean;

  constructor(
    topics: ReadonlyMap<string, readonly string[]>,
    {
      order = [],
      open = false,
      past = new Set<string>(),
      used = new Set<string>(),
    }: {
      readonly order?: readonly string[];
      readonly open?: boolean;
      readonly past?: ReadonlySet<string>;
      readonly used?: Set<string>;
    } = {},
  ) {
    this.#topics = topics;
    this.#order = order;
    this.#open = open;
    this.#past = past;
    this.#used = used;
  }

  /** What a handler may notify: those below it, so that no two can wake each other for ever. */
  below(id: string): Handlers {
    const past = new Set(this.#order.slice(0, this.#order.indexOf(id) + 1));
    return new Handlers(this.#topics, { order: this.#order, open: this.#open, past, used: this.#used });
  }

  isUsed(id: string): boolean {
    return this.#used.has(id);
  }

  /** Reads a `notify`: the ids of the handlers that it names. */
  read(r: Reading, node: Node): readonly string[] {
    const texts = textsIn(node);
    if (!texts) r.invalid(node, '`notify`', 'the name of a handler or a list of names, without expressions');
    return (texts ?? []).flatMap(({ text, span }) => {
      const ids = this.#topics.get(text);
      if (!ids) {
        if (this.#open) return [];
        const hint = didYouMean(text, this.#topics.keys()) ?? this.#thereAre();
        r.error('unknown-handler', span, `no handler of the play is called \`${text}\`, or listens to it`, { hint });
        return [];
      }
      const ahead = ids.filter(id => !this.#past.has(id));
      if (ahead.length === 0) {
        r.error('unknown-handler', span, `\`${text}\` is done before this handler, so it would be notified too late`, {
          hint: 'put it below this one',
        });
      }
      for (const id of ahead) this.#used.add(id);
      return ahead;
    });
  }

  #thereAre(): string {
    const names = [...this.#topics.keys()];
    const some = names.length > MOST_LISTED ? `${names.slice(0, MOST_LISTED).join(', ')} …` : names.join(', ');
    return names.length > 0 ? `there are ${some}` : 'the play has no `handlers`';
  }
}

/**
 * What the handlers of lists can be called, in the order in which they are done; what is wrong with them is found by `readHandlers`.
 * A name that several lists have is that of the last one, as in Ansible; all that listen to a topic are meant by it.
 */
export function handlersOf(lists: readonly HandlerList[]): Handlers {
  const named = new Map<string, string>();
  const listening = new Map<string, string[]>();
  const order: string[] = [];
  for (const { node, prefix, role } of lists) {
    for (const [i, item] of (node.kind === 'list' ? node.items : []).entries()) {
      const id = `${prefix}${i}`;
      order.push(id);
      if (item.kind !== 'map') continue;
      for (const name of textsAt(item, 'name')) {
        named.set(name, id);
        if (role !== undefined) named.set(`${role} : ${name}`, id);
      }
      for (const topic of textsAt(item, 'listen')) listening.set(topic, [...(listening.get(topic) ?? []), id]);
    }
  }
  const topics = new Map<string, readonly string[]>();
  for (const topic of new Set([...named.keys(), ...listening.keys()])) {
    const id = named.get(topic);
    const ids = new Set([...(id === undefined ? [] : [id]), ...(listening.get(topic) ?? [])]);
    topics.set(
      topic,
      order.filter(one => ids.has(one)),
    );
  }
  return new Handlers(topics, { order });
}

function textsAt(map: MapNode, key: string): readonly string[] {
  const node = entry(map, key)?.value;
  return node ? (textsIn(node) ?? []).map(({ text }) => text) : [];
}

/** Reads the handlers of a play, after its tasks: they see what those register. */
export function readHandlers(place: Place, node: Node, prefix: string): readonly Task[] {
  const { r, handlers } = place;
  const names = new Map<string, Node>();
  return readList(r, node, '`handlers`', 'a list of tasks').flatMap((item, i) => {
    const id = `${prefix}${i}`;
    if (item.kind !== 'map' || isEmpty(item)) {
      r.invalid(item, 'an item of `handlers`', 'a task');
      return [];
    }
    const other = item.entries.find(({ key }) => /^(block|include_tasks|import_tasks|meta)$/.test(withoutPrefix(key)));
    if (other) {
      r.error('invalid-value', other.keySpan, 'a handler must be a single task', {
        hint: 'make each task a handler, with a common topic in `listen`',
      });
      return [];
    }
    checkName(r, item, names);
    const listen = entry(item, 'listen')?.value;
    if (listen && !textsIn(listen)) r.invalid(listen, '`listen`', 'a topic or a list of topics, without expressions');
    const at = { ...place, handlers: handlers.below(id) };
    return place.names.trustingly(() => readTask(at, item, id, handlerKeywords)) ?? [];
  });
}

/** It must be possible to notify it, and by its name nothing else. */
function checkName(r: Reading, map: MapNode, names: Map<string, Node>): void {
  const name = entry(map, 'name')?.value;
  const isLiteral = name?.kind === 'scalar' && !holdsExpression(name);
  if (!isLiteral && !entry(map, 'listen')) {
    r.error('missing-parameter', name?.span ?? map.span, 'a handler needs a `name` without expressions, or `listen`', {
      hint: 'tasks name it in their `notify`',
    });
  }
  if (!isLiteral) return;
  const text = String(name.value);
  const first = names.get(text);
  if (!first) names.set(text, name);
  else {
    r.error('invalid-value', name.span, `two handlers are called \`${text}\``, {
      hint: 'give each a name of its own, and both the same topic in `listen`',
      related: [{ span: first.span, message: 'the first one' }],
    });
  }
}
