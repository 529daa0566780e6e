import { withDefined } from '../resolve.ts';
import type { Callable } from '../signature.ts';
import type { Node, Word } from '../syntax.ts';
import {
  alternatives,
  anyMap,
  anything,
  booleanType,
  integerType,
  isOpen,
  itemsOf,
  type Property,
  stringType,
  type Type,
} from '../types.ts';
import { Env } from './env.ts';
import type { TemplateTree } from './reader.ts';
import { BODY, type Body, type ForStatement, type IfStatement, type Statement } from './syntax.ts';

/** What stands around an expression of a template. */
export interface Surroundings {
  readonly env: Env;
  readonly defined: ReadonlySet<string>;
  own(name: string): Callable | undefined;
}

/** Looks at an expression, and gives its type. */
export type Look = (node: Node, around: Surroundings) => Type;

/** Goes through a template before it is rendered, and has each expression looked at with the names that are set there. */
export function lookThrough(
  { body, macros }: TemplateTree,
  env: Env,
  own: ReadonlyMap<string, Callable>,
  look: Look,
): void {
  const through = new Through(look, own);
  through.body(body, env, new Set());
  // A macro is called later, so it sees all that is set at the template's top.
  for (const { parameters, body: lines } of macros.values()) {
    const inner = new Env(env);
    for (const { name, default: usual } of parameters) {
      if (usual) through.see(usual, inner, new Set());
      inner.set(name.text, anything);
    }
    through.body(lines, inner, new Set());
  }
}

class Through {
  readonly #look: Look;
  readonly #own: ReadonlyMap<string, Callable>;

  constructor(look: Look, own: ReadonlyMap<string, Callable>) {
    this.#look = look;
    this.#own = own;
  }

  see(node: Node, env: Env, defined: ReadonlySet<string>): Type {
    return this.#look(node, { env, defined, own: name => this.#own.get(name) });
  }

  body(body: Body, env: Env, defined: ReadonlySet<string>): void {
    for (const statement of body) this.#statement(statement, env, defined);
  }

  #statement(statement: Statement, env: Env, defined: ReadonlySet<string>): void {
    switch (statement.kind) {
      case 'text':
      case 'macro':
        break;
      case 'output':
        this.see(statement.of, env, defined);
        break;
      case 'if':
        this.#if(statement, env, defined);
        break;
      case 'for':
        this.#for(statement, env, defined);
        break;
      case 'set':
        assign(env, statement.targets, this.see(statement.value, env, defined));
        break;
      case 'set-member':
        this.see(statement.value, env, defined);
        env.set(statement.of.text, anyMap);
        break;
      case 'set-block':
        env.set(statement.target.text, this.#filtered(statement.filtered, statement.body, env, defined));
        break;
      case 'filter':
        this.#filtered(statement.filtered, statement.body, env, defined);
        break;
      case 'with': {
        const inner = new Env(env);
        for (const { name, value } of statement.bindings) inner.set(name.text, this.see(value, env, defined));
        this.body(statement.body, inner, defined);
        break;
      }
    }
  }

  #if({ branches, otherwise }: IfStatement, env: Env, defined: ReadonlySet<string>): void {
    const envs: Env[] = [];
    let left = defined;
    for (const { condition, body } of branches) {
      this.see(condition, env, left);
      const inner = new Env(env);
      this.body(body, inner, withDefined(left, condition, true));
      envs.push(inner);
      left = withDefined(left, condition, false);
    }
    const rest = new Env(env);
    this.body(otherwise, rest, left);
    env.join([...envs, rest]);
  }

  #for({ targets, over, filter, body, otherwise }: ForStatement, env: Env, defined: ReadonlySet<string>): void {
    const type = this.see(over, env, defined);
    const item = isOpen(type) ? anything : itemsOf(type);
    const inner = new Env(env);
    assign(inner, targets, item);
    const kept = filter ? withDefined(defined, filter, true) : defined;
    if (filter) this.see(filter, inner, defined);
    inner.set('loop', loopType(item));
    this.body(body, inner, kept);
    this.body(otherwise, new Env(env), defined);
  }

  #filtered(filtered: Node, body: Body, env: Env, defined: ReadonlySet<string>): Type {
    this.body(body, new Env(env), defined);
    const inner = new Env(env);
    inner.set(BODY, stringType);
    return this.see(filtered, inner, defined);
  }
}

function assign(env: Env, targets: readonly Word[], type: Type): void {
  const lists = alternatives(type).filter(t => t.kind === 'list');
  const items = lists.length > 0 && lists.length === alternatives(type).length ? itemsOf(type) : anything;
  for (const { text } of targets) env.set(text, targets.length === 1 ? type : items);
}

function loopType(item: Type): Type {
  const there = (type: Type, optional = false): Property => ({ type, optional });
  const numbers = ['index', 'index0', 'revindex', 'revindex0', 'length', 'depth', 'depth0'];
  return {
    kind: 'map',
    properties: new Map([
      ...numbers.map(name => [name, there(integerType)] as const),
      ['first', there(booleanType)],
      ['last', there(booleanType)],
      ['previtem', there(item, true)],
      ['nextitem', there(item, true)],
    ]),
  };
}
