import { Failure } from '../../core/failure.ts';
import type { Scope } from '../../core/template.ts';
import { Unknown, unknownIn, type Value } from '../../core/value.ts';
import { lookUp, slice, whyMissing } from './access.ts';
import { bind } from './bind.ts';
import { type BoundArguments, Call } from './call.ts';
import { Fault } from './fault.ts';
import { Missing, need, type Slot } from './missing.ts';
import { arithmetic, compare, not } from './operators.ts';
import { otherName } from './other-names.ts';
import type { Callable, ParameterSpec } from './signature.ts';
import type {
  Arguments,
  CallNode,
  CompareNode,
  FilterNode,
  LogicNode,
  MapNode,
  MethodNode,
  Node,
  TernaryNode,
  TestNode,
} from './syntax.ts';
import type { Locate } from './template.ts';
import { kindOf, textOf, truthy } from './text.ts';
import {
  applyFilter,
  applyTest,
  filterNamed,
  functionsByName,
  methodsByName,
  testNamed,
  vocabulary,
} from './vocabulary.ts';

/** A compiled expression: a tree of closures. Throws `Failure`. */
export type Evaluate = (scope: Scope) => Slot;

interface Place {
  readonly start: number;
  readonly end: number;
}

/** The functions that a template brings along: its macros. */
export interface OwnFunctions {
  get(name: string): Callable | undefined;
  /** Throws `Fault`, or the `Failure` of something in it. */
  call(name: string, scope: Scope, args: BoundArguments): Value;
}

const noArguments: BoundArguments = { get: () => undefined, rest: () => [], named: () => new Map() };

/** In the place of a filter or the like that does not exist, which was reported: a playbook with errors is never run. */
const broken: Evaluate = () => {
  throw new Failure('evaluation-failed', 'the expression has errors');
};

/** One case for each kind of node, which is why this file is long. Makes closures of the nodes of one text. Names that do not exist are reported by `resolve.ts`; here they are left out. */
export class Evaluator {
  readonly #locate: Locate;
  readonly #own: OwnFunctions | undefined;

  constructor(locate: Locate, own?: OwnFunctions) {
    this.#locate = locate;
    this.#own = own;
  }

