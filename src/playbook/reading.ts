import type { Code } from '../core/codes.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Module } from '../core/module.ts';
import type { Span } from '../core/source.ts';
import type { Validators } from '../core/validate.ts';
import { describe, type MapNode, type Node } from './document.ts';
import { didYouMean } from './expression/nearest.ts';
import { type Keywords, replaced } from './keywords.ts';

interface More {
  readonly hint?: string | undefined;
  readonly related?: Diagnostic['related'];
}

/**
 * What all readers of one playbook share: the modules there are, and the findings so far. A tasks file that is entered
 * from several places is read several times; the same finding at the same place counts once.
 */
export class Reading {
  readonly modules: ReadonlyMap<string, Module>;
  readonly validators: Validators;
  private readonly found = new Map<string, Diagnostic>();

  constructor(modules: ReadonlyMap<string, Module>, validators: Validators) {
    this.modules = modules;
    this.validators = validators;
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.found.values()];
  }

  report(...diagnostics: readonly Diagnostic[]): void {
    for (const d of diagnostics) {
      const key = `${d.code} ${d.span?.source.name}:${d.span?.start} ${d.message}`;
      if (!this.found.has(key)) this.found.set(key, d);
    }
  }

  error(code: Code, span: Span, message: string, more: More = {}): void {
    this.report(diagnostic('error', code, span, message, more));
  }

  warning(code: Code, span: Span, message: string, more: More = {}): void {
    this.report(diagnostic('warning', code, span, message, more));
  }

  /** `wanted` as in "a list of tasks". */
  invalid(node: Node, what: string, wanted: string, hint?: string): void {
    this.error('invalid-value', node.span, `${what} must be ${wanted}, not ${describe(node)}`, { hint });
  }

  /** Reports every key that is not one of the keywords of `what` ("a play"); `others`: keys that are checked elsewhere. */
  checkKeywords(map: MapNode, keywords: Keywords, what: string, others: (key: string) => boolean = () => false): void {
    for (const { key, keySpan } of map.entries) {
      if (!Object.hasOwn(keywords, key) && !others(key)) this.unknownKeyword(key, keySpan, keywords, what);
    }
  }

  unknownKeyword(key: string, span: Span, keywords: Keywords, what: string): void {
    const hint = Object.hasOwn(replaced, key) ? replaced[key] : didYouMean(key, Object.keys(keywords));
    this.error('unknown-keyword', span, `\`${key}\` is not a keyword of ${what}`, { hint });
  }
}

function diagnostic(severity: Diagnostic['severity'], code: Code, span: Span, message: string, more: More): Diagnostic {
  return {
    code,
    severity,
    message,
    span,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.related === undefined ? {} : { related: more.related }),
  };
}
