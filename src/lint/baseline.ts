import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import { entry, type Node, startOf } from '../playbook/document.ts';
import { Findings } from '../playbook/findings.ts';
import { parseYaml } from '../playbook/yaml.ts';
import { fingerprint } from './fingerprint.ts';
import { isRefused, type Judged } from './judged.ts';

/** A finding that is known, as often as it is. `path`: of its file, from the baseline's folder; `message` is for who reads the file. */
interface Known {
  readonly code: string;
  readonly path: string;
  readonly fingerprint: string;
  readonly count: number;
  readonly message: string;
}

/** The findings that were there when a team began, so that only new ones count. */
export interface Baseline {
  readonly entries: readonly { readonly known: Known; readonly node: Node }[];
}

/** From the name of a file, as messages have it, to its path from the baseline's folder. */
export type Relative = (name: string) => string;

const AGAIN = 'write it anew with `quorate lint --write-baseline`';

/** Reads a baseline: JSON, which is YAML. Diagnostics: `yaml-syntax`, `invalid-config`. */
export function readBaseline(source: Source): Outcome<Baseline> {
  const { value, diagnostics } = parseYaml(source);
  if (diagnostics.length > 0) return { diagnostics };
  const found = new Findings();
  const list = value?.kind === 'map' && at(value, 'version') === 1 ? entry(value, 'findings')?.value : undefined;
  if (list?.kind !== 'list') {
    found.error('invalid-config', value?.span ?? startOf(source), `${source.name} is no baseline of version 1`, {
      hint: AGAIN,
    });
    return { diagnostics: found.diagnostics };
  }
  const entries = list.items.flatMap(node => {
    const known = knownIn(node);
    if (!known) found.error('invalid-config', node.span, 'this is no finding of a baseline', { hint: AGAIN });
    return known ? [{ known, node }] : [];
  });
  return found.diagnostics.length > 0 ? { diagnostics: found.diagnostics } : { value: { entries }, diagnostics: [] };
}

function knownIn(node: Node): Known | undefined {
  const [code, path, print, message] = ['code', 'path', 'fingerprint', 'message'].map(key => at(node, key));
  const count = at(node, 'count');
  if (typeof code !== 'string' || typeof path !== 'string' || typeof message !== 'string') return undefined;
  // YAML reads a fingerprint of digits alone as a number, unless it is quoted, as JSON's texts are.
  if (typeof print !== 'string' || typeof count !== 'number' || !(count >= 1)) return undefined;
  return { code, path, fingerprint: print, count, message };
}

function at(node: Node, key: string) {
  const value = node.kind === 'map' ? entry(node, key)?.value : undefined;
  return value?.kind === 'scalar' ? value.value : undefined;
}

/**
 * The text of a baseline that knows all open findings, how many these are, and what is left: what `run` refuses too. `others`: what it
 * knows already of files that were not looked at.
 */
export function writtenBaseline(
  judged: readonly Judged[],
  relative: Relative,
  others: readonly Known[] = [],
): { readonly text: string; readonly count: number; readonly left: readonly Judged[] } {
  const known = new Map<string, Known>();
  const left: Judged[] = [];
  for (const one of judged) {
    const { finding, suppressed } = one;
    if (suppressed || !canBeKnown(finding)) {
      left.push(one);
      continue;
    }
    const { code, message } = finding;
    const place = { code, path: relative(finding.span?.source.name ?? ''), fingerprint: fingerprint(finding) };
    const key = keyOf(place);
    known.set(key, { ...place, count: (known.get(key)?.count ?? 0) + 1, message });
  }
  const count = [...known.values()].reduce((sum, one) => sum + one.count, 0);
  const findings = [...known.values(), ...others].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { text: `${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`, count, left };
}

/** The findings with those marked that the baseline knows; and what it knows of `checked` files and is there no more (`obsolete-baseline`). */
export function withoutKnown(
  judged: readonly Judged[],
  { entries }: Baseline,
  relative: Relative,
  checked: (path: string) => boolean,
): readonly Judged[] {
  const left = new Map(entries.map(({ known }) => [keyOf(known), known.count]));
  const marked = judged.map((one): Judged => {
    if (one.suppressed || !canBeKnown(one.finding)) return one;
    const { code, span } = one.finding;
    const key = keyOf({ code, path: relative(span?.source.name ?? ''), fingerprint: fingerprint(one.finding) });
    const count = left.get(key) ?? 0;
    if (count === 0) return one;
    left.set(key, count - 1);
    return { ...one, suppressed: { kind: 'baseline' } };
  });
  const obsolete = new Findings();
  // Errors hide what else there is.
  const hidden = judged.some(({ finding }) => isRefused(finding));
  for (const { known, node } of hidden ? [] : entries) {
    const count = left.get(keyOf(known)) ?? 0;
    if (count === 0 || !checked(known.path)) continue;
    const times = count === 1 ? '' : `, ${count} times`;
    obsolete.warning('obsolete-baseline', node.span, `${known.path} no longer has this${times}: ${known.message}`, {
      hint: AGAIN,
    });
  }
  return [...marked, ...obsolete.diagnostics.map(finding => ({ finding }))];
}

function canBeKnown(finding: Diagnostic): boolean {
  return finding.span !== undefined && finding.code !== 'obsolete-baseline' && !isRefused(finding);
}

const keyOf = ({ code, path, fingerprint }: Pick<Known, 'code' | 'path' | 'fingerprint'>): string =>
  JSON.stringify([path, code, fingerprint]);
