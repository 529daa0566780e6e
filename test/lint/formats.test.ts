import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { asGithub } from '../../src/lint/formats/github.ts';
import { asJson } from '../../src/lint/formats/json.ts';
import { asJunit } from '../../src/lint/formats/junit.ts';
import { asSarif } from '../../src/lint/formats/sarif.ts';
import type { Judged, LintReport } from '../../src/lint/judged.ts';
import { judged } from '../support/lint-world.ts';
import { type Element, readXml } from '../support/xml.ts';

const texts = {
  'plays/a b.yml': [
    '- hosts: headnode',
    '  tasks:',
    '    - membr: { name: a }',
    '    - member: { name: a, wait: no } # quorate-ignore boolean-string: "why" & <so>',
    '    - member: { name: a, wait: yes }',
    '    - member: { name: b }',
    '      show: { msg: hi }',
    '    - show: { msg: "50% \\x01 {{ nothing }}" }',
    '',
  ].join('\n'),
  'sound.yml': '- hosts: headnode\n  tasks:\n    - show: { msg: hi }\n',
};

const known = (all: readonly Judged[]): readonly Judged[] =>
  all.map(one => (one.finding.message.includes('`yes`') ? { ...one, suppressed: { kind: 'baseline' } } : one));

const odd: Judged = {
  finding: {
    code: 'file-not-found',
    severity: 'error',
    message: 'a: 1,\r\n50%\u0001\ud800 <]]> "x" \u{1f600}',
    hint: 'b\ttab',
  },
};

const report: LintReport = {
  version: '1.2.3',
  files: Object.keys(texts),
  passedOver: ['docker-compose.yml'],
  judged: [...known(await judged(texts)), odd],
};
const empty: LintReport = { version: '1.2.3', files: ['sound.yml'], passedOver: [], judged: [] };

test('the report has every kind of finding', () => {
  const kinds = report.judged.map(({ finding, suppressed }) => suppressed?.kind ?? finding.severity);
  expect(new Set(kinds)).toEqual(new Set(['error', 'ignored', 'baseline']));
  expect(report.judged.some(({ finding }) => finding.related)).toBe(true);
  expect(report.judged.some(({ finding }) => finding.fix)).toBe(true);
});

