import type { Task } from '../core/plan.ts';
import type { Template } from '../core/template.ts';
import { isMap, Unknown, type Value } from '../core/value.ts';
import type { Session } from './session.ts';

/** Gives a host's names what the file has for them. */
export function includeVars({ included }: Task, host: string, file: string, session: Session): void {
  const there = session.includedOn(host);
  for (const [name, template] of included?.get(file) ?? []) there.set(name, template);
}

/** The same again of a task that an earlier process of the run has done; of a simulated past it may not be known which file it was. */
export function includeAgain(task: Task, host: string, result: Value, session: Session): void {
  if (!task.included) return;
  const files = isMap(result) ? result.ansible_included_var_files : result;
  if (Array.isArray(files)) for (const file of files) includeVars(task, host, String(file), session);
  else if (files instanceof Unknown) mayInclude(task, host, files, session);
}

/** Check mode: whether it is done, or which file it is, is not known, so neither is what any of its names has. */
export function mayInclude({ included, span }: Task, host: string, unknown: Unknown, session: Session): void {
  const template: Template = { span, literal: false, uses: [], render: () => unknown };
  const there = session.includedOn(host);
  for (const vars of included?.values() ?? []) for (const name of vars.keys()) there.set(name, template);
}
