import type { Diagnostic } from '../../core/diagnostic.ts';
import { positionOf } from '../../core/source.ts';
import type { Judged, LintReport } from '../judged.ts';

/**
 * JUnit's XML as Jenkins and GitLab read it: a suite a file, a case a finding. An error is a failure; a warning is a case that passes and
 * says what it is; one that is ignored or in the baseline is skipped. A file with no finding has one case, which passes.
 */
export function asJunit({ files, judged }: LintReport): string {
  const found = judged.map(({ finding }) => finding.span?.source.name ?? 'quorate');
  const suites = [...new Set([...files, ...found])].map(name =>
    suite(
      name,
      judged.filter((_, i) => found[i] === name),
    ),
  );
  const all = judged.map(kindOf);
  const tests = suites.reduce((sum, { tests }) => sum + tests, 0);
  const counted = `tests="${tests}" failures="${countIn(all, 'failure')}" errors="0"`;
  const body = suites.map(({ text }) => text).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="quorate lint" ${counted}>\n${body}</testsuites>\n`;
}

type Kind = 'failure' | 'skipped' | 'warning';

const kindOf = ({ finding, suppressed }: Judged): Kind =>
  suppressed ? 'skipped' : finding.severity === 'error' ? 'failure' : 'warning';

const countIn = (kinds: readonly Kind[], kind: Kind): number => kinds.filter(one => one === kind).length;

function suite(name: string, judged: readonly Judged[]): { readonly text: string; readonly tests: number } {
  const kinds = judged.map(kindOf);
  const tests = Math.max(1, judged.length);
  const cases =
    judged.length === 0 ? [`    <testcase name="lint" classname=${quoted(name)}/>\n`] : judged.map(testCase);
  const counted = `tests="${tests}" failures="${countIn(kinds, 'failure')}" errors="0" skipped="${countIn(kinds, 'skipped')}"`;
  return { tests, text: `  <testsuite name=${quoted(name)} ${counted}>\n${cases.join('')}  </testsuite>\n` };
}

function testCase(one: Judged): string {
  const { finding, suppressed } = one;
  const { code, severity, message, span } = finding;
  const at = span ? positionOf(span.source, span.start) : undefined;
  const name = quoted(at ? `${code} at ${at.line}:${at.column}` : code);
  const open = `    <testcase name=${name} classname=${quoted(span?.source.name ?? 'quorate')}>\n`;
  const said = `${severity}: ${escaped(inFull(finding, at))}`;
  const reason = suppressed?.kind === 'ignored' ? `ignored: ${suppressed.reason}` : 'in the baseline';
  const inside = {
    failure: `<failure type=${quoted(code)} message=${quoted(message)}>${said}</failure>`,
    skipped: `<skipped message=${quoted(reason)}/>`,
    warning: `<system-out>${said}</system-out>`,
  }[kindOf(one)];
  return `${open}      ${inside}\n    </testcase>\n`;
}

function inFull({ code, message, hint, span }: Diagnostic, at: { line: number; column: number } | undefined): string {
  const place = span && at ? `\n${span.source.name}:${at.line}:${at.column}` : '';
  return `${message} [${code}]${place}${hint === undefined ? '' : `\nhint: ${hint}`}`;
}

/** What XML 1.0 has no place for, not even escaped: most control characters, and halves of surrogate pairs. */
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escaped(text: string): string {
  return text.replaceAll(IMPOSSIBLE, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A reader makes a space of a newline or a tab in an attribute that is not escaped. */
function quoted(text: string): string {
  const whole = escaped(text).replaceAll('"', '&quot;');
  return `"${whole.replaceAll('\t', '&#9;').replaceAll('\n', '&#10;').replaceAll('\r', '&#13;')}"`;
}
