import { Failure } from '../../../core/failure.ts';
import type { Scope } from '../../../core/template.ts';
import { isList, isMap, Unknown, unknownIn, type Value } from '../../../core/value.ts';
import type { BoundArguments } from '../call.ts';
import { type Evaluate, Evaluator, type OwnFunctions } from '../evaluate.ts';
import { Fault } from '../fault.ts';
import { Missing, need, needInText } from '../missing.ts';
import type { Callable } from '../signature.ts';
import type { Node, Word } from '../syntax.ts';
import type { Locate } from '../template.ts';
import { kindOf, textOf, truthy } from '../text.ts';
import { anything, stringType } from '../types.ts';
import { Frame } from './frame.ts';
import type { TemplateTree } from './reader.ts';
import { BODY, type Body, type ForStatement, type MacroStatement, type Statement } from './syntax.ts';

/** Writes a statement's text. Throws `Failure`, or `Depends`. */
type Write = (frame: Frame) => string;

/** Thrown where the text depends on what is not known. */
class Depends extends Error {
  readonly on: Unknown;
  constructor(on: Unknown) {
    super('unknown');
    this.on = on;
  }
}

function known(value: Value): Value {
  if (value instanceof Unknown) throw new Depends(value);
  return value;
}

/** What is known of macros before they are called. */
export function callables(macros: TemplateTree['macros']): ReadonlyMap<string, Callable> {
  return new Map(
    [...macros].map(([name, { parameters }]) => {
      const specs = parameters.map(({ name: word, default: usual }) => ({
        name: word.text,
        type: anything,
        ...(usual ? { optional: true as const } : {}),
      }));
      return [name, { parameters: specs, returns: () => stringType }];
    }),
  );
}

/** Makes a closure of a template: it writes its text, or says on what that depends. */
export function writer({ body, macros }: TemplateTree, locate: Locate): (names: Scope) => Value {
  const write = new Writer(macros, locate).body(body);
  return names => {
    try {
      return write(Frame.of(names));
    } catch (error) {
      if (error instanceof Depends) return error.on;
      throw error;
    }
  };
}

/** One case for each kind of statement. */
class Writer implements OwnFunctions {
  readonly #locate: Locate;
  readonly #evaluator: Evaluator;
  readonly #callables: ReadonlyMap<string, Callable>;
  readonly #macros = new Map<string, (frame: Frame, args: BoundArguments) => string>();

  constructor(macros: TemplateTree['macros'], locate: Locate) {
    this.#locate = locate;
    this.#callables = callables(macros);
    this.#evaluator = new Evaluator(locate, this);
    for (const [name, macro] of macros) this.#macros.set(name, this.#macro(macro));
  }

  get(name: string): Callable | undefined {
    return this.#callables.get(name);
  }

  call(name: string, scope: Scope, args: BoundArguments): Value {
    const macro = this.#macros.get(name);
    if (!macro || !(scope instanceof Frame)) throw new Fault(`\`${name}\` cannot be called here`);
    // It sees what is set at the template's top, and not what is set where it is called.
    return scope.budget.call(() => macro(scope.root.inner(), args));
  }