describe('json', async () => {
  const schema = JSON.parse(await readFile('schemas/lint.schema.json', 'utf8'));
  const validate = new Ajv2020({ allErrors: true, strictRequired: false, keywords: ['markdownDescription'] }).compile(
    schema,
  );

  test.each([
    ['full', report],
    ['empty', empty],
  ] as const)('is as the published schema says: %s', (_what, given) => {
    validate(JSON.parse(asJson(given)));
    expect(validate.errors).toBeNull();
  });

  test('the schema refuses what is not said in it', () => {
    expect(validate({ ...JSON.parse(asJson(empty)), more: 1 })).toBe(false);
    expect(validate({ version: 1 })).toBe(false);
  });

  test('one finding, whole', () => {
    expect(JSON.parse(asJson(report)).findings[0]).toEqual({
      code: 'unknown-module',
      severity: 'error',
      message: 'there is no module `membr`',
      file: 'plays/a b.yml',
      line: 3,
      column: 7,
      end_line: 3,
      end_column: 12,
      hint: 'did you mean `member`?',
      fix: { replacement: 'member', file: 'plays/a b.yml', line: 3, column: 7, end_line: 3, end_column: 12 },
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test('its summary', () => {
    const summary = {
      files: Object.keys(texts),
      passed_over: ['docker-compose.yml'],
      errors: 4,
      warnings: 0,
      ignored: 1,
      baselined: 1,
    };
    expect(JSON.parse(asJson(report)).summary).toEqual(summary);
  });
});

describe('sarif', async () => {
  // Draft 04, which differs from 07 in nothing that this schema uses but the name of `$id`.
  const { id, $schema, ...schema } = JSON.parse(await readFile('test/lint/published/sarif-2.1.0-rtm.5.json', 'utf8'));
  expect($schema).toContain('draft-04');
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  ajv.addFormat('uri', text => URL.canParse(text));
  ajv.addFormat('uri-reference', text => URL.canParse(text, 'file:///a/') && !/[\s"<>\\^`{|}]/.test(text));
  ajv.addFormat('date-time', true);
  const validate = ajv.compile(schema);

  test.each([
    ['full', report],
    ['empty', empty],
  ] as const)('is as its published schema says: %s', (_what, given) => {
    validate(JSON.parse(asSarif(given)));
    expect(validate.errors).toBeNull();
  });

  test('that schema refuses a result without a message, and a uri with a space', () => {
    const log = JSON.parse(asSarif(report));
    const [run] = log.runs;
    const { message: _, ...mute } = run.results[0];
    expect(validate({ ...log, runs: [{ ...run, results: [mute] }] })).toBe(false);
    const locations = [{ physicalLocation: { artifactLocation: { uri: 'a b.yml' } } }];
    expect(validate({ ...log, runs: [{ ...run, results: [{ message: { text: 'a' }, locations }] }] })).toBe(false);
  });

  test('results name their rules, places, suppressions and fixes', () => {
    const [{ results, tool }] = JSON.parse(asSarif(report)).runs;
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    const [first] = results;
    expect(first.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'plays/a%20b.yml' },
      region: { startLine: 3, startColumn: 7, endLine: 3, endColumn: 12 },
    });
    expect(first.fixes[0].artifactChanges[0].replacements[0].insertedContent.text).toBe('member');
    expect(results.map((one: { suppressions: unknown[] }) => one.suppressions)).toEqual(
      expect.arrayContaining([
        [],
        [{ kind: 'inSource', justification: '"why" & <so>' }],
        [{ kind: 'external', justification: 'in the baseline' }],
      ]),
    );
  });
});

describe('junit', () => {
  const root = readXml(asJunit(report));
  const children = ({ children }: Element) => children.filter(child => typeof child !== 'string');
  const suites = children(root);
  const count = (of: Element, name: string): number =>
    children(of).reduce((sum, child) => sum + (child.name === name ? 1 : 0) + count(child, name), 0);

  // What Jenkins' junit-10.xsd asks: names of elements, their order of nesting, and the attributes that must be there.
  test('elements and attributes are those of the format', () => {
    expect([root.name, ...suites.map(suite => suite.name)]).toEqual([
      'testsuites',
      'testsuite',
      'testsuite',
      'testsuite',
    ]);
    for (const suite of suites) {
      expect(Object.keys(suite.attributes)).toEqual(['name', 'tests', 'failures', 'errors', 'skipped']);
      for (const one of children(suite)) {
        expect(one.name).toBe('testcase');
        expect(Object.keys(one.attributes)).toEqual(['name', 'classname']);
        expect(['failure', 'skipped', 'system-out', undefined]).toContain(children(one)[0]?.name);
      }
    }
  });

  test('what it counts is there', () => {
    for (const of of [root, ...suites]) {
      expect(of.attributes.tests).toBe(String(count(of, 'testcase')));
      expect(of.attributes.failures).toBe(String(count(of, 'failure')));
    }
    expect(suites.map(({ attributes: { name, tests } }) => [name, tests])).toEqual([
      ['plays/a b.yml', '5'],
      ['sound.yml', '1'],
      ['quorate', '1'],
    ]);
  });

  test('texts come back as they were, but for what XML cannot hold', () => {
    const failure = children(children(suites[2] ?? root)[0] ?? root)[0];
    expect(failure?.attributes.message).toBe('a: 1,\r\n50%\ufffd\ufffd <]]> "x" \u{1f600}');
    expect(failure?.children.join('')).toContain('hint: b\ttab');
    const skipped = [...asJunit(report).matchAll(/<skipped message="([^"]*)"/g)].map(([, message]) => message);
    expect(skipped).toEqual(['ignored: &quot;why&quot; &amp; &lt;so&gt;', 'in the baseline']);
  });
});

test('github: what stands for something in a workflow command is escaped', () => {
  const lines = asGithub(report).trimEnd().split('\n');
  expect(lines[0]).toBe(
    '::error file=plays/a b.yml,line=3,col=7,endLine=3,endColumn=12,title=quorate unknown-module::there is no module `membr`%0Adid you mean `member`?',
  );
  expect(lines).toContain(
    '::error title=quorate file-not-found::a: 1,%0D%0A50%25\u0001\ud800 <]]> "x" \u{1f600}%0Ab\ttab',
  );
  expect(lines.at(-1)).toBe('2 files checked: 4 errors, 0 warnings, 1 ignored, 1 in the baseline, 1 file passed over');
  expect(lines).toHaveLength(5);
  const name = 'a,b:c.yml';
  const span = { source: { name, text: '' }, start: 0, end: 0 };
  const one: Judged = { finding: { code: 'empty-playbook', severity: 'warning', message: 'x', span } };
  expect(asGithub({ ...empty, judged: [one] })).toMatch(/^::warning file=a%2Cb%3Ac\.yml,line=1,/);
});
