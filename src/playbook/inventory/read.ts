import type { Source } from '../../core/source.ts';
import type { Validate } from '../../core/validate.ts';
import { type Node, startOf } from '../document.ts';
import type { Findings } from '../findings.ts';
import { unreadable } from '../unreadable.ts';
import { parseYaml } from '../yaml.ts';
import { checkAnsibleName } from './ansible-names.ts';
import { isAnsible, readAnsibleYaml } from './ansible-yaml.ts';
import { readIni } from './ini.ts';
import { readOwnYaml } from './own-yaml.ts';
import { warnOfWords } from './vars-file.ts';
import type { Written } from './written.ts';

/**
 * Reads an inventory: ours (YAML), Ansible's in YAML, or Ansible's INI; which of them, its text tells. Never throws. Undefined
 * where its YAML cannot be read.
 */
export function readWritten(source: Source, validate: Validate, found: Findings): Written | undefined {
  const fault = unreadable(source);
  if (fault) {
    found.report(fault);
    return undefined;
  }
  const written = isIni(source) ? readIni(source, found) : readYaml(source, validate, found);
  if (!written) return undefined;
  for (const { vars } of [...written.groups.values(), ...written.hosts.values()]) {
    for (const entry of vars.values()) checkAnsibleName(entry, found);
  }
  return written;
}

function readYaml(source: Source, validate: Validate, found: Findings): Written | undefined {
  const { value: root, diagnostics } = parseYaml(source);
  found.report(...diagnostics);
  if (diagnostics.length > 0) return undefined;
  const groups: Node = root ?? { kind: 'map', span: startOf(source), entries: [] };
  if (groups.kind !== 'map' || !isAnsible(groups)) return readOwnYaml(source.name, groups, validate, found);
  warnOfWords(groups, found);
  return readAnsibleYaml(source.name, groups, found);
}

/** By its ending, or else by its first line that is no comment: in YAML that is a key, `---`, or begins a list or map. */
export function isIni({ name, text }: Source): boolean {
  if (/\.(?:ya?ml|json)$/.test(name)) return false;
  if (/\.(?:ini|cfg)$/.test(name)) return true;
  const first = text.split('\n').find(line => !/^\s*(?:[#;]|$)/.test(line)) ?? '';
  return first !== '' && !/^\s*(?:[%{"'&*!-]|[^\s=#[\]]+\s*:(?:\s|$))/.test(first);
}
