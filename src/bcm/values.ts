import { parseNodeList } from './node-list.ts';

/** Nodes as `get nodes` prints them, whichever way it does; undefined where it isn't a list of nodes. */
export function readNodes(lines: readonly string[]): readonly string[] | undefined {
  const { nodes, malformed } = parseNodeList(lines.join(' '));
  return malformed.length === 0 ? nodes : undefined;
}

/** Names divided by commas, blanks or line ends. */
export function readNames(lines: readonly string[]): readonly string[] {
  return lines.flatMap(line => line.split(/[\s,]+/)).filter(name => name !== '');
}

/** cmsh's yes and no, and what it takes for them. */
export function readYesNo(lines: readonly string[]): boolean | undefined {
  const word = lines.length === 1 ? (lines[0] ?? '').trim().toLowerCase() : '';
  if (/^(yes|y|1|on|true)$/.test(word)) return true;
  return /^(no|n|0|off|false)$/.test(word) ? false : undefined;
}

export function readInteger(lines: readonly string[]): number | undefined {
  const word = lines.length === 1 ? (lines[0] ?? '').trim() : '';
  return /^-?\d+$/.test(word) ? Number(word) : undefined;
}
