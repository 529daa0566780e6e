import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/event.ts';
import { faultsIn, knownTypes } from '../support/journal-lines.ts';
import { goodRun, stamped, stoppedRun, where } from '../support/run-events.ts';

test('runs as views are shown them are as the schema says', () => {
  for (const run of [goodRun, stoppedRun]) expect(faultsIn(stamped(run.map(plainStart)))).toEqual([]);
});

test('each type of event is known; a field too many, one too few and a wrong one are faults', () => {
  expect(knownTypes).toHaveLength(19);
  const [good] = stamped([{ type: 'decided', where: where('t'), decision: 'done', how: 'typed' }]);
  expect(faultsIn([good])).toEqual([]);
  for (const wrong of [
    { ...good, more: 1 },
    { ...good, how: 'guessed' },
    { ...good, where: { ...where('t'), item: 3 } },
    { ...good, sequence: undefined },
    { ...good, type: 'rumour' },
    { journal: 2, run: 'r1' },
  ]) {
    expect(faultsIn([wrong]), JSON.stringify(wrong)).toHaveLength(1);
  }
});

/** Test runs are made with more in this one than there is. */
function plainStart(event: RunEvent): RunEvent {
  if (event.type !== 'task-started') return event;
  const { type, task, name, module, within, hosts } = event;
  return { type, task, name, module, within, hosts };
}
