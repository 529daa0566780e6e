import { countsOf, type Judged, type LintReport } from '../judged.ts';
import { regionOf } from './region.ts';
import { inWords } from './words.ts';

/**
 * Workflow commands of GitHub Actions, a line a finding, and a last line of words. Its runner reads `%25`, `%0D`, `%0A`, and in what
 * stands before the message `%3A` and `%2C` too.
 */
export function asGithub({ files, passedOver, judged }: LintReport): string {
  const lines = judged.filter(({ suppressed }) => !suppressed).map(command);
  return [...lines, inWords(files.length, passedOver.length, countsOf(judged)), ''].join('\n');
}

function command({ finding: { code, severity, message, hint, span } }: Judged): string {
  const properties: [string, string | number][] = [];
  if (span) {
    const { line, column, endLine, endColumn } = regionOf(span);
    properties.push(['file', span.source.name], ['line', line], ['col', column], ['endLine', endLine]);
    // Columns are shown only where they are of one line.
    if (endLine === line) properties.push(['endColumn', endColumn]);
  }
  properties.push(['title', `quorate ${code}`]);
  const given = properties.map(([name, value]) => `${name}=${property(String(value))}`).join(',');
  return `::${severity} ${given}::${data(hint === undefined ? message : `${message}\n${hint}`)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
