import type { ActModule } from '../../core/module.ts';
import type { Json } from '../../core/value.ts';
import { filled, isHole } from '../known.ts';
import { type Rule, sitesOf } from '../rule.ts';

/** What must happen once is never tried again: neither a failed try nor an `until` that does not hold yet repeats it. */
export const blindRetry: Rule = {
  code: 'blind-retry',
  severity: 'warning',
  *check(program) {
    for (const site of sitesOf(program)) {
      const { task, params } = site;
      const [until] = task.until;
      const asked = task.retries ?? until;
      if (!asked || task.module.kind !== 'act' || !mustHappenOnce(task.module, params)) continue;
      const keyword = task.retries ? 'retries' : 'until';
      yield {
        site,
        span: asked.span,
        message: `\`${keyword}\` does not repeat this: ${task.module.name} is taken for something that must happen once`,
        hint: task.module.params.properties.repeatable
          ? 'where it may be done twice without harm, say so: `repeatable: true`'
          : 'remove it, and wait for the result with a task that only looks',
      };
    }
  },
};

/** What an expression may turn out to be, as far as it decides whether a command only looks. */
const SOMETHING = ['x', '/x', 'https://x/', 'list'];

function mustHappenOnce(module: ActModule, params: Readonly<Record<string, Json>>): boolean {
  if (typeof params.repeatable === 'string') return false;
  const [program] = typeof params.cmd === 'string' ? params.cmd.trim().split(/\s+/) : argvIn(params.argv);
  if (typeof program === 'string' && isHole(program)) return false;
  return SOMETHING.every(some => {
    try {
      return module.repeat(withText(params, some)) === 'never';
    } catch {
      return false;
    }
  });
}

function argvIn(argv: Json | undefined): readonly Json[] {
  return Array.isArray(argv) ? argv : [];
}

function withText(params: Readonly<Record<string, Json>>, some: string): Readonly<Record<string, Json>> {
  const fill = (value: Json): Json => {
    if (typeof value === 'string') return filled(value, () => some);
    return Array.isArray(value) ? value.map(fill) : value;
  };
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, fill(value)]));
}
