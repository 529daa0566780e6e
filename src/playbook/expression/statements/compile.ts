import type { Diagnostic, Outcome } from '../../../core/diagnostic.ts';
import type { Source } from '../../../core/source.ts';
import type { NameUse } from '../../../core/template.ts';
import { check } from '../check.ts';
import { type LookupUse, resolve } from '../resolve.ts';
import { SyntaxProblem } from '../syntax-error.ts';
import { type Locate, render, syntaxErrors, type TypedTemplate, type TypeScope } from '../template.ts';
import { anything, stringType } from '../types.ts';
import { Env } from './env.ts';
import { lookThrough } from './look.ts';
import { readStatements, type TemplateTree } from './reader.ts';
import { segmentsOf, type WhiteSpace } from './segments.ts';
import { callables, writer } from './write.ts';

/** Longest text of a template, in characters. */
const longestTemplate = 1_000_000;

const noNames: TypeScope = { get: () => undefined, names: () => [] };

/**
 * Compiles the text of a template file: Jinja's expressions with the statements if, for, set, macro, filter, with, raw, and
 * comments. It renders to a text, or to Unknown where that depends on what is not known. Never throws.
 */
export function compileTemplate(source: Source, whiteSpace: WhiteSpace, from = 0): Outcome<TypedTemplate> {
  const locate: Locate = (start, end) => ({ source, start, end });
  try {
    if (source.text.length > longestTemplate) {
      throw new SyntaxProblem(`the template is longer than ${longestTemplate} characters`, 0, 0);
    }
    return compiled(readStatements(segmentsOf(source.text, whiteSpace, from)), locate, source);
  } catch (error) {
    return syntaxErrors(error, locate);
  }
}

function compiled(tree: TemplateTree, locate: Locate, source: Source): Required<Outcome<TypedTemplate>> {
  const own = callables(tree.macros);
  const uses: NameUse[] = [];
  const lookups: LookupUse[] = [];
  const diagnostics: Diagnostic[] = [];
  lookThrough(tree, new Env(noNames), own, (node, { env, ...around }) => {
    const found = resolve(node, locate, around);
    uses.push(...found.uses.filter(use => !env.sets(use.name)));
    lookups.push(...found.lookups);
    diagnostics.push(...found.diagnostics);
    return anything;
  });
  const span = locate(0, source.text.length);
  const write = writer(tree, locate);
  const value: TypedTemplate = {
    span,
    literal: false,
    uses,
    lookups,
    definedWhenTrue: [],
    render: scope => render(write, scope, span),
    check: types => {
      const found: Diagnostic[] = [];
      lookThrough(tree, new Env(types), own, (node, { env, ...around }) => {
        const checked = check(node, env, locate, false, around);
        found.push(...checked.diagnostics);
        return checked.type;
      });
      return { type: stringType, diagnostics: found };
    },
  };
  return { value, diagnostics };
}
