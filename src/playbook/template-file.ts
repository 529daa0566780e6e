import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { Source } from '../core/source.ts';
import type { Scope } from '../core/template.ts';
import { Unknown } from '../core/value.ts';
import { compileTemplate } from './expression/statements/compile.ts';
import type { WhiteSpace } from './expression/statements/segments.ts';
import type { TypedTemplate } from './expression/template.ts';
import { stringType } from './expression/types.ts';

/** There in every template, unless something else is called so. It never changes, so that a file does not either. */
const managed = {
  name: 'ansible_managed',
  text: 'Managed by quorate: what is changed here by hand will be overwritten.',
};

/** Ansible's own line of settings, which may come first in a template. */
const header = /^#jinja2:[ \t]*([^\r\n]*)\r?\n/;

/**
 * Compiles a template file as Ansible reads one: a first line `#jinja2: trim_blocks: false` sets white space, and the text
 * ends with at least as many line breaks as the file.
 */
export function compileTemplateFile(source: Source, whiteSpace: WhiteSpace): Outcome<TypedTemplate> {
  const found = header.exec(source.text);
  const { settings, diagnostics } = settingsIn(source, found?.[1] ?? '', whiteSpace);
  const compiled = compileTemplate(source, settings, found?.[0].length ?? 0);
  const all = [...diagnostics, ...compiled.diagnostics];
  return compiled.value ? { value: asFile(compiled.value, source), diagnostics: all } : { diagnostics: all };
}

function settingsIn(
  source: Source,
  line: string,
  usual: WhiteSpace,
): { readonly settings: WhiteSpace; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  let settings = usual;
  for (const pair of line.split(',').filter(part => part.trim() !== '')) {
    const [, key = '', word = ''] = /^\s*(\w+)\s*:\s*["']?(\w+)["']?\s*$/.exec(pair) ?? [];
    const on = /^(true|false)$/i.test(word) ? /^true$/i.test(word) : undefined;
    if (on !== undefined && key === 'trim_blocks') settings = { ...settings, trimBlocks: on };
    else if (on !== undefined && key === 'lstrip_blocks') settings = { ...settings, lstripBlocks: on };
    else {
      const start = source.text.indexOf(pair.trim());
      diagnostics.push({
        code: 'expression-syntax',
        severity: 'error',
        message: `\`${pair.trim()}\` cannot be set in the first line of a template`,
        span: { source, start, end: start + pair.trim().length },
        hint: 'trim_blocks and lstrip_blocks can, to true or false',
      });
    }
  }
  return { settings, diagnostics };
}

const breaksAtEnd = (text: string): number => /\n*$/.exec(text.replaceAll('\r\n', '\n'))?.[0].length ?? 0;

/** With the names of every template, and the line breaks of the file at its end. */
function asFile(template: TypedTemplate, { text }: Source): TypedTemplate {
  const wanted = breaksAtEnd(text);
  const around = (scope: Scope): Scope => ({
    machine: scope.machine,
    derived: scope.derived,
    get: name => scope.get(name) ?? (name === managed.name ? managed.text : undefined),
  });
  return {
    ...template,
    uses: template.uses.filter(use => use.name !== managed.name),
    render: scope => {
      const written = template.render(around(scope));
      return typeof written === 'string' ? written + '\n'.repeat(Math.max(0, wanted - breaksAtEnd(written))) : written;
    },
    check: types =>
      template.check({
        get: name => types.get(name) ?? (name === managed.name ? stringType : undefined),
        unset: name => types.unset?.(name),
        names: () => [...types.names(), managed.name],
      }),
  };
}

/** The text of whichever of several templates `name` names when the task is run. */
export function chosenTemplate(name: TypedTemplate, templates: ReadonlyMap<string, TypedTemplate>): TypedTemplate {
  const all = [...templates.values()];
  return {
    span: name.span,
    literal: false,
    uses: all.flatMap(template => template.uses),
    definedWhenTrue: [],
    render: scope => {
      const chosen = name.render(scope);
      if (chosen instanceof Unknown) return chosen;
      const template = typeof chosen === 'string' ? templates.get(chosen) : undefined;
      if (template) return template.render(scope);
      throw new Failure('file-not-found', 'the name of the template is none of those that were read before the run', {
        span: name.span,
      });
    },
    check: types => ({ type: stringType, diagnostics: all.flatMap(template => template.check(types).diagnostics) }),
  };
}
