import { describe, expect, test } from 'vitest';
import { type Plan, type Step, tasksOf } from '../../src/core/plan.ts';
import { readPlaybook } from '../../src/playbook/read-playbook.ts';
import { noInputs, type ResolveOptions, resolve } from '../../src/playbook/resolve.ts';
import { filesOf, inventory, modules, validators } from '../support/playbook-world.ts';

const none = { inventory, inputs: noInputs, limit: [], selection: { tags: [], skip: [] } };

async function planOf(files: Readonly<Record<string, string>>, options: Partial<ResolveOptions> = {}): Promise<Plan> {
  const read = await readPlaybook('a.yml', { readFile: filesOf(files), modules, validators });
  expect(read.diagnostics).toEqual([]);
  if (!read.value) throw new Error('no playbook');
  const { value, diagnostics } = resolve(read.value, { ...none, ...options });
  expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
  if (!value) throw new Error('no plan');
  return value;
}

function idsOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(step => {
    if (step.kind === 'task' || step.kind === 'flush' || step.kind === 'end') return [step.id];
    if (step.kind === 'include') return [step.id, ...idsOf(step.body)];
    return [step.id, ...idsOf(step.body), ...idsOf(step.rescue), ...idsOf(step.always)];
  });
}

const given = (values: ResolveOptions['inputs']['values']): Partial<ResolveOptions> => ({
  inputs: { source: { name: '-e', text: '' }, values },
});

const nested = {
  'a.yml': `
- hosts: etcd
  tags: play
  tasks:
    - run: a
    - block:
        - run: b
          tags: inner
        - include_tasks: b.yml
          tags: [file]
      rescue: [{ run: c }]
      always: [{ run: d, tags: always }]
      tags: outer
    - import_tasks: b.yml
- hosts: headnode
  tasks:
    - run: e
      tags: never
    - run: f
`,
  'b.yml': '- run: x\n- block:\n    - run: y\n',
};

describe('steps', () => {
  test('have ids that say where they stand', async () => {
    const { plays } = await planOf(nested);
    expect(plays.map(play => idsOf(play.tasks).join(' '))).toEqual([
      'p0.t0 p0.t1 p0.t1.b0 p0.t1.b1 p0.t1.b1.i0 p0.t1.b1.i1 p0.t1.b1.i1.b0 p0.t1.r0 p0.t1.a0 p0.t2 p0.t2.i0 p0.t2.i1 p0.t2.i1.b0',
      'p1.t1',
    ]);
  });

  test('inherit tags', async () => {
    const { plays } = await planOf(nested);
    const tags = [...tasksOf(plays[0]?.tasks ?? [])].map(task => task.tags.join(','));
    expect(tags).toEqual([
      'play',
      'play,outer,inner',
      'play,outer,file',
      'play,outer,file',
      'play,outer',
      'play,outer,always',
      'play',
      'play',
    ]);
  });

  const selections: readonly (readonly [string, string, string])[] = [
    ['inner', '', 'p0.t1.b0 p0.t1.a0'],
    ['file', '', 'p0.t1.b1.i0 p0.t1.b1.i1.b0 p0.t1.a0'],
    ['inner', 'always', 'p0.t1.b0'],
    ['never', '', 'p0.t1.a0 p1.t0'],
    ['untagged', '', 'p0.t1.a0 p1.t1'],
    ['', 'outer', 'p0.t0 p0.t2.i0 p0.t2.i1.b0 p1.t1'],
    ['', 'tagged', 'p1.t1'],
    ['all', 'play', 'p1.t1'],
    ['tagged', 'file', 'p0.t0 p0.t1.b0 p0.t1.r0 p0.t1.a0 p0.t2.i0 p0.t2.i1.b0'],
  ];
  test.each(selections)('--tags "%s" --skip-tags "%s" leaves %s', async (tags, skip, ids) => {
    const selection = { tags: tags.split(',').filter(Boolean), skip: skip.split(',').filter(Boolean) };
    const { plays } = await planOf(nested, { selection });
    expect(plays.flatMap(play => [...tasksOf(play.tasks)].map(task => task.id)).join(' ')).toBe(ids);
  });
});

