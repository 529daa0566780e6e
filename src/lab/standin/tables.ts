// The two tables that cmsh prints. Blanks at the end of a line are left out.

export interface TableStyle {
  /** Print the header and the line of dashes. */
  readonly headers: boolean;
  /** Cut cells of lists at this width, whatever the column asks; 0 is off. */
  readonly cellWidth: number;
}

export interface Column {
  readonly header: string;
  /** The width in characters; 0 is as wide as its longest cell. */
  readonly width: number;
}

/** `Parameter  Value`, as in the article's `show`. */
export function parameterTable(rows: readonly (readonly [string, string])[], style: TableStyle): string {
  return columns([32, 48], ['Parameter', 'Value'], rows, style.headers);
}

/** A row an object; a cell wider than its column ends in `+`. */
export function listTable(header: readonly Column[], rows: readonly (readonly string[])[], style: TableStyle): string {
  const widths = header.map(({ header: label, width }, index) => {
    if (style.cellWidth > 0) return style.cellWidth;
    return width > 0 ? width : Math.max(label.length, ...rows.map(row => row[index]?.length ?? 0));
  });
  const cut = (row: readonly string[]): string[] =>
    row.map((cell, index) => {
      const width = widths[index] ?? 0;
      return cell.length > width ? `${cell.slice(0, Math.max(width - 1, 0))}+` : cell;
    });
  return columns(widths, cut(header.map(column => column.header)), rows.map(cut), style.headers);
}

/** Cells divided by `delimiter`, without headers; `{}` gives JSON keyed by the headers. */
export function delimitedList(
  header: readonly Column[],
  rows: readonly (readonly string[])[],
  delimiter: string,
): string {
  if (delimiter !== '{}') return rows.map(row => row.join(delimiter)).join('\n');
  const objects = rows.map(row => Object.fromEntries(header.map((column, index) => [column.header, row[index] ?? ''])));
  return JSON.stringify(objects, null, 2);
}

/** cmsh's answer to a commit of something invalid. */
export function problemTable(problems: readonly { field: string; message: string }[]): string {
  const rows = problems.map(problem => ['1', problem.field, problem.message]);
  return columns([5, 24, 48], ['Code', 'Field', 'Message'], rows, true);
}

function columns(
  widths: readonly number[],
  header: readonly string[],
  rows: readonly (readonly string[])[],
  headers: boolean,
): string {
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(' ')
      .trimEnd();
  const dashes = widths.map(width => '-'.repeat(width));
  return (headers ? [header, dashes, ...rows] : rows).map(line).join('\n');
}
