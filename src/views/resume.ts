import type { RunEvent } from '../core/event.ts';
import { count, titled, titleOf } from './words.ts';

/** What a resume begins with: how far the run had come, and what was under way. */
export function resumedLines({ done, underWay, failed }: RunEvent & { readonly type: 'resumed' }): string[] {
  const open = underWay.map(where => `was under way, its outcome not seen: ${titleOf(where)}`);
  const again = failed.map(where => `failed, and is tried again: ${titleOf(where)}`);
  return [`${count(done, 'task')} done; what is done is not done again`, ...open, ...again];
}

/** What a person said of something that must happen once. */
export function decisionText({ where, decision, how }: RunEvent & { readonly type: 'decided' }): string {
  const said = decision === 'done' ? 'was done, so it is not done again' : 'is done again';
  return `${titled(where.name, where.within, where.item)} ${said} (${how})`;
}