describe('plays', () => {
  const sections = `
- hosts: etcd
  order: reverse_inventory
  serial: [1, "50%", "{{ 3 - 1 }}"]
  max_fail_percentage: 30
  pre_tasks: [{ run: a, tags: first }]
  tasks: [{ run: b, notify: h }]
  post_tasks: [{ run: c }]
  handlers: [{ name: h, run: d }]
- hosts: headnode
  any_errors_fatal: true
  tasks: [{ run: e, tags: last }]
`;

  test('take their sections in order, and the handlers that one wakes before the next', async () => {
    const { plays } = await planOf({ 'a.yml': sections });
    expect(plays.map(play => idsOf(play.tasks).join(' '))).toEqual(['p0.b0 p0.f0 p0.t0 p0.f1 p0.a0', 'p1.t0']);
    expect(plays[0]?.handlers.map(({ id }) => id)).toEqual(['p0.h0']);
    expect([...tasksOf(plays[0]?.tasks ?? [])].map(({ notify }) => notify)).toEqual([[], ['p0.h0'], []]);
    const selection = { tags: ['last'], skip: [] };
    expect((await planOf({ 'a.yml': sections }, { selection })).plays.map(({ id }) => id)).toEqual(['p1']);
  });

  test('say how their hosts go through them', async () => {
    const { plays } = await planOf({ 'a.yml': sections });
    expect(plays[0]?.hosts).toEqual(inventory.groups.get('etcd')?.toReversed());
    expect(plays[0]).toMatchObject({ serial: [{ hosts: 1 }, { percent: 50 }, { hosts: 2 }], maxFailPercentage: 30 });
    expect(plays[1]).toMatchObject({ anyErrorsFatal: true });
    expect(plays[1]).not.toHaveProperty('serial');
  });

  const text = `
- name: "Look at {{ where }}"
  hosts: "{{ where }}"
  forks: "{{ nodes | length }}"
  expect_hosts: "{{ nodes | length }}"
  params:
    nodes: { type: array, items: { type: string } }
    where: { type: array, items: { type: string }, default: "{{ nodes }}" }
    token: { type: string, secret: true, default: null }
    wipe: { type: boolean, default: false }
  tasks:
    - show: { msg: "{{ [wipe, token] }}" }
`;

  test('have hosts in the order of the inventory, typed params, and forks', async () => {
    const { plays } = await planOf({ 'a.yml': text }, given({ nodes: 'node003,node001', wipe: 'yes', token: 'x' }));
    expect(plays[0]).toMatchObject({
      id: 'p0',
      name: "Look at ['node003', 'node001']",
      hosts: ['node001', 'node003'],
      params: { nodes: ['node003', 'node001'], where: ['node003', 'node001'], token: 'x', wipe: true },
      secretParams: ['token'],
      forks: 2,
    });
  });

  test('take values of files by their type', async () => {
    const { plays } = await planOf({ 'a.yml': text }, given({ nodes: ['node001'], wipe: false, token: null }));
    expect(plays[0]?.params).toEqual({ nodes: ['node001'], where: ['node001'], token: null, wipe: false });
  });

  test('--limit leaves plays and hosts out', async () => {
    const { plays } = await planOf(nested, { limit: ['node002:node003'] });
    expect(plays.map(play => play.hosts)).toEqual([['node002', 'node003']]);
  });
});

test('the parameters of a task render to what was written', async () => {
  const { plays } = await planOf({
    'a.yml': `
- hosts: headnode
  tasks:
    - ansible.builtin.member:
        name: "n{{ 1 + 1 }}"
        tries: "{{ 2 }}"
        wait: false
        nodes: [{ name: "{{ inventory_hostname }}", port: 1 }]
    - check: { that: [1 == 1, "2 == 1"] }
    - run: "echo {{ 1 }}"
`,
  });
  const scope = { get: (name: string) => (name === 'inventory_hostname' ? 'headnode' : undefined) };
  const rendered = [...tasksOf(plays[0]?.tasks ?? [])].map(task => task.args.render(scope));
  expect(rendered).toEqual([
    { name: 'n2', tries: 2, wait: false, nodes: [{ name: 'headnode', port: 1 }] },
    { that: [true, false] },
    { cmd: 'echo 1' },
  ]);
});
