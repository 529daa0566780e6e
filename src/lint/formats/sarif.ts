import { codes } from '../../core/codes.ts';
import type { Span } from '../../core/source.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Judged, LintReport } from '../judged.ts';
import { regionOf } from './region.ts';

/** SARIF 2.1.0 (OASIS). What is ignored is suppressed in the source, what the baseline knows outside of it. */
export function asSarif({ version, judged }: LintReport): string {
  const used = [...new Set(judged.map(({ finding }) => finding.code))].toSorted();
  const rules = used.map(code => ({
    id: code,
    shortDescription: { text: codes[code] },
    help: { text: `${codes[code]} An example: quorate doc ${code}` },
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'quorate', semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        results: judged.map(one => result(one, used.indexOf(one.finding.code))),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function result({ finding, suppressed }: Judged, ruleIndex: number) {
  const { code, severity, message, hint, span, related, fix } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    locations: span ? [{ physicalLocation: place(span) }] : [],
    partialFingerprints: { 'quorate/v1': fingerprint(finding) },
    ...(related
      ? { relatedLocations: related.map(r => ({ physicalLocation: place(r.span), message: { text: r.message } })) }
      : {}),
    ...(fix
      ? {
          fixes: [
            {
              description: { text: `write ${fix.replacement}` },
              artifactChanges: [
                {
                  artifactLocation: { uri: uriOf(fix.span.source.name) },
                  replacements: [{ deletedRegion: region(fix.span), insertedContent: { text: fix.replacement } }],
                },
              ],
            },
          ],
        }
      : {}),
    // Its absence would leave open whether any of them is.
    suppressions:
      suppressed?.kind === 'ignored'
        ? [{ kind: 'inSource', justification: suppressed.reason }]
        : suppressed
          ? [{ kind: 'external', justification: 'in the baseline' }]
          : [],
  };
}

function place(span: Span) {
  return { artifactLocation: { uri: uriOf(span.source.name) }, region: region(span) };
}

function region(span: Span) {
  const { line, column, endLine, endColumn } = regionOf(span);
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A path as a reference that is relative to where quorate was called, or a file's URI. */
function uriOf(path: string): string {
  const encoded = path.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