  body(body: Body): Write {
    const writes = body.map(statement => this.#statement(statement));
    return frame => writes.map(write => write(frame)).join('');
  }

  #statement(statement: Statement): Write {
    switch (statement.kind) {
      case 'text':
        return frame => spent(frame, statement.text);
      case 'output': {
        const evaluate = this.#evaluator.value(statement.of);
        return frame => {
          const value = needInText(evaluate(frame));
          const unknown = unknownIn(value);
          if (unknown) throw new Depends(unknown);
          return this.#at(statement.of, () => spent(frame, textOf(value)));
        };
      }
      case 'if': {
        const branches = statement.branches.map(branch => ({
          holds: this.#value(branch.condition),
          write: this.body(branch.body),
        }));
        const otherwise = this.body(statement.otherwise);
        return frame => (branches.find(({ holds }) => truthy(known(holds(frame))))?.write ?? otherwise)(frame);
      }
      case 'for':
        return this.#for(statement);
      case 'set': {
        const value = this.#value(statement.value);
        return frame => {
          this.#assign(frame, statement.targets, value(frame), statement.value);
          return '';
        };
      }
      case 'set-member': {
        const value = this.#value(statement.value);
        const { text } = statement.of;
        return frame => {
          const before = frame.get(text);
          const held = before !== undefined && isMap(before) ? before : {};
          frame.change(text, Object.fromEntries([...Object.entries(held), [statement.member.text, value(frame)]]));
          return '';
        };
      }
      case 'set-block': {
        const filtered = this.#filtered(statement.filtered, statement.body);
        return frame => {
          frame.set(statement.target.text, filtered(frame));
          return '';
        };
      }
      case 'filter': {
        const filtered = this.#filtered(statement.filtered, statement.body);
        return frame => this.#at(statement.filtered, () => spent(frame, textOf(known(filtered(frame)))));
      }
      case 'with': {
        const bindings = statement.bindings.map(({ name, value }) => [name.text, this.#value(value)] as const);
        const write = this.body(statement.body);
        return frame => {
          const inner = frame.inner();
          for (const [name, value] of bindings) inner.set(name, value(frame));
          return write(inner);
        };
      }
      case 'macro':
        return () => '';
    }
  }

  #value(node: Node): (frame: Frame) => Value {
    const evaluate: Evaluate = this.#evaluator.value(node);
    return frame => need(evaluate(frame));
  }

  #at<T>(node: Node, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const span = this.#locate(node.start, node.end);
      throw new Failure('evaluation-failed', error.message, error.hint ? { span, hint: error.hint } : { span });
    }
  }

  /** One name gets the value, several get the items of a list of as many. */
  #assign(frame: Frame, targets: readonly Word[], value: Value, node: Node): void {
    const [only] = targets;
    if (targets.length === 1 && only) {
      frame.set(only.text, value);
      return;
    }
    const items = known(value);
    this.#at(node, () => {
      if (isList(items) && items.length === targets.length) return;
      const what = isList(items) ? `a list of ${items.length}` : kindOf(items);
      throw new Fault(`${targets.length} names are set by a list of as many, not by ${what}`);
    });
    if (isList(items)) for (const [i, target] of targets.entries()) frame.set(target.text, items[i] ?? null);
  }

  #filtered(filtered: Node, body: Body): (frame: Frame) => Value {
    const write = this.body(body);
    const value = this.#value(filtered);
    return frame => {
      const inner = frame.inner();
      inner.set(BODY, write(frame.inner()));
      return value(inner);
    };
  }

  #for(statement: ForStatement): Write {
    const over = this.#value(statement.over);
    const filter = statement.filter ? this.#value(statement.filter) : undefined;
    const write = this.body(statement.body);
    const otherwise = this.body(statement.otherwise);
    const { targets } = statement;
    return frame => {
      const all = this.#at(statement.over, () => itemsOf(known(over(frame))));
      const within = (item: Value): Frame => {
        this.#at(statement.over, () => frame.budget.round());
        const inner = frame.inner();
        this.#assign(inner, targets, item, statement.over);
        return inner;
      };
      const items = filter ? all.filter(item => truthy(known(filter(within(item))))) : all;
      if (items.length === 0) return otherwise(frame.inner());
      return items
        .map((item, i) => {
          const inner = within(item);
          inner.set('loop', loopOf(items, i));
          return write(inner);
        })
        .join('');
    };
  }

  #macro({ parameters, body }: MacroStatement): (frame: Frame, args: BoundArguments) => string {
    const write = this.body(body);
    const defaults = parameters.map(p => (p.default ? this.#value(p.default) : () => null));
    return (frame, args) => {
      for (const [i, { name }] of parameters.entries()) {
        const given = args.get(name.text);
        if (given instanceof Missing) throw given.failure();
        frame.set(name.text, given ?? defaults[i]?.(frame) ?? null);
      }
      return write(frame);
    };
  }
}

function spent(frame: Frame, text: string): string {
  frame.budget.text(text.length);
  return text;
}

/** What a loop goes through: the items of a list, the keys of a map. Throws `Fault`. */
function itemsOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (isMap(value)) return Object.keys(value);
  const hint =
    typeof value === 'string' ? 'make a list of it with `| split`, or `| list` for its characters' : undefined;
  throw new Fault(`a loop goes through a list or a map, not ${kindOf(value)}`, hint);
}

function loopOf(items: readonly Value[], i: number): Value {
  const { length } = items;
  const around = {
    ...(i > 0 ? { previtem: items[i - 1] ?? null } : {}),
    ...(i + 1 < length ? { nextitem: items[i + 1] ?? null } : {}),
  };
  return {
    index: i + 1,
    index0: i,
    revindex: length - i,
    revindex0: length - i - 1,
    first: i === 0,
    last: i === length - 1,
    length,
    depth: 1,
    depth0: 0,
    ...around,
  };
}
