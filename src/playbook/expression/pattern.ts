import { Fault } from './fault.ts';

/** Longest text that a pattern is tried on, and longest pattern, in characters. */
const longestText = 100_000;
const longestPattern = 1_000;

export interface PatternFlags {
  readonly ignorecase: boolean;
  readonly multiline: boolean;
}

interface Group {
  /** Something in it may take one length or another. */
  repeats: boolean;
  /** The first characters of its alternatives; undefined where one is not a plain character. */
  firsts: (string | undefined)[];
  atStart: boolean;
}

/**
 * A regular expression of Python as one of JavaScript. The differences that show in playbooks are translated
 * (`(?P<name>…)`, `(?i)`, `\A`, `\Z`, `$` before a last line break); `\w`, `\d` and `\s` know ASCII only where Python's
 * know Unicode. A repeated group that itself repeats, or whose alternatives may begin alike, is refused: matching it can
 * take time exponential in the text. Throws `Fault`.
 */
export function readPattern(pattern: string, flags: PatternFlags): RegExp {
  if (pattern.length > longestPattern) throw new Fault(`the pattern is longer than ${longestPattern} characters`);
  const inline = /^\(\?([aimsu]+)\)/.exec(pattern);
  const letters = inline?.[1] ?? '';
  const multiline = flags.multiline || letters.includes('m');
  const dotAll = letters.includes('s');
  const body = translate(pattern.slice(inline?.[0].length ?? 0), multiline, dotAll);
  const set = `${flags.ignorecase || letters.includes('i') ? 'i' : ''}${multiline ? 'm' : ''}`;
  try {
    return new RegExp(body, set);
  } catch (error) {
    throw new Fault(`the pattern cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Why matching a pattern could take for ever; undefined where nothing tells that it could. */
export function explosion(pattern: string): Fault | undefined {
  try {
    translate(pattern, false, false);
  } catch (error) {
    if (error instanceof Explosion) return error;
  }
  return undefined;
}

class Explosion extends Fault {}

/** Refuses a text that is too long for any pattern. */
export function matchable(text: string): string {
  if (text.length > longestText)
    throw new Fault(`the text is longer than the ${longestText} characters a pattern is tried on`);
  return text;
}

const part =
  /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P<\w+>|\(\?P=\w+\)|\(\?#[^)]*\)|\(\?<?[=!]|\(\?:|\((?!\?)|\(\?[^)]*|[*+?]|\{\d*,?\d*\}|[\s\S]/g;

function translate(pattern: string, multiline: boolean, dotAll: boolean): string {
  const groups: Group[] = [{ repeats: false, firsts: [], atStart: true }];
  let closed: Group | undefined;
  let result = '';
  for (const [piece] of pattern.matchAll(part)) {
    const group = groups.at(-1);
    if (!group) throw new Fault('the pattern has a `)` too many');
    const repeat = repetition(piece);
    if (repeat !== undefined) {
      if (repeat === 'unbounded' && closed) refuseExplosive(closed);
      if (repeat !== 'fixed') group.repeats = true;
      result += piece.replace(/^\{,/, '{0,');
      continue;
    }
    closed = undefined;
    if (piece.startsWith('(') && !piece.startsWith('(?#') && !piece.startsWith('(?P=')) {
      if (group.atStart) group.firsts.push(undefined);
      group.atStart = false;
      groups.push({ repeats: false, firsts: [], atStart: true });
      result += opening(piece);
    } else if (piece === ')') {
      if (group.atStart) group.firsts.push(undefined);
      groups.pop();
      closed = group;
      const around = groups.at(-1);
      if (around) around.repeats ||= group.repeats;
      result += piece;
    } else if (piece === '|') {
      if (group.atStart) group.firsts.push(undefined);
      group.atStart = true;
      result += piece;
    } else {
      if (group.atStart) group.firsts.push(/^[\w\s,;:"'#%&/=@_~-]$/.test(piece) ? piece.toLowerCase() : undefined);
      group.atStart = false;
      result += plain(piece, multiline, dotAll);
    }
  }
  return result;
}

function repetition(piece: string): 'unbounded' | 'bounded' | 'fixed' | undefined {
  if (piece === '*' || piece === '+') return 'unbounded';
  if (piece === '?') return 'bounded';
  const found = /^\{(\d*)(,?)(\d*)\}$/.exec(piece);
  if (!found || (found[1] === '' && found[3] === '')) return undefined;
  if (found[2] === '') return 'fixed';
  const most = found[3];
  return most === '' || Number(most) > 20 ? 'unbounded' : 'bounded';
}

function refuseExplosive(group: Group): void {
  const firsts = group.firsts;
  const alike = firsts.length > 1 && (firsts.includes(undefined) || new Set(firsts).size < firsts.length);
  if (!group.repeats && !alike) return;
  throw new Explosion(
    group.repeats
      ? 'the pattern repeats a group in which something repeats; matching it could take for ever'
      : 'the pattern repeats a group whose alternatives may begin alike; matching it could take for ever',
    group.repeats
      ? 'write it without one repetition inside another'
      : 'for single characters write a class: [ab] for (a|b)',
  );
}

function opening(piece: string): string {
  if (piece.startsWith('(?P<')) return `(?<${piece.slice(4)}`;
  if (/^\(\?<[^=!]/.test(piece))
    throw new Fault('the pattern has `(?<`, which is not supported', 'name a group by (?P<name>…)');
  if (/^\(\?[^:=!<]/.test(piece)) throw new Fault(`the pattern has \`${piece.slice(0, 4)}\`, which is not supported`);
  return piece;
}

function plain(piece: string, multiline: boolean, dotAll: boolean): string {
  if (piece === '\\A') return '(?<![\\s\\S])';
  if (piece === '\\Z') return '(?![\\s\\S])';
  if (piece === '$' && !multiline) return '(?=\\n?(?![\\s\\S]))';
  if (piece === '.') return dotAll ? '[\\s\\S]' : '[^\\n]';
  if (piece.startsWith('(?P=')) return `\\k<${piece.slice(4, -1)}>`;
  if (piece.startsWith('(?#')) return '';
  // A bracket that comes first in a class stands for itself in Python; JavaScript would close the class there.
  return piece.replace(/^\[(\^?)\]/, '[$1\\]');
}

/** Fills a match into a replacement: `\1`, `\g<1>`, `\g<name>`; `\n`, `\t` and `\\` as in Python. Throws `Fault`. */
export function fillIn(
  replacement: string,
  match: readonly (string | undefined)[],
  groups: Readonly<Record<string, string | undefined>>,
): string {
  return replacement.replace(
    /\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))/g,
    (all: string, named?: string, digits?: string, other?: string) => {
      const reference = named ?? digits;
      if (reference !== undefined) return groupOf(reference, match, groups);
      if (other === 'n') return '\n';
      if (other === 't') return '\t';
      return other === '\\' ? '\\' : all;
    },
  );
}

/** The text of a group by its number or name; empty where it took no part. Throws `Fault` where there is none. */
export function groupOf(
  reference: string,
  match: readonly (string | undefined)[],
  groups: Readonly<Record<string, string | undefined>>,
): string {
  if (/^\d+$/.test(reference)) {
    const index = Number(reference);
    if (index < match.length) return match[index] ?? '';
  } else if (Object.hasOwn(groups, reference)) {
    return groups[reference] ?? '';
  }
  throw new Fault(`the pattern has no group \`${reference}\``);
}
