import type { Diagnostic, Fix } from '../core/diagnostic.ts';
import { parseYaml } from '../playbook/yaml.ts';

/** What was mended: the finding, as it was before. */
export interface Mended {
  readonly finding: Diagnostic;
  readonly fix: Fix;
}

export interface MendedText {
  readonly text: string;
  readonly mended: readonly Mended[];
}

/**
 * A file's text with the fixes of its findings, the first of those that overlap. One after which the file reads worse than before (a key
 * that then stands twice) is left out.
 */
export function mend(name: string, text: string, findings: readonly Diagnostic[]): MendedText {
  const wanted = findings
    .flatMap(finding => (finding.fix?.span.source.name === name ? [{ finding, fix: finding.fix }] : []))
    .toSorted((a, b) => a.fix.span.start - b.fix.span.start);
  const apart: Mended[] = [];
  for (const one of wanted) if ((apart.at(-1)?.fix.span.end ?? 0) <= one.fix.span.start) apart.push(one);
  const all = apart.reduceRight(written, text);
  if (faults(name, all) <= faults(name, text)) return { text: all, mended: apart };
  const mended: Mended[] = [];
  let now = text;
  for (const one of apart.toReversed()) {
    const next = written(now, one);
    if (faults(name, next) > faults(name, now)) continue;
    now = next;
    mended.unshift(one);
  }
  return { text: now, mended };
}

/** To be done from the end, so that the places of those before stay what they are. */
const written = (text: string, { fix: { span, replacement } }: Mended): string =>
  text.slice(0, span.start) + replacement + text.slice(span.end);

/** How badly a text reads as YAML: an error of syntax hides all others. */
function faults(name: string, text: string): number {
  const { diagnostics } = parseYaml({ name, text });
  return diagnostics.reduce((sum, { code }) => sum + (code === 'yaml-syntax' ? 1000 : 1), 0);
}
