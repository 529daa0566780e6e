import type { Diagnostic } from '../core/diagnostic.ts';
import { digest } from '../core/digest.ts';

/**
 * What stays the same of a finding where lines above it come and go: its code, its message, and the line it stands on however much
 * space there is in it. A hash, so that nothing of the line is told.
 */
export function fingerprint({ code, message, span }: Diagnostic): string {
  const text = span?.source.text ?? '';
  const start = text.lastIndexOf('\n', (span?.start ?? 0) - 1) + 1;
  const end = text.indexOf('\n', start);
  const line = text
    .slice(start, end < 0 ? text.length : end)
    .trim()
    .replaceAll(/\s+/g, ' ');
  return digest('sha256', JSON.stringify([code, message, line]))
    .toString('hex')
    .slice(0, 16);
}
