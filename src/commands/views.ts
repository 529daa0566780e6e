import type { View } from '../core/event.ts';
import { type Io, wantsColour } from './io.ts';

/** What shows a run, and how it keeps quiet while a question is asked. */
export interface Shown {
  readonly view: View;
  quiet<T>(ask: () => Promise<T>): Promise<T>;
}

/** Live progress at a terminal, plain lines elsewhere, JSON lines where they are asked for. */
export async function chooseView(io: Io, options: { json?: true; diff?: true }): Promise<Shown> {
  const asIs = async <T>(ask: () => Promise<T>) => ask();
  if (options.json) {
    const { jsonView } = await import('../views/json.ts');
    return { view: jsonView(text => io.out.write(text)), quiet: asIs };
  }
  const patch = options.diff ? { patch: (await import('../views/patch.ts')).patchLines } : {};
  if (!io.out.isTTY) {
    const { plainView } = await import('../views/plain.ts');
    return { view: plainView(text => io.out.write(text), patch), quiet: asIs };
  }
  const { terminalView } = await import('../views/terminal.ts');
  const view = terminalView(io.out, {
    colour: wantsColour(io.out, io.env),
    unicode: showsUnicode(io.env),
    clock: io.clock,
    ...patch,
  });
  return { view, quiet: view.quiet };
}

/** False only where the locale says that it can't; a minimal system often says nothing at all. */
function showsUnicode({ LC_ALL, LC_CTYPE, LANG }: Io['env']): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return !locale || /utf-?8/i.test(locale);
}
