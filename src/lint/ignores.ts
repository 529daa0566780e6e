import type { Diagnostic } from '../core/diagnostic.ts';
import { positionOf, type Source, type Span } from '../core/source.ts';
import { didYouMean } from '../playbook/expression/nearest.ts';
import { Findings } from '../playbook/findings.ts';
import { adjustableCodes, isCode } from './adjustable.ts';
import { commentsOf } from './comments.ts';
import { isRefused, type Judged } from './judged.ts';

const WORD = 'quorate-ignore';
const SHAPE = 'write `# quorate-ignore CODE: reason`; several codes have commas between them';

/** One code of one comment. */
interface Ignore {
  readonly code: string;
  readonly reason: string;
  readonly span: Span;
  readonly file: string;
  readonly lines: readonly [first: number, last: number];
}

/**
 * What `# quorate-ignore CODE: reason` takes away: findings of that code on the comment's line or, where it stands alone, on the next one.
 * `sources`: every YAML file that was read. A comment without a reason, with a code that there is not, or that `run` refuses too, is a
 * finding (`invalid-ignore`), and so is one with nothing to ignore (`unused-ignore`), unless errors hide what there may be.
 */
export function withoutIgnored(found: readonly Diagnostic[], sources: Iterable<Source>): readonly Judged[] {
  const own = new Findings();
  const ignores = [...sources].flatMap(source => (source.text.includes(WORD) ? ignoresIn(source, own) : []));
  if (ignores.length === 0) return [...found, ...own.diagnostics].map(finding => ({ finding }));
  const byCode = Map.groupBy(ignores, ({ file, code }) => JSON.stringify([file, code]));
  const used = new Set<Ignore>();
  const judged = found.map((finding): Judged => {
    const { code, span } = finding;
    const alike = span && byCode.get(JSON.stringify([span.source.name, code]));
    const line = alike ? positionOf(span.source, span.start).line : 0;
    const ignore = alike?.find(({ lines: [first, last] }) => line >= first && line <= last);
    if (!ignore) return { finding };
    used.add(ignore);
    if (!isRefused(finding)) return { finding, suppressed: { kind: 'ignored', reason: ignore.reason } };
    own.error('invalid-ignore', ignore.span, `\`${ignore.code}\` cannot be ignored here: \`run\` refuses it too`, {
      hint: 'mend what it finds, and remove the comment',
    });
    return { finding };
  });
  if (!found.some(finding => isRefused(finding))) {
    for (const { code, span } of ignores.filter(ignore => !used.has(ignore)))
      own.warning('unused-ignore', span, `there is no \`${code}\` to ignore here`, { hint: 'remove it' });
  }
  return [...judged, ...own.diagnostics.map(finding => ({ finding }))];
}

function ignoresIn(source: Source, own: Findings): readonly Ignore[] {
  return commentsOf(source).flatMap(({ text, start, lines }) => {
    const said = new RegExp(`^#+\\s*${WORD}(?![\\w-])(.*)$`).exec(text)?.[1];
    if (said === undefined) return [];
    const span = { source, start, end: start + text.length };
    const [, codes, reason] = /^\s*([\w-]+(?:\s*,\s*[\w-]+)*)\s*:\s*(\S.*)$/.exec(said) ?? [];
    if (codes === undefined || reason === undefined) {
      const without = /^\s*[\w-]/.test(said) ? 'it gives no reason' : 'it names no code';
      own.error('invalid-ignore', span, `this ignores nothing: ${without}`, { hint: SHAPE });
      return [];
    }
    return [...codes.matchAll(/[\w-]+/g)].flatMap(({ 0: code, index }) => {
      const from = start + text.indexOf(codes, text.indexOf(WORD) + WORD.length) + index;
      const place = { source, start: from, end: from + code.length };
      if (isCode(code)) return [{ code, reason: reason.trim(), span: place, file: source.name, lines }];
      const hint =
        didYouMean(
          code,
          adjustableCodes.map(([known]) => known),
        ) ?? 'docs/errors.md lists the codes';
      own.error('invalid-ignore', place, `there is no code \`${code}\``, { hint });
      return [];
    });
  });
}
