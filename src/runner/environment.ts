import { Failure } from '../core/failure.ts';
import type { Task } from '../core/plan.ts';
import type { Span } from '../core/source.ts';
import type { Scope } from '../core/template.ts';
import { isList, isMap, Unknown, type Value } from '../core/value.ts';
import { textOf, withoutOmitted } from './values.ts';

export type Variables = Readonly<Record<string, string>>;

/**
 * The variables that a task's `environment`, and those around it, add for its commands; the nearest wins. Unknown where one is.
 * Throws Failure `invalid-value` for what is no text or number.
 */
export function environmentOf({ environment = [] }: Task, scope: Scope): Variables | Unknown {
  const variables: Record<string, string> = {};
  for (const template of environment) {
    const value = withoutOmitted(template.render(scope));
    for (const map of isList(value) ? value : [value]) {
      if (map instanceof Unknown) return map;
      if (!isMap(map)) throw invalid(`environment must be a map of variables, not ${textOf(map)}`, template.span);
      for (const [name, one] of Object.entries(map)) {
        if (one instanceof Unknown) return one;
        variables[name] = textFor(name, one, template.span);
      }
    }
  }
  return variables;
}

function textFor(name: string, value: Value, span: Span): string {
  if (name === '' || /[=\0]/.test(name)) throw invalid(`“${name}” cannot be the name of a variable`, span);
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw invalid(`the variable ${name} must be a text, not ${textOf(value)}`, span);
}

function invalid(message: string, span: Span): Failure {
  return new Failure('invalid-value', message, { span });
}

/**
 * What of them a module's own commands get. Variables of etcdctl reach only what a playbook writes out itself (`command`, `shell`):
 * modules say by options which cluster they mean, and etcdctl refuses both at once.
 */
export function forModule({ module }: Task, variables: Variables): Variables {
  if (module.kind === 'act' && module.freeForm !== undefined) return variables;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('ETCDCTL_')));
}
