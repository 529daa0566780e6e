import type { Diagnostic } from '../core/diagnostic.ts';
import { type Io, wantsColour } from './io.ts';

/** Prints findings to stderr, with their code frames. Nothing is loaded where there are none. */
export async function report(io: Io, diagnostics: readonly Diagnostic[]): Promise<void> {
  if (diagnostics.length === 0) return;
  const { renderDiagnostics } = await import('../views/diagnostics.ts');
  io.err.write(renderDiagnostics(diagnostics, { colour: wantsColour(io.err, io.env) }));
}
