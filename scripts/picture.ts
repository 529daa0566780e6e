// Turns what a terminal shows into a picture: `tmux capture-pane -e -p | node scripts/picture.ts > docs/run.svg`.
// Hand-written because the text comes from tmux, which has already interpreted all but colours: what is left to read is SGR.
import { text } from 'node:stream/consumers';

interface Style {
  readonly colour: string;
  readonly bold: boolean;
  readonly dim: boolean;
}

const plain: Style = { colour: '#d4d4d4', bold: false, dim: false };
const colours = ['#7f848e', '#f07178', '#8fce7e', '#e5c07b', '#6cb6ff', '#c792ea', '#5fd3d3', '#d4d4d4'];
const CELL = { width: 8.4, height: 18 };
const MARGIN = 16;

function restyled(style: Style, codes: readonly number[]): Style {
  let now = style;
  for (const code of codes) {
    if (code === 0) now = plain;
    else if (code === 1) now = { ...now, bold: true };
    else if (code === 2) now = { ...now, dim: true };
    else if (code === 22) now = { ...now, bold: false, dim: false };
    else if (code === 39) now = { ...now, colour: plain.colour };
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97))
      now = { ...now, colour: colours[code % 10] ?? plain.colour };
  }
  return now;
}

const escaped = (s: string) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One line as `tspan`s, each placed by its column so that a font's own widths don't matter. */
function spansOf(line: string, start: Style): { svg: string; end: Style } {
  let style = start;
  let column = 0;
  let svg = '';
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    const sgr = /^\S?\[([\d;]*)m$/.exec(part);
    if (sgr) style = restyled(style, (sgr[1] || '0').split(';').map(Number));
    else if (part !== '') {
      const weight = style.bold ? ' font-weight="bold"' : '';
      const opacity = style.dim ? ' opacity="0.6"' : '';
      const x = MARGIN + column * CELL.width;
      svg += `<tspan x="${x.toFixed(1)}" fill="${style.colour}"${weight}${opacity}>${escaped(part)}</tspan>`;
      column += [...part].length;
    }
  }
  return { svg, end: style };
}

const lines = (await text(process.stdin))
  .replace(/\s+$/, '')
  .replace(/\x1b\[[\d;]*[A-LN-Za-ln-z]/g, '')
  .split('\n');
const columns = Math.max(...lines.map(line => [...line.replace(/\S?\[[\d;]*m/g, '')].length));
const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
const height = lines.length * CELL.height + 2 * MARGIN;
let style = plain;
const rows = lines.map((line, row) => {
  const { svg, end } = spansOf(line, style);
  style = end;
  return `<text y="${MARGIN + (row + 1) * CELL.height - 5}" xml:space="preserve">${svg}</text>`;
});
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<rect width="100%" height="100%" rx="8" fill="#1e2127"/>
${rows.join('\n')}
</svg>
`);
