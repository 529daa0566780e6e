/** The most names one range may stand for; a longer one is taken for a typing error. */
const LONGEST_RANGE = 10_000;

const NAME = /^[A-Za-z0-9_.-]+$/;

export interface NodeList {
  /** Node names in the order written, each once. */
  readonly nodes: readonly string[];
  /** What is neither a name nor a range that can be expanded, as written. */
  readonly malformed: readonly string[];
}

/**
 * Reads a list of nodes as cmsh takes and prints it: names separated by white space or commas, `node001..node003` (also
 * `node001..003`) and `node00[1-3,5]`. Digits keep their width. Never throws.
 */
export function parseNodeList(text: string): NodeList {
  const nodes = new Set<string>();
  const malformed: string[] = [];
  for (const piece of split(text)) {
    const names = expand(piece);
    if (names === undefined) malformed.push(piece);
    else for (const name of names) nodes.add(name);
  }
  return { nodes: [...nodes], malformed };
}

/**
 * Writes a list of nodes the way cmsh may print it: sorted, and a run of consecutive names at least `shortestRange`
 * (default 3) long as `first..last`. `parseNodeList` reads it back.
 */
export function formatNodeList(nodes: Iterable<string>, shortestRange = 3): string {
  const runs: string[][] = [];
  for (const name of [...new Set(nodes)].sort()) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && successor(last) === name) run.push(name);
    else runs.push([name]);
  }
  return runs.flatMap(run => (run.length >= shortestRange ? [`${run[0]}..${run.at(-1)}`] : run)).join(',');
}

/** Splits at white space and commas outside brackets. */
function split(text: string): string[] {
  return text.match(/(?:\[[^\]]*(?:\]|$)|[^\s,[])+/g) ?? [];
}

function expand(piece: string): string[] | undefined {
  const bracket = /^([^[\]]*)\[([0-9,-]+)\]([^[\]]*)$/.exec(piece);
  if (bracket !== null) return expandBracket(bracket[1] ?? '', bracket[2] ?? '', bracket[3] ?? '');
  const dots = /^(.+?)\.\.(.+)$/.exec(piece);
  if (dots !== null) return expandDots(dots[1] ?? '', dots[2] ?? '');
  return NAME.test(piece) && !piece.includes('..') ? [piece] : undefined;
}

function expandBracket(prefix: string, inside: string, suffix: string): string[] | undefined {
  if (!/^[A-Za-z0-9_.-]*$/.test(prefix + suffix)) return undefined;
  const names: string[] = [];
  for (const part of inside.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (range === null) return undefined;
    const first = range[1] ?? '';
    const numbers = count(first, range[2] ?? first);
    if (numbers === undefined) return undefined;
    names.push(...numbers.map(number => prefix + number + suffix));
  }
  return names;
}

function expandDots(first: string, last: string): string[] | undefined {
  const from = /^([A-Za-z0-9_.-]*?)(\d+)$/.exec(first);
  const to = /^([A-Za-z0-9_.-]*?)(\d+)$/.exec(last);
  if (from === null || to === null) return undefined;
  const prefix = from[1] ?? '';
  if (to[1] !== prefix && to[1] !== '') return undefined;
  return count(from[2] ?? '', to[2] ?? '')?.map(number => prefix + number);
}

/** The numbers from `first` to `last`, as wide as `first` is written. */
function count(first: string, last: string): string[] | undefined {
  const from = Number(first);
  const length = Number(last) - from + 1;
  if (length < 1 || length > LONGEST_RANGE) return undefined;
  return Array.from({ length }, (_, index) => String(from + index).padStart(first.length, '0'));
}

/** The name that follows `name` in a range: its trailing number plus one, as wide. */
function successor(name: string): string | undefined {
  const parts = /^(.*?)(\d+)$/.exec(name);
  if (parts === null) return undefined;
  const digits = parts[2] ?? '';
  return (parts[1] ?? '') + String(Number(digits) + 1).padStart(digits.length, '0');
}
