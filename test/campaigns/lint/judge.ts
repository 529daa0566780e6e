import { isScalar, parseAllDocuments } from 'yaml';
import { type Diagnostic, hasErrors } from '../../../src/core/diagnostic.ts';
import { positionOf } from '../../../src/core/source.ts';
import { renderDiagnostics } from '../../../src/views/diagnostics.ts';
import type { Input } from './input.ts';

/** Gives the findings in an input. */
export type Lint = (input: Input) => Promise<readonly Diagnostic[]>;

/** Longest that an input may take, be it linted or shown. */
export const LONGEST_MS = 1000;

/** What is wrong with how an input is linted; nothing where nothing is. */
export async function judge(lint: Lint, input: Input, now: () => number): Promise<readonly string[]> {
  try {
    const { found, shown, tookMs } = await timed(lint, input, now);
    const again = await lint(input);
    return [
      ...(tookMs > LONGEST_MS ? [`it took ${Math.round(tookMs)} ms`] : []),
      ...(shown.includes('\x1b[2J') ? ['it controls the terminal'] : []),
      ...(written(found) === written(again) ? [] : ['it found something else when asked again']),
      ...found.flatMap(one => faultsOf(one, input)),
      ...(input.isBroken && !hasErrors(found) ? ['there is no error'] : []),
      ...brokenIn(input).flatMap(({ path, why }) =>
        found.some(one => one.severity === 'error' && one.span?.source.name === path)
          ? []
          : [`${path}: ${why}, and there is no error`],
      ),
    ];
  } catch (error) {
    return [`it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}

/** Where it took too long, it may be what a busy machine takes: then the best of several times counts. */
async function timed(lint: Lint, input: Input, now: () => number, tries = 4) {
  const begunMs = now();
  const found = await lint(input);
  const shown = renderDiagnostics(found, { colour: true });
  const tookMs = now() - begunMs;
  if (tookMs <= LONGEST_MS || tries === 1) return { found, shown, tookMs };
  return timed(lint, input, now, tries - 1);
}

function written(found: readonly Diagnostic[]): string {
  return JSON.stringify(
    found.map(({ span, related, fix, ...rest }) => [
      rest,
      fix?.replacement,
      span?.source.name,
      span?.start,
      span?.end,
      related?.length,
    ]),
  );
}

function faultsOf(finding: Diagnostic, { files }: Input): readonly string[] {
  const { code, message, hint, span, related = [] } = finding;
  const what = `${code} "${message}"`;
  const faults = code === 'defect' ? [`${what} is a defect`] : [];
  const given = Object.values(files).join('\n');
  for (const word of ['undefined', '[object Object]', 'NaN', 'Infinity']) {
    const bare = [message, hint ?? ''].some(text => text.includes(word));
    if (bare && !given.includes(word)) faults.push(`${what} says ${word}`);
  }
  if (message.trim() === '' || hint?.trim() === '') faults.push(`${what} says nothing`);
  if (message.length > 2000 || (hint?.length ?? 0) > 2000) faults.push(`${code} says far too much`);
  for (const place of [span, ...related.map(one => one.span)]) {
    if (!place) continue;
    const { source, start, end } = place;
    const isInside =
      Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= source.text.length;
    const { line, column } = positionOf(source, start);
    if (!isInside || !(line >= 1 && column >= 1))
      faults.push(`${what} stands at ${start}–${end} of ${source.text.length} characters`);
  }
  if (!span && code !== 'file-not-found') faults.push(`${what} has no place`);
  return faults;
}

/** The files that no reader may pass over, as the YAML library alone sees them. */
function brokenIn({ files, paths }: Input): readonly { readonly path: string; readonly why: string }[] {
  return paths.flatMap(path => {
    const text = files[path] ?? '';
    if (!/\.ya?ml$/.test(path) || text.trim() === '' || text.length > 100_000) return [];
    const documents = [...parseAllDocuments(text, { version: '1.2', merge: true, logLevel: 'silent' })];
    if (documents.some(({ errors }) => errors.length > 0)) return [{ path, why: 'it is not YAML' }];
    if (documents.length > 1) return [{ path, why: 'it has several documents' }];
    const content = documents[0]?.contents;
    return isScalar(content) && content.value !== null ? [{ path, why: 'it is a single value' }] : [];
  });
}
