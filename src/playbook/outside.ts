import type { Machine, Scope } from '../core/template.ts';
import { lookupFolders } from './expression/lookup-paths.ts';
import type { LookupUse } from './expression/resolve.ts';
import type { TypedTemplate } from './expression/template.ts';
import type { Findings } from './findings.ts';
import type { NamedFile } from './local-files.ts';

/** Names of variables that hold what is not to be shown. */
const secretive = /pass(word|wd|phrase)?|secret|token|credential|(api|private|access)_?key/i;

/** What is being read: a playbook (`Reading`), or an inventory, which has nothing but findings. */
export type Reader = Findings & {
  readonly machine?: Machine | undefined;
  readonly named?: NamedFile[];
  readonly inSecret?: boolean;
};

/** The template with what its lookups read within reach; files that they name are looked for before the run. */
export function withOutside(r: Reader, template: TypedTemplate): TypedTemplate {
  const { lookups = [] } = template;
  if (lookups.length === 0) return template;
  for (const lookup of lookups) note(r, lookup);
  const { machine } = r;
  return machine ? { ...template, render: scope => template.render(onMachine(scope, machine)) } : template;
}

function onMachine(scope: Scope, machine: Machine): Scope {
  return { machine, derived: scope.derived, get: name => scope.get(name) };
}

function note(r: Reader, { plugin, term, span, tolerant }: LookupUse): void {
  if (term === undefined) return;
  if (plugin === 'file' && !tolerant) r.named?.push({ span, name: term, folders: lookupFolders(span.source.name) });
  if (plugin !== 'env' || r.inSecret || !secretive.test(term)) return;
  r.warning('unmasked-secret', span, `what ${term} holds would be shown wherever it turns up`, {
    hint: 'take it as the default of a param with `secret: true`, which is masked',
  });
}
