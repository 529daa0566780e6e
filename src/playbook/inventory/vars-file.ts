import type { Source } from '../../core/source.ts';
import { describe, type Entry, type Node } from '../document.ts';
import type { Findings } from '../findings.ts';
import { parseYaml } from '../yaml.ts';

/** Words that YAML 1.1, by which Ansible reads, takes for booleans. */
const WORD = /^(?:yes|no|on|off)$/i;

/** The vars that a file of names and values holds; a file with nothing in it holds none. */
export function readVarsFile(source: Source, found: Findings): readonly Entry[] {
  const { value, diagnostics } = parseYaml(source);
  found.report(...diagnostics);
  if (!value || (value.kind === 'scalar' && value.value === null)) return [];
  if (value.kind !== 'map') {
    found.error(
      'invalid-value',
      value.span,
      `a file of vars must be a map of names and values, not ${describe(value)}`,
      {
        hint: value.kind === 'list' ? 'write `name: value`, without "- "' : undefined,
      },
    );
    return [];
  }
  warnOfWords(value, found);
  return value.entries;
}

/** Such files are shared with Ansible: a word that is a boolean there and a text here would be a surprise. */
export function warnOfWords(node: Node, found: Findings): void {
  if (node.kind === 'list') for (const item of node.items) warnOfWords(item, found);
  if (node.kind === 'map') for (const { value } of node.entries) warnOfWords(value, found);
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !WORD.test(node.value)) return;
  if (/["']/.test(node.span.source.text.charAt(node.span.start))) return;
  found.warning('boolean-string', node.span, `\`${node.value}\` is a text in YAML 1.2; Ansible reads a boolean`, {
    hint: 'write true or false, or quote it',
  });
}
