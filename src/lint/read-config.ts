import { posix } from 'node:path';
import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import type { Validate } from '../core/validate.ts';
import { entry, type Node, startOf } from '../playbook/document.ts';
import { Findings } from '../playbook/findings.ts';
import { explain } from '../playbook/schema-errors.ts';
import { toJson } from '../playbook/to-json.ts';
import { parseYaml } from '../playbook/yaml.ts';
import { isCode } from './adjustable.ts';
import { BASELINE, type Config, noConfig, type Rule } from './config.ts';
import { configSchema, type Severity } from './config-schema.ts';

/** Reads `quorate.yml`. Diagnostics: `yaml-syntax`, `invalid-config`. */
export function readConfig(source: Source, validate: Validate): Outcome<Config> {
  const { value, diagnostics } = parseYaml(source);
  if (diagnostics.length > 0) return { diagnostics };
  if (!value) return { value: noConfig, diagnostics: [] };
  const faults = faultsOf(value, validate);
  return faults.length > 0 ? { diagnostics: faults } : { value: configOf(value, source), diagnostics: [] };
}

function faultsOf(node: Node, validate: Validate): readonly Diagnostic[] {
  const found = new Findings();
  const wording = { what: 'the configuration', part: 'key', root: startOf(node.span.source) };
  for (const f of explain(node, configSchema, validate(toJson(node)), [], wording)) {
    if (f.kind === 'unknown' && f.key !== undefined && isCode(f.key)) {
      found.error('invalid-config', f.span, `\`${f.key}\` is what \`run\` refuses too, so it is always an error`, {
        hint: 'remove it here, and mend what it finds',
      });
    } else found.error('invalid-config', f.span, f.message, { hint: f.hint });
  }
  return found.diagnostics;
}

function configOf(node: Node, source: Source): Config {
  const at = (key: string): Node | undefined => (node.kind === 'map' ? entry(node, key)?.value : undefined);
  const here = (path: string): string => (posix.isAbsolute(path) ? path : posix.join(posix.dirname(source.name), path));
  const inventory = scalar(at('inventory'));
  const most = scalar(at('max_warnings'));
  const baseline = scalar(at('baseline'));
  const rules = at('rules');
  return {
    rules: new Map(rules?.kind === 'map' ? rules.entries.map(({ key, value }) => [key, ruleOf(value)]) : []),
    exclude: textsOf(at('exclude')),
    modules: textsOf(at('modules')).map(here),
    ...(typeof inventory === 'string' ? { inventory: here(inventory) } : {}),
    ...(typeof most === 'number' ? { maxWarnings: most } : {}),
    ...(baseline === true ? { baseline: here(BASELINE) } : {}),
    ...(typeof baseline === 'string' ? { baseline: here(baseline) } : {}),
  };
}

function ruleOf(node: Node): Rule {
  if (node.kind !== 'map') return { ...severityOf(node), exclude: [] };
  return { ...severityOf(entry(node, 'severity')?.value), exclude: textsOf(entry(node, 'exclude')?.value) };
}

function severityOf(node: Node | undefined): { readonly severity?: Severity } {
  const found = (['error', 'warning', 'off'] as const).find(severity => severity === scalar(node));
  return found ? { severity: found } : {};
}

const scalar = (node: Node | undefined) => (node?.kind === 'scalar' ? node.value : undefined);

function textsOf(node: Node | undefined): readonly string[] {
  return node?.kind === 'list' ? node.items.map(item => String(scalar(item))) : [];
}