  /** Gives true, false or Unknown: a text in it, or in an operand of its `and`, `or`, `not`, is a failure. */
  condition(node: Node): Evaluate {
    switch (node.kind) {
      case 'not': {
        const of = this.condition(node.of);
        return scope => {
          const value = need(of(scope));
          return value instanceof Unknown ? value : value !== true;
        };
      }
      case 'logic':
        return this.#logic(node, this.condition(node.left), this.condition(node.right));
      case 'ternary':
        return this.#ternary(
          node,
          this.condition(node.value),
          node.otherwise ? this.condition(node.otherwise) : undefined,
        );
      default: {
        const evaluate = this.value(node);
        return scope => {
          const value = need(evaluate(scope));
          if (typeof value === 'string') throw this.#failure(node, new Fault(...stringCondition));
          return value instanceof Unknown ? value : truthy(value);
        };
      }
    }
  }

  value(node: Node): Evaluate {
    switch (node.kind) {
      case 'literal':
        return () => node.value;
      case 'name': {
        const { name } = node;
        const missing = new Missing(() => undefinedName(name, this.#locate(node.start, node.end)));
        return scope => {
          try {
            const value = scope.get(name);
            return value === undefined ? missing : value;
          } catch (error) {
            // A variable whose own template uses an undefined name is undefined too, as in Ansible.
            if (error instanceof Failure && error.code === 'undefined-name') return new Missing(() => error);
            throw error;
          }
        };
      }
      case 'list': {
        const items = node.items.map(item => this.value(item));
        return scope => items.map(item => need(item(scope)));
      }
      case 'map':
        return this.#map(node);
      case 'attribute':
        return this.#access(this.value(node.of), () => node.name.text, node.name);
      case 'index': {
        const index = this.value(node.index);
        return this.#access(this.value(node.of), scope => need(index(scope)), node.index);
      }
      case 'slice': {
        const of = this.value(node.of);
        const bounds = [node.from, node.to, node.step].map(bound => (bound ? this.value(bound) : () => null));
        return scope => {
          const values = [of, ...bounds].map(part => need(part(scope)));
          const [value = null, from = null, to = null, step = null] = values;
          const unknown = values.find(v => v instanceof Unknown);
          return (
            unknown ??
            told(
              scope,
              value,
              this.#at(node, () => slice(value, from, to, step)),
            )
          );
        };
      }
      case 'call':
        return this.#call(node);
      case 'method':
        return this.#method(node);
      case 'filter':
        return this.#filter(node);
      case 'test':
        return this.#test(node);
      case 'sign': {
        const of = this.value(node.of);
        return scope => {
          const value = need(of(scope));
          if (value instanceof Unknown) return value;
          if (typeof value === 'number') return node.operator === '-' && value !== 0 ? -value : value;
          throw this.#failure(node, new Fault(`\`${node.operator}\` wants a number, not ${kindOf(value)}`));
        };
      }
      case 'not': {
        const of = this.value(node.of);
        return scope => {
          const value = need(of(scope));
          return value instanceof Unknown ? value : !truthy(value);
        };
      }
      case 'logic':
        return this.#logic(node, this.value(node.left), this.value(node.right));
      case 'arithmetic': {
        const left = this.value(node.left);
        const right = this.value(node.right);
        return scope => {
          const a = need(left(scope));
          const b = need(right(scope));
          if (a instanceof Unknown) return a;
          return b instanceof Unknown ? b : this.#at(node, () => arithmetic(node.operator, a, b));
        };
      }
      case 'join': {
        const items = node.items.map(item => this.value(item));
        return scope => {
          const values = items.map(item => need(item(scope)));
          return unknownIn(values) ?? values.map(textOf).join('');
        };
      }
      case 'compare':
        return this.#compare(node);
      case 'ternary':
        return this.#ternary(node, this.value(node.value), node.otherwise ? this.value(node.otherwise) : undefined);
    }
  }

  /** Turns a fault into the failure that names the place; a failure that has one already stays. */
  #failure(place: Place, error: unknown): unknown {
    if (!(error instanceof Fault)) return error;
    const span = this.#locate(place.start, place.end);
    return new Failure('evaluation-failed', error.message, error.hint ? { span, hint: error.hint } : { span });
  }

  #at<T>(place: Place, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#failure(place, error);
    }
  }

  #map(node: MapNode): Evaluate {
    const entries = node.entries.map(([key, value]) => ({ node: key, key: this.value(key), value: this.value(value) }));
    return scope => {
      const made: [string, Value][] = [];
      for (const entry of entries) {
        const key = need(entry.key(scope));
        if (key instanceof Unknown) return key;
        if (typeof key !== 'string' && !Number.isInteger(key)) {
          throw this.#failure(entry.node, new Fault(`a key must be a string, not ${kindOf(key)}`));
        }
        made.push([String(key), need(entry.value(scope))]);
      }
      return Object.fromEntries(made);
    };
  }

  #access(of: Evaluate, keyOf: (scope: Scope) => Value, place: Place): Evaluate {
    return scope => {
      const value = of(scope);
      if (value instanceof Missing) return value;
      const key = keyOf(scope);
      const found = lookUp(value, key);
      if (found !== undefined) return found;
      return new Missing(() => asError(this.#failure(place, whyMissing(value, key))));
    };
  }

  #bound(parameters: readonly ParameterSpec[], name: string, args: Arguments): (scope: Scope) => BoundArguments {
    if (args.positional.length === 0 && args.named.length === 0) {
      const defaults: BoundArguments = { ...noArguments, get: key => parameters.find(p => p.name === key)?.default };
      return () => defaults;
    }
    const named = args.named.map(argument => [argument.name.text, argument.value] as const);
    const binding = bind(name, parameters, { positional: args.positional, named });
    const byName = new Map([...binding.byName].map(([key, node]) => [key, this.value(node)]));
    const rest = binding.rest.map(node => this.value(node));
    const restNamed = [...binding.restNamed].map(([key, node]) => [key, this.value(node)] as const);
    return scope => ({
      get: key => {
        const given = byName.get(key);
        return given ? given(scope) : parameters.find(p => p.name === key)?.default;
      },
      rest: () => rest.map(evaluate => need(evaluate(scope))),
      named: () => new Map(restNamed.map(([key, evaluate]) => [key, need(evaluate(scope))])),
    });
  }

  #filter(node: FilterNode): Evaluate {
    const spec = filterNamed(node.name.text);
    if (!spec) return broken;
    const of = this.value(node.of);
    const args = this.#bound(spec.parameters, node.name.text, node.args);
    const place = { start: node.name.start, end: node.end };
    return scope => {
      const slot = of(scope);
      const result = this.#at(place, () => applyFilter(spec, slot, args(scope)));
      return this.#placed(place, told(scope, slot, result));
    };
  }

  /** What is undefined says where, once it is used. */
  #placed(place: Place, result: Slot): Slot {
    if (!(result instanceof Missing)) return result;
    return new Missing(() => asError(this.#failure(place, result.failure())));
  }

  #test(node: TestNode): Evaluate {
    const spec = testNamed(node.name.text);
    if (!spec) return broken;
    const of = this.value(node.of);
    const args = this.#bound(spec.parameters, node.name.text, node.args);
    const place = { start: node.name.start, end: node.end };
    const asksForBeing = spec.name === 'defined' || spec.name === 'undefined';
    // What an unknown value holds is not known; that a name stands for it, or a known map has it, is.
    const holder = node.of.kind === 'attribute' || node.of.kind === 'index' ? this.value(node.of.of) : undefined;
    return scope => {
      const slot = of(scope);
      if (asksForBeing && slot instanceof Unknown) {
        const held = holder?.(scope);
        return held instanceof Unknown ? held : (spec.name === 'defined') !== node.negated;
      }
      const result = this.#at(place, () => applyTest(spec, slot, args(scope)));
      return node.negated ? not(result) : result;
    };
  }

  #call(node: CallNode): Evaluate {
    const { text } = node.name;
    const own = this.#own;
    const callable = own?.get(text);
    if (own && callable) {
      const args = this.#bound(callable.parameters, text, node.args);
      return scope => this.#at(node, () => own.call(text, scope, args(scope)));
    }
    const spec = functionsByName.get(node.name.text);
    if (!spec) return broken;
    const args = this.#bound(spec.parameters, spec.name, node.args);
    const from = this.#locate(node.start, node.end).source.name;
    return scope => {
      const result = this.#at(node, () => {
        const bound = args(scope);
        const values = spec.parameters.filter(p => !p.takes).map(p => need(bound.get(p.name) ?? null));
        const unknown = values.find(value => value instanceof Unknown);
        return unknown ?? spec.apply(new Call(spec.name, null, bound, vocabulary), { scope, from });
      });
      return this.#placed(node, result);
    };
  }

  #method(node: MethodNode): Evaluate {
    const spec = methodsByName.get(node.name.text);
    if (!spec) return broken;
    const of = this.value(node.of);
    const args = this.#bound(spec.parameters, spec.name, node.args);
    const place = { start: node.name.start, end: node.end };
    return scope => {
      const slot = of(scope);
      if (slot instanceof Missing || slot instanceof Unknown) return slot;
      return this.#at(place, () => {
        const bound = args(scope);
        const values = spec.parameters.map(p => need(bound.get(p.name) ?? null));
        return unknownIn(values) ?? told(scope, slot, spec.apply(new Call(spec.name, slot, bound, vocabulary)));
      });
    };
  }

  /** Python's `and` and `or` give an operand. An unknown left one leaves the outcome open, unless the right one settles it. */
  #logic(node: LogicNode, left: Evaluate, right: Evaluate): Evaluate {
    const settles = node.operator === 'or';
    return scope => {
      const value = need(left(scope));
      if (!(value instanceof Unknown)) return truthy(value) === settles ? value : need(right(scope));
      try {
        const other = need(right(scope));
        return other === settles ? other : value;
      } catch (error) {
        // The right side may only make sense where the left one came out the other way.
        if (error instanceof Failure) return value;
        throw error;
      }
    };
  }

  #compare(node: CompareNode): Evaluate {
    const first = this.value(node.first);
    const rest = node.rest.map(({ operator, operand }) => ({ operator, evaluate: this.value(operand), operand }));
    return scope => {
      let left = need(first(scope));
      let unknown: Unknown | undefined;
      for (const { operator, evaluate } of rest) {
        const right = need(evaluate(scope));
        const result = this.#at(node, () => compare(operator, left, right));
        if (result === false) return false;
        if (result instanceof Unknown) unknown ??= result;
        left = right;
      }
      return unknown ?? true;
    };
  }

  #ternary(node: TernaryNode, value: Evaluate, otherwise: Evaluate | undefined): Evaluate {
    const condition = this.value(node.condition);
    const fault = new Fault('the condition is false and there is no `else`', 'add `else` and a value');
    const missing = new Missing(() => asError(this.#failure(node, fault)), true);
    return scope => {
      const decided = need(condition(scope));
      if (decided instanceof Unknown) return decided;
      if (truthy(decided)) return value(scope);
      return otherwise ? otherwise(scope) : missing;
    };
  }
}

/** A classic trap: any text that is not empty counts as true, `false` and `no` too. */
export const stringCondition: readonly [string, string] = [
  'a condition cannot be a string: whether it is true would depend on it being empty',
  'write `| bool` for a word such as yes, `| length > 0` for "is not empty", or compare it with ==',
];

function undefinedName(name: string, span: ReturnType<Locate>): Failure {
  const hint = otherName(name);
  return new Failure('undefined-name', `\`${name}\` is not defined`, hint ? { span, hint } : { span });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The result, after whoever keeps secrets was told what it was made of. */
function told<T extends Slot>(scope: Scope, from: Slot, result: T): T {
  if (scope.derived && !(from instanceof Missing) && !(result instanceof Missing)) scope.derived(from, result);
  return result;
}
