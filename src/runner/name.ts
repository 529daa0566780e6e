import type { Scope, Template } from '../core/template.ts';
import { Unknown } from '../core/value.ts';
import { textOf } from './values.ts';

/**
 * What a step is called: its name, rendered. A name is only for people, so one that can't be rendered here (it uses the
 * loop's item, or what is not known) is shown as it was written.
 */
export function nameOf(step: { readonly name?: Template }, otherwise: string, names: Scope | undefined): string {
  const { name } = step;
  if (!name) return otherwise;
  try {
    const value = names ? name.render(names) : undefined;
    if (value !== undefined && value !== null && !(value instanceof Unknown)) return textOf(value);
  } catch {
    // As it was written.
  }
  const written = name.span.source.text.slice(name.span.start, name.span.end).trim();
  return written.replace(/^(["'])(.*)\1$/s, '$2');
}
