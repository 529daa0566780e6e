import type { Code } from '../core/codes.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import type { Program, Site } from './program.ts';

/** Something that is known about changing etcd under BCM. What its code means stands in `core/codes.ts`, why and how else in `docs/lint.md`. */
export interface Rule {
  readonly code: Code;
  /** `error`: certainly wrong, whatever the cluster is. */
  readonly severity: Diagnostic['severity'];
  /** Of a task about which another rule says something, it says nothing. */
  readonly afterOthers?: true;
  check(program: Program): Iterable<Finding>;
}

export interface Finding {
  readonly site: Site;
  readonly message: string;
  readonly hint: string;
  /** Default: the first line of the task. */
  readonly span?: Span;
  /** Another task that has to do with it. */
  readonly related?: { readonly site: Site; readonly message: string };
}

/** All sites of a program, in whatever course. */
export function* sitesOf({ courses }: Program): Generator<Site> {
  for (const { sites } of courses) yield* sites;
}

/** A finding as it is shown: at the user's own line, with the way that leads there. */
export function diagnosticOf({ code, severity }: Rule, { site, message, hint, span, related }: Finding): Diagnostic {
  const at = span ?? firstLine(site.task.span);
  const way = site.entered;
  const more = [
    ...(related ? [{ span: firstLine(related.site.task.span), message: related.message }] : []),
    ...way.map(include => ({ span: firstLine(include.span), message: `it is entered here` })),
  ];
  return { code, severity, message, span: at, hint, ...(more.length > 0 ? { related: more } : {}) };
}

/** Of what is written over several lines. */
function firstLine({ source, start, end }: Span): Span {
  const newline = source.text.indexOf('\n', start);
  return { source, start, end: newline < 0 ? end : Math.min(end, newline) };
}
