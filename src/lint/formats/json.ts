import type { Span } from '../../core/source.ts';
import { fingerprint } from '../fingerprint.ts';
import { countsOf, type Judged, type LintReport } from '../judged.ts';
import type { JsonPlace, LintOutput } from './json-schema.ts';
import { regionOf } from './region.ts';

/** As `schemas/lint.schema.json` says. */
export function asJson(report: LintReport): string {
  const output: LintOutput = {
    version: 1,
    quorate: report.version,
    findings: report.judged.map(findingOf),
    summary: { files: [...report.files], passed_over: [...report.passedOver], ...countsOf(report.judged) },
  };
  return `${JSON.stringify(output, undefined, 2)}\n`;
}

function findingOf({ finding, suppressed }: Judged): LintOutput['findings'][number] {
  const { code, severity, message, span, hint, related, fix } = finding;
  return {
    code,
    severity,
    message,
    ...(span ? placeOf(span) : {}),
    ...(hint === undefined ? {} : { hint }),
    ...(related ? { related: related.map(one => ({ message: one.message, ...placeOf(one.span) })) } : {}),
    ...(fix ? { fix: { replacement: fix.replacement, ...placeOf(fix.span) } } : {}),
    ...(suppressed?.kind === 'ignored' ? { suppressed: { by: 'ignored', reason: suppressed.reason } } : {}),
    ...(suppressed?.kind === 'baseline' ? { suppressed: { by: 'baseline' } } : {}),
    fingerprint: fingerprint(finding),
  };
}

function placeOf(span: Span): JsonPlace {
  const { line, column, endLine, endColumn } = regionOf(span);
  return { file: span.source.name, line, column, end_line: endLine, end_column: endColumn };
}
