import { expect, test } from 'vitest';
import { renderMarkdown } from '../../src/views/markdown.ts';
import { painter } from '../../src/views/paint.ts';

const page = `## \`cp\` (module)

Copies a file, **never** a folder, as [the page](page.md) of \`rsync_dir\` says.

- one item that is long enough to be wrapped
- two

| name | type | default | meaning |
| --- | --- | --- | --- |
| \`src\` | string | **required** | What is copied; a \\| b. |
| \`mode\` | one of fast, slow, whatever | \`"slow"\` | How. |
| \`x\` | string |  |  |

- \`first\`: What it is, in some words more
- \`third one\`: Short

\`\`\`yaml
- cp:

    src: this is code and so it is not wrapped, ever
\`\`\`
`;

test('a page in a narrow terminal without colour', () => {
  expect(renderMarkdown(page, 36)).toBe(`cp (module)

Copies a file, never a folder, as
the page of \`rsync_dir\` says.

- one item that is long enough to be
  wrapped
- two

  src  string, required
      What is copied; a | b.
  mode
    one of fast, slow, whatever,
    default \`"slow"\`
      How.
  x  string

  first      What it is, in some
             words more
  third one  Short

    - cp:

        src: this is code and so it is not wrapped, ever
`);
});

test('with colour, code is told by it instead of backticks', () => {
  const text = renderMarkdown('## A\n\nSee `b` now.', 40, painter(true));
  expect(text).toBe('\u001b[1mA\u001b[0m\n\nSee \u001b[36mb\u001b[0m now.\n');
});
