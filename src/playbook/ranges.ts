/** The most names one range may stand for; a longer one is taken for a typing error. */
const LONGEST = 10_000;
/** More characters than a host's name, or a list of numbers, has; a longer one is taken for a typing error. */
const LONGEST_NAME = 1000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The names that `node[001:003]`, `node[001-003,7]`, `node[1:9:2]`, `rack[a:f]` or `node001..node003` stand for; a plain name
 * stands for itself. Digits keep their width. Undefined where a range cannot be expanded.
 */
export function expandRange(text: string): readonly string[] | undefined {
  if (text.length > LONGEST_NAME) return undefined;
  const bracket = /^([^[\]]*)\[([^[\]]*)\](.*)$/.exec(text);
  if (bracket) {
    const [, before = '', inside = '', after = ''] = bracket;
    const rest = expandRange(after);
    const parts = inside.split(',').map(part => partOf(part.trim()));
    if (!rest || parts.includes(undefined)) return undefined;
    const all = parts.flatMap(n => n ?? []);
    if (all.length * rest.length > LONGEST) return undefined;
    return all.flatMap(n => rest.map(end => before + n + end));
  }
  const dots = /^(.*?)(\d+)\.\.(.*?)(\d+)$/.exec(text);
  if (!dots) return text.includes('[') || text.includes(']') || text.includes('..') ? undefined : [text];
  const [, before = '', from = '', again = '', to = ''] = dots;
  if (again !== '' && again !== before) return undefined;
  return count(from, to)?.map(number => before + number);
}

/** What stands in brackets: a number, a range of numbers or of letters, with or without a step. */
function partOf(part: string): readonly string[] | undefined {
  const numbers = /^(\d*)(?:([:-])(\d+)(?::(\d+))?)?$/.exec(part);
  if (numbers) {
    const [, first = '', sign, last = first, step = '1'] = numbers;
    // As in Ansible a range without a beginning begins with 0.
    return part === '' ? undefined : count(first === '' && sign === ':' ? '0' : first, last, Number(step));
  }
  const [, first = '', last = '', step = '1'] = /^([A-Za-z]):([A-Za-z])(?::(\d+))?$/.exec(part) ?? [];
  const from = LETTERS.indexOf(first);
  const to = LETTERS.indexOf(last);
  if (first === '' || from > to || Number(step) < 1) return undefined;
  return [...LETTERS.slice(from, to + 1)].filter((_, i) => i % Number(step) === 0);
}

function count(first: string, last: string, step = 1): readonly string[] | undefined {
  if (first === '' || step < 1) return undefined;
  const from = Number(first);
  const length = Math.floor((Number(last) - from) / step) + 1;
  if (!(length >= 1 && length <= LONGEST)) return undefined;
  return Array.from({ length }, (_, i) => String(from + i * step).padStart(first.length, '0'));
}
