import { pad, width, wrap } from './columns.ts';
import { type Paint, unpainted } from './paint.ts';

/**
 * Markdown of ours for a terminal: headings, paragraphs, lists, fenced code, and tables, of which each row becomes a line with its last
 * cell wrapped below. Nothing is wider than `columns` but code and single words. Ends with a newline.
 */
export function renderMarkdown(text: string, columns: number, paint: Paint = unpainted): string {
  const blocks = blocksOf(text.trim()).map(block => blockLines(block, columns, paint).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** Blocks are parted by empty lines, which fenced code may hold. */
function blocksOf(text: string): readonly string[] {
  const parts = text.split(/^(```[^\n]*\n[\s\S]*?\n```)$/m);
  return parts.flatMap((part, i) =>
    (i % 2 === 1 ? [part] : part.split(/\n{2,}/).map(block => block.trim())).filter(Boolean),
  );
}

function blockLines(block: string, columns: number, paint: Paint): readonly string[] {
  if (block.startsWith('```')) {
    const code = block.split('\n').slice(1, -1);
    return code.map(line => paint('dim', line === '' ? '' : `    ${line}`));
  }
  const [, heading] = /^#+ (.*)$/.exec(block) ?? [];
  if (heading !== undefined) return [paint('bold', plain(heading).replaceAll('`', ''))];
  const lines = block.split('\n');
  if (block.startsWith('| ')) return tableLines(lines, columns, paint);
  if (/^[-*] /.test(block)) return listLines(block.split(/\n(?=[-*] )/), columns, paint);
  return wrap(plain(block), columns).map(line => ticks(line, paint));
}

/** What all items name first stands in a column of its own. */
function listLines(items: readonly string[], columns: number, paint: Paint): readonly string[] {
  const named = items.map(item => /^- `([^`]+)`: ([\s\S]*)$/.exec(item));
  if (named.some(one => !one)) return items.flatMap(item => itemLines(item, columns, paint));
  const rows = named.map(one => [one?.[1] ?? '', one?.[2] ?? ''] as const);
  const name = Math.max(...rows.map(([first]) => width(first))) + 2;
  return rows.flatMap(([first, text]) =>
    wrap(plain(text), Math.max(20, columns - name - 2)).map(
      (line, i) => `  ${i === 0 ? paint('bold', pad(first, name)) : ' '.repeat(name)}${ticks(line, paint)}`,
    ),
  );
}

function itemLines(item: string, columns: number, paint: Paint): readonly string[] {
  const lines = wrap(plain(item.slice(2)), columns - 2);
  return lines.map((line, i) => `${i === 0 ? '- ' : '  '}${ticks(line, paint)}`);
}

/** `name  string, default 3`, and its meaning below. */
function tableLines([head = '', , ...rows]: readonly string[], columns: number, paint: Paint): readonly string[] {
  const titles = cellsOf(head);
  return rows.flatMap(row => {
    const cells = cellsOf(row);
    const [name = '', ...middle] = cells.slice(0, -1);
    const facts = middle.flatMap((cell, i) => {
      if (cell === '') return [];
      return [titles[i + 1] === 'default' && !cell.startsWith('**') ? `default ${cell}` : cell];
    });
    const first = wrap(plain(facts.join(', ')), columns - 4);
    const named = paint('bold', name.replaceAll('`', ''));
    const beside = first.length <= 1 && name.length + (first[0]?.length ?? 0) + 4 <= columns;
    return [
      `  ${named}${beside && first[0] ? `  ${ticks(first[0], paint)}` : ''}`,
      ...(beside ? [] : first.map(line => `    ${ticks(line, paint)}`)),
      ...wrap(plain(cells.at(-1) ?? ''), columns - 6).map(line => `      ${ticks(line, paint)}`),
    ];
  });
}

const cellsOf = (row: string): readonly string[] =>
  row
    .replace(/^\| ?| ?\|$/g, '')
    .split(/ ?(?<!\\)\| ?/)
    .map(cell => cell.replaceAll('\\|', '|'));

/** Without what only Markdown needs; code keeps its backticks, which tell it from words. */
const plain = (text: string): string => text.replace(/\*\*([^*]+)\*\*/g, '$1').replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');

/** Where there is colour, it tells code instead of backticks; what is broken over two lines keeps them. */
const ticks = (line: string, paint: Paint): string =>
  paint === unpainted ? line : line.replace(/`([^`]+)`/g, (_, code: string) => paint('cyan', code));
