import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { Scope } from '../../../src/core/template.ts';
import { Unknown } from '../../../src/core/value.ts';
import { lookupPaths } from '../../../src/playbook/expression/lookup-paths.ts';
import { compileExpression } from '../../../src/playbook/expression/template.ts';
import { compiled, marked, scopeOf } from '../../support/expression.ts';

const scope: Scope = {
  ...scopeOf({ name: 'HOME', a: 1, b: null, later: new Unknown('the result of 6.2') }),
  machine: {
    env: name => (name === 'HOME' ? '/root' : undefined),
    text: paths => (paths.includes('files/key.pub') ? '  ssh-ed25519 AAAA\n\n' : undefined),
  },
};

const rendered = (text: string) => compiled(compileExpression, text).render(scope);

test.each([
  ["lookup('env', 'HOME')", '/root'],
  ["lookup('env', name)", '/root'],
  ["lookup('ansible.builtin.env', 'HOME')", '/root'],
  ["lookup('env', 'X', default='y')", 'y'],
  ["lookup('env', 'X') | default('y')", 'y'],
  ["lookup('env', 'X') is defined", false],
  ["lookup('file', 'key.pub')", '  ssh-ed25519 AAAA'],
  ["lookup('file', 'key.pub', rstrip=false, lstrip=true)", 'ssh-ed25519 AAAA\n\n'],
  ["lookup('file', 'gone', default=none)", null],
  ["lookup('vars', 'a') + 1", 2],
  ["lookup('vars', 'b')", null],
  ["lookup('vars', 'na' ~ 'me')", 'HOME'],
  ["lookup('vars', 'zz', default=7)", 7],
  ["query('env', 'HOME', 'X', default='')", ['/root', '']],
  ["q('vars', 'a', 'b')", [1, null]],
  ["query('vars')", []],
])('%s', (text, wanted) => expect(rendered(text)).toEqual(wanted));

test('without a machine there is nothing to find', () => {
  expect(compiled(compileExpression, "lookup('env', 'HOME') is defined").render(scopeOf({}))).toBe(false);
});

test.each(["lookup('env', later)", "lookup(later, 'x')", "lookup('vars', 'later')"])('%s is not known', text => {
  expect(rendered(text)).toBeInstanceOf(Unknown);
});

describe('what fails says where', () => {
  test.each([
    ["«lookup('env', 'X')» ~ ''", 'the environment has no X'],
    ["«lookup('file', 'gone')» ~ ''", 'there is no file gone on this machine'],
    ["«lookup('vars', name)» ~ ''", '`HOME` is not defined'],
    ["«lookup('env')» ~ ''", '`lookup` takes one name'],
    ["«lookup('env', 'HOME', 'X', default='')»", '`lookup` takes one name'],
    ["«lookup(name, 'x')»", 'there is no lookup `HOME`'],
    ["«lookup('env', a)»", '`env` looks up a name, not an integer'],
    ["«query('env', 'HOME', 'X')»", 'the environment has no X'],
  ])('%s', (withMark, message) => {
    const text = withMark.replace(/[«»]/g, '');
    try {
      rendered(text);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      expect(error.message).toContain(message);
      expect(marked(text, error.span)).toBe(withMark);
    }
  });
});

test('a file lies beside the file that names it', () => {
  expect(lookupPaths('/etc/a', 'site.yml')).toEqual(['/etc/a']);
  expect(lookupPaths('a', 'site.yml')).toEqual(['files/a', 'a']);
  expect(lookupPaths('a', 'x/templates/t.j2')).toEqual(['x/files/a', 'x/a', 'x/templates/files/a', 'x/templates/a']);
});
