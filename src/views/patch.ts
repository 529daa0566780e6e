import { createPatch } from 'diff';
import type { Change } from '../core/module.ts';
import { clean } from './words.ts';

/** Lines of a difference that are shown; what is longer is read on the host. */
const MOST_LINES = 200;
const CONTEXT = 3;
/** Milliseconds after which two texts are too different to be compared. */
const PATIENCE_MS = 1000;

/** How the texts of a change differ, as `diff -u` shows it without its head; empty where they are not told. */
export function patchLines({ texts }: Change): readonly string[] {
  if (!texts || texts.before === texts.after) return [];
  const { before, after } = texts;
  const patch = createPatch('', before, after, '', '', { context: CONTEXT, timeout: PATIENCE_MS });
  if (patch === undefined)
    return [`@@ too different to be shown: ${linesIn(before)} lines before, ${linesIn(after)} after @@`];
  const lines = patch.slice(patch.indexOf('@@')).trimEnd().split('\n').map(clean);
  const left = lines.length - MOST_LINES;
  return left > 0 ? [...lines.slice(0, MOST_LINES), `@@ ${left} more lines @@`] : lines;
}

const linesIn = (text: string): number => text.split('\n').length;
