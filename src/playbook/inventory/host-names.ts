import type { Span } from '../../core/source.ts';
import type { Entry } from '../document.ts';
import type { Findings } from '../findings.ts';
import { expandRange } from '../ranges.ts';

const NAME = /^[\p{L}\p{N}_.:%-]+$/u;

/** The hosts that a name or a range stands for, and ssh's port where the text ends with one; none, and a finding, otherwise. */
export function hostNames(
  text: string,
  span: Span,
  found: Findings,
): { readonly names: readonly string[]; readonly port?: number } {
  const [, base = text, digits] = portOf(text);
  const names = expandRange(base);
  if (names?.every(name => NAME.test(name) && !name.startsWith('-'))) {
    return { names, ...(digits === undefined ? {} : { port: Number(digits) }) };
  }
  found.error('invalid-inventory', span, `\`${text}\` is neither a host's name nor a range of them`, {
    hint: 'a range is written node[001:003] or node001..node003',
  });
  return { names: [] };
}

/** The port that stands after a name, as Ansible's var for it. */
export function portEntry(port: number | undefined, span: Span): readonly Entry[] {
  if (port === undefined) return [];
  return [{ key: 'ansible_port', keySpan: span, value: { kind: 'scalar', span, value: port, locate: () => span } }];
}

/** `web:2222`, `[2001:db8::1]:22`; an address of IPv6 without brackets has no port. */
function portOf(text: string): readonly (string | undefined)[] {
  const bracketed = /^\[([0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed) return bracketed;
  return /^((?:[^:[\]]|\[[^\]]*\])+):(\d{1,5})$/.exec(text) ?? [];
}
