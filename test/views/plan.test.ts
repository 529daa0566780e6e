import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/event.ts';
import type { Risk, Verdict } from '../../src/core/guard.ts';
import type { SimulationReport } from '../../src/core/simulation.ts';
import { byHandLines } from '../../src/views/by-hand.ts';
import { handTasksOf, planView } from '../../src/views/plan.ts';
import { renderPlan } from '../../src/views/plan-text.ts';
import { single, stamped, standing, where } from '../support/run-events.ts';

const access = {};
const promote: Risk = { kind: 'membership', change: 'promote', member: { name: 'node002' }, access };
const restart: Risk = { kind: 'service', effect: 'restart', hosts: ['node001', 'node002'], together: true, access };

const judged = (name: string, verdict: Verdict): RunEvent => ({ type: 'judged', where: where(name), verdict });
const rest = { durationMs: 5, result: {} };
const add = { host: 'node001', command: 'etcdctl member promote 2f', until: 'it is promoted' };

const events: readonly RunEvent[] = [
  { type: 'run-started', run: 'r', playbook: 'p.yml', check: true, inputs: { node: 'node002' }, hosts: ['headnode'] },
  { type: 'membership', moment: 'before', view: single },
  { type: 'ended', where: where('look'), status: 'ok', changes: [], ...rest },
  { type: 'ended', where: where('not needed'), status: 'skipped', changes: [], ...rest },
  judged('promote', {
    kind: 'safe',
    risk: promote,
    reason: 'no voter may fail afterwards',
    before: standing(1, 1, 1),
    after: standing(2),
  }),
  {
    type: 'ended',
    where: where('promote'),
    status: 'changed',
    changes: [{ what: 'node002', before: 'learner', after: 'voter' }],
    byHand: [add],
    ...rest,
  },
  judged('start', {
    kind: 'interrupts',
    risk: restart,
    reason: 'both restart',
    before: standing(2),
    after: standing(2, 0),
  }),
  { type: 'ended', where: where('start', { item: 'node003' }), status: 'changed', changes: [{ what: 'x' }], ...rest },
  { type: 'ended', where: where('start'), status: 'changed', changes: [{ what: 'x' }], ...rest },
  { type: 'run-ended', outcome: 'done', durationMs: 9, totals: {}, next: [] },
];

function reportOf(told: readonly RunEvent[]) {
  const view = planView();
  for (const event of stamped(told)) view.event(event);
  return view.report();
}

test('a report holds every step, a loop by its items, and what the changes cost', () => {
  const report = reportOf(events);
  expect(report.steps.map(step => [step.where.name, step.where.item, step.status])).toEqual([
    ['look', undefined, 'ok'],
    ['not needed', undefined, 'skipped'],
    ['promote', undefined, 'changed'],
    ['start', 'node003', 'changed'],
  ]);
  expect(report.steps[2]?.verdicts[0]?.noReturn).toContain('node002 counts towards the quorum');
  expect(report.yes).toEqual({ course: true, allow: [] });
});

test('people see the steps, the membership after each, points of no return and the yes', () => {
  const text = renderPlan(reportOf(events));
  expect(text).toContain('would change  promote, headnode\n                node002: learner → voter\n');
  expect(text).toContain('then 2 voters, 0 learners; quorum 2; fault tolerance 0');
  expect(text).toContain('No way back from\n  promote, headnode: from then on node002');
  expect(text).toContain('1 step not needed');
  expect(text).toContain('2 steps would change something; run asks for one yes to the course');
});

test('an interruption is told with its time, and a restart that stops no voter with none', () => {
  const at = (after: Verdict['after'], kind: Verdict['kind']) => {
    const verdict = { kind, risk: restart, reason: '', before: standing(3), ...(after ? { after } : {}) };
    const told: RunEvent[] = [
      judged('start', verdict),
      { type: 'ended', where: where('start'), status: 'changed', changes: [], ...rest },
    ];
    return reportOf(told).steps[0]?.verdicts[0]?.interruption;
  };
  expect(at(standing(3, 0), 'interrupts')).toMatch(/same moment: 1\.4 to 6\.6 s/);
  expect(at(standing(3, 2), 'safe')).toMatch(/at most 0\.2 s/);
  expect(at(standing(3, 1), 'refused')).toBe('for good');
  expect(at(standing(3), 'safe')).toBeUndefined();
});

test('as commands: the way from host to host, what to wait for, and what nobody knows a command for', () => {
  expect(byHandLines(handTasksOf(reportOf(events)), 'headnode')).toEqual([
    '# promote',
    '[root@headnode ~]# ssh node001',
    '[root@node001 ~]# etcdctl member promote 2f',
    '#   again until it is promoted',
    '# start (node003)',
    '#   no command for it is known: m on headnode',
  ]);
});

test('a refusal is told with what it would take', () => {
  const refused: Verdict = { kind: 'refused', risk: promote, reason: 'a voter is down', allowName: 'voter-down' };
  const report = reportOf([
    judged('promote', refused),
    { type: 'ended', where: where('promote'), status: 'changed', changes: [{ what: 'x' }], ...rest },
    {
      type: 'run-ended',
      outcome: 'refused',
      durationMs: 1,
      totals: {},
      next: [],
      error: { code: 'guard-refused', message: 'promote: a voter is down' },
    },
  ]);
  expect(report.yes.allow).toEqual(['voter-down']);
  expect(renderPlan(report)).toContain('it would take: --allow voter-down');
});

test('what comes of a run that is killed, in a line where all is well, and each way in which it is not', () => {
  const told = (simulation: SimulationReport) => {
    const text = renderPlan({ ...reportOf(events), simulation });
    return text.slice(text.indexOf('Killed anywhere')).trimEnd().split('\n');
  };
  const well: SimulationReport = {
    boundaries: 118,
    states: 41,
    asks: [],
    failed: 0,
    findings: [],
    anew: [],
    untold: 0,
    untoldAnew: 0,
    durationMs: 1,
  };
  expect(told(well)).toEqual([
    'Killed anywhere',
    'killed at 118 boundaries (41 different states), each time resumed to the same end',
    'begun anew instead of resumed: the same end each time',
  ]);
  const add = where('6.2 Add node002');
  expect(
    told({
      ...well,
      chains: { seed: 7, kills: 200, runs: 20, states: 90, longest: 15 },
      untold: 1,
      failed: 2,
      asks: [
        { moment: 'announced', where: where('set up') },
        { moment: 'made', where: where('set up') },
      ],
      findings: [
        {
          kind: 'twice',
          message: 'it would do twice: add',
          hint: 'look first',
          times: 2,
          killed: [[{ moment: 'made', where: add }], [{ moment: 'ended', where: add }, { moment: 'begun' }]],
        },
      ],
      anew: [
        {
          kind: 'stops',
          outcome: 'failed',
          message: 'look: no',
          times: 1,
          killed: [[{ moment: 'in part', where: add }]],
        },
      ],
    }),
  ).toEqual([
    'Killed anywhere',
    'killed at 118 boundaries (41 different states), 2 resumes ended otherwise',
    'killed 200 times at random in 20 runs, up to 15 times a run, the resumes too (seed 7, 90 different states)',
    '2 resumes would ask whether this was done: “set up” on headnode',
    'of 1 resume only the hosts can tell the end',
    '  resumed, killed when “6.2 Add node002” on headnode was made and its end not written (and 1 time more): it would do',
    '    twice: add',
    '  → look first',
    '  begun anew instead of resumed, killed when “6.2 Add node002” on headnode was committed and BCM had not acted on it:',
    '    it would end as failed: look: no',
  ]);
});
