import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Node } from '../../src/playbook/document.ts';
import { readInventory } from '../../src/playbook/inventory/inventory.ts';
import { readPlaybook } from '../../src/playbook/read-playbook.ts';
import { noInputs, resolve } from '../../src/playbook/resolve.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';
import { renderDiagnostics } from '../../src/views/diagnostics.ts';
import { filesOf, inventory, modules, validators } from '../support/playbook-world.ts';

const sound = `- name: "Play {{ count }}"
  hosts: etcd:!node001
  expect_hosts: 2
  params:
    count: { type: integer, default: 3 }
    nodes: &nodes { type: array, items: { type: string }, default: [a, b] }
  vars:
    folded: >-
      a {{ count }}
      b
  tasks:
    - member: { name: "{{ item }}", tries: 3, wait: no }
      loop: "{{ nodes }}"
      register: seen
      until: seen.started and not seen.failed
      retries: 2
    - block:
        - run: 'it''s {{ folded | upper }}'
          when: ['seen.results[0].started', count > 1]
      rescue:
        - include_tasks: { file: b.yml, vars: { a: "{{ count }}" } }
      always:
        - check: { that: "seen is defined" }
`;
const included = '- set_fact: { x: "{{ a + 1 }}" }\n- show: { msg: "{{ x }}" }\n';

async function everything(text: string, other: string): Promise<string> {
  const read = await readPlaybook('a.yml', {
    readFile: filesOf({ 'a.yml': text, 'b.yml': other }),
    modules,
    validators,
  });
  const plan =
    read.value && resolve(read.value, { inventory, inputs: noInputs, limit: [], selection: { tags: [], skip: [] } });
  const hosts = readInventory({ name: 'hosts.yml', text }, validators.inventory);
  const ini = readInventory({ name: 'hosts.ini', text }, validators.inventory);
  const found = [...read.diagnostics, ...(plan?.diagnostics ?? []), ...hosts.diagnostics, ...ini.diagnostics];
  for (const { span } of found) {
    if (span) expect(span.start <= span.end && span.end <= span.source.text.length).toBe(true);
  }
  return renderDiagnostics(found, { colour: true });
}

describe('no text makes it throw', { timeout: 60_000 }, () => {
  test('the sound one is sound', async () => expect(await everything(sound, included)).toContain('boolean-string'));

  test('arbitrary text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary-ascii', maxLength: 200 }), text =>
        everything(text, text).then(() => true),
      ),
    );
  });

  const piece = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '"',
      "'",
      ':',
      ' ',
      '\n',
      '\t',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '|',
      '>',
      '&a ',
      '*nodes',
      '<<: *nodes\n',
      '!x ',
      '#',
    ],
    ...[
      'yes',
      'null',
      '0',
      '-1',
      '1e9',
      '.nan',
      '__proto__: 1\n',
      'constructor',
      'item',
      'groups',
      'seen.',
      ' | ',
      ' is ',
      '\u{1f600}',
      '\r\n',
    ],
  );

  test('mutations of a sound playbook', async () => {
    const edit = fc.tuple(fc.nat(sound.length), fc.nat(8), piece);
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async edits => {
        let text = sound;
        for (const [at, gone, put] of edits) text = text.slice(0, at) + put + text.slice(at + gone);
        await everything(text, included.replace('a', edits[0]?.[2] ?? ''));
      }),
      { numRuns: 200 },
    );
  });

  test('lines of an INI inventory', () => {
    const word = fc.constantFrom(
      ...[
        '[etcd]',
        '[etcd:vars]',
        '[etcd:children]',
        '[',
        ']',
        'node[001:003]',
        'node[a:z:0]',
        'a:22',
        '::1',
        '=',
        '#',
        ';',
      ],
      ...[
        '"',
        "'",
        '\\',
        '(',
        ')',
        '{',
        '}',
        ',',
        '1e',
        '0x',
        '-',
        "'a'",
        'None',
        'ansible_host=',
        'x=',
        '{{',
        '}}',
        '$ANSIBLE_VAULT;',
      ],
    );
    const line = fc.array(word, { maxLength: 8 }).map(words => words.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), lines => {
        const source = { name: 'hosts.ini', text: lines.join('\n') };
        for (const { span } of readInventory(source, validators.inventory).diagnostics) {
          if (span) expect(span.start <= span.end && span.end <= source.text.length).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('arbitrary values where playbooks are expected', async () => {
    const key = fc.constantFrom(
      ...[
        'hosts',
        'tasks',
        'params',
        'vars',
        'when',
        'loop',
        'block',
        'rescue',
        'include_tasks',
        'file',
        'member',
        'run',
        'check',
      ],
      ...[
        'that',
        'name',
        'register',
        'set_fact',
        'loop_control',
        'default',
        'type',
        'items',
        'all',
        'children',
        'tags',
        '__proto__',
      ],
    );
    const { tree } = fc.letrec(tie => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, 1, 'a', '{{ a }}', '{{ seen.x', 'a == 1', 'b.yml', 'string', 'etcd'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { maxLength: 3 }), tree, async (plays, other) => {
        await everything(JSON.stringify(plays), JSON.stringify([other]));
      }),
      { numRuns: 200 },
    );
  });
});

test('aliases that multiply are stopped', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i += 1)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  const { diagnostics } = parseYaml({ name: 'a.yml', text: lines.join('\n') });
  expect(diagnostics.map(d => d.message)).toContain('the file stands for more than 100000 values');
});

describe('places', { timeout: 60_000 }, () => {
  const styles: readonly (readonly [string, (text: string) => string])[] = [
    ['plain', text => `a: ${text}\n`],
    ['single', text => `a: '${text.replaceAll("'", "''")}'\n`],
    ['double', text => `a: ${JSON.stringify(text)}\n`],
    ['literal', text => `a:\n  - |-\n    ${text.replaceAll('\n', '\n    ')}\n`],
  ];
  const words = fc.array(fc.stringMatching(/^[a-z'"\\]{1,6}$/), { minLength: 2, maxLength: 8 });

  test.each(styles)('of every word in a %s scalar are where it is written', (style, write) => {
    fc.assert(
      fc.property(words, fc.boolean(), (given, broken) => {
        const list = style === 'plain' ? given.map(w => `x${w.replace(/["'\\]/g, '')}`) : given.map(w => `x${w}`);
        const text = list.join(broken && style === 'literal' ? '\n' : ' ');
        const source = { name: 'a.yml', text: write(text) };
        const scalar = firstScalar(parseYaml(source).value);
        if (scalar?.value !== text) throw new Error(`not the scalar: ${source.text}`);
        let at = 0;
        for (const word of list) {
          const { start, end } = scalar.locate(at, at + word.length);
          const found = source.text.slice(start, end);
          const written =
            style === 'single'
              ? word.replaceAll("'", "''")
              : style === 'double'
                ? JSON.stringify(word).slice(1, -1)
                : word;
          expect(written.startsWith(found) && found.length >= word.length).toBe(true);
          expect(source.text[start]).toBe('x');
          at += word.length + 1;
        }
      }),
    );
  });
});

function firstScalar(node: Node | undefined): (Node & { kind: 'scalar' }) | undefined {
  if (node?.kind === 'scalar') return node;
  return firstScalar(node?.kind === 'list' ? node.items[0] : node?.entries[0]?.value);
}
