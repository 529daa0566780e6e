import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { renderDiagnostics } from '../../src/views/diagnostics.ts';

const source = { name: 'a.yml', text: 'one\r\n\ttwo: three\nfour\nfive\nsix\n  seven\n' };
const at = (start: number, end: number) => ({ source, start, end });
const plain = { colour: false };

function error(span: Diagnostic['span'], message = 'wrong'): Diagnostic {
  return { code: 'invalid-value', severity: 'error', message, ...(span ? { span } : {}) };
}

test('nothing found, nothing printed', () => expect(renderDiagnostics([], plain)).toBe(''));

test('a tab stays a tab below the line, and a carriage return is left out', () => {
  expect(renderDiagnostics([error(at(6, 9))], plain)).toBe(
    'error: wrong [invalid-value]\n  a.yml:2:2\n  2 │ \ttwo: three\n    │ \t~~~\n\n1 error\n',
  );
  expect(renderDiagnostics([error(at(0, 3))], plain)).toContain('  1 │ one\n    │ ~~~\n');
});

test('the middle of a long stretch is left out', () => {
  expect(renderDiagnostics([error(at(0, source.text.length - 1))], plain)).toContain(
    [
      '  1 │ one',
      '    │ ~~~',
      '  2 │ \ttwo: three',
      '    │ \t~~~~~~~~~~',
      '    ┊',
      '  6 │   seven',
      '    │   ~~~~~',
    ].join('\n'),
  );
});

test('an empty stretch, and one at the very end, get one mark', () => {
  expect(renderDiagnostics([error(at(0, 0))], plain)).toContain('  1 │ one\n    │ ~\n');
  expect(renderDiagnostics([error(at(source.text.length, source.text.length))], plain)).toContain('  7 │\n    │ ~\n');
});

test('line numbers are right-aligned, and findings stand in the order of their places', () => {
  const long = { name: 'b.yml', text: Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join('\n') };
  const end = { source: long, start: long.text.indexOf('line 9'), end: long.text.indexOf('line 11') };
  const text = renderDiagnostics([error(end, 'second'), error({ source: long, start: 0, end: 4 }, 'first')], plain);
  expect(text.indexOf('first')).toBeLessThan(text.indexOf('second'));
  expect(text).toContain('   9 │ line 9\n     │ ~~~~~~\n  10 │ line 10\n     │ ~~~~~~~\n');
  expect(text.endsWith('2 errors\n')).toBe(true);
});

test('colours frame the severity, the code, the place and the marks', () => {
  const found: Diagnostic = { ...error(at(0, 3)), severity: 'warning', hint: 'write two' };
  expect(renderDiagnostics([found], { colour: true })).toBe(
    [
      '\u001b[33mwarning\u001b[0m: wrong \u001b[2m[invalid-value]\u001b[0m',
      '  \u001b[1ma.yml:1:1\u001b[0m',
      '\u001b[2m  1 │\u001b[0m one',
      '\u001b[2m    │\u001b[0m \u001b[33m~~~\u001b[0m',
      '  \u001b[36mhint:\u001b[0m write two',
      '',
      '1 warning',
      '',
    ].join('\n'),
  );
});
