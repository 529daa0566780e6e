import type { Diagnostic } from '../core/diagnostic.ts';
import { type LoginTemplates, type Step, tasksOf } from '../core/plan.ts';
import type { NameUse, Template } from '../core/template.ts';

/** Uses of results whose every task `--tags`, `--skip-tags` or `--limit` leave out: they could only fail in the middle of the run. */
export function leftOut(all: readonly Step[], kept: readonly Step[]): readonly Diagnostic[] {
  const remaining = new Set([...tasksOf(kept)].flatMap(task => task.register ?? []));
  const gone = new Map(
    [...tasksOf(all)].flatMap(t => (t.register && !remaining.has(t.register) ? [[t.register, t.span]] : [])),
  );
  if (gone.size === 0) return [];
  return [...usesIn(kept)].flatMap((use): readonly Diagnostic[] => {
    const span = gone.get(use.name);
    if (!span || use.tolerant) return [];
    return [
      {
        code: 'unset-register',
        severity: 'error',
        message: `\`${use.name}\` is used, and the task that registers it is left out`,
        span: use.span,
        hint: 'give that task the tag `always`, or ask for its tag too',
        related: [{ span, message: 'left out' }],
      },
    ];
  });
}

function* usesIn(steps: readonly Step[]): Generator<NameUse> {
  for (const step of steps) {
    yield* usesOf([step.name, ...step.when, ...step.vars.values()]);
    if ('loop' in step && step.loop) yield* usesOf([step.loop.over, step.loop.label, step.loop.pause]);
    if (step.kind === 'block') yield* usesIn([...step.body, ...step.rescue, ...step.always]);
    if (step.kind === 'include') yield* usesIn(step.body);
    if (step.kind !== 'task') continue;
    const {
      args,
      until,
      retries,
      delay,
      backoff,
      timeout,
      throttle,
      changedWhen = [],
      failedWhen = [],
      ignoreErrors,
      delegateTo,
      environment = [],
      login = {},
      checkMode,
      ignoreUnreachable,
    } = step;
    yield* usesOf([
      args,
      ...until,
      retries,
      delay,
      backoff,
      timeout,
      throttle,
      ...changedWhen,
      ...failedWhen,
      ignoreErrors,
      delegateTo,
      ...environment,
      ...templatesOf(login),
      checkMode,
      ignoreUnreachable,
    ]);
  }
}

function templatesOf({ connection: _connection, ...templates }: LoginTemplates): readonly Template[] {
  return Object.values(templates);
}

function* usesOf(templates: readonly (Template | undefined)[]): Generator<NameUse> {
  for (const template of templates) yield* template?.uses ?? [];
}
