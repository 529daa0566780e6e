/** The most names one range may stand for; a longer one is taken for a typing error. */
const LONGEST = 10_000;

/**
 * The names that `node[001:003]`, `node[001-003,7]` or `node001..node003` stand for; a plain name stands for itself.
 * Digits keep their width. Undefined where a range cannot be expanded.
 */
export function expandRange(text: string): readonly string[] | undefined {
  const bracket = /^([^[\]]*)\[([^[\]]*)\](.*)$/.exec(text);
  if (bracket) {
    const [, before = '', inside = '', after = ''] = bracket;
    const rest = expandRange(after);
    const numbers = inside.split(',').map(part => {
      const ends = /^(\d+)(?:[:-](\d+))?$/.exec(part.trim());
      return ends?.[1] === undefined ? undefined : count(ends[1], ends[2] ?? ends[1]);
    });
    if (!rest || numbers.includes(undefined)) return undefined;
    const all = numbers.flatMap(n => n ?? []).flatMap(n => rest.map(end => before + n + end));
    return all.length > LONGEST ? undefined : all;
  }
  const dots = /^(.*?)(\d+)\.\.(.*?)(\d+)$/.exec(text);
  if (!dots) return text.includes('[') || text.includes(']') || text.includes('..') ? undefined : [text];
  const [, prefix = '', first = '', again = '', last = ''] = dots;
  if (again !== '' && again !== prefix) return undefined;
  return count(first, last)?.map(n => prefix + n);
}

function count(first: string, last: string): readonly string[] | undefined {
  const from = Number(first);
  const length = Number(last) - from + 1;
  if (!(length >= 1 && length <= LONGEST)) return undefined;
  return Array.from({ length }, (_, i) => String(from + i).padStart(first.length, '0'));
}
