// One scenario of a soak, with a fault or without, and what must be so after it. Throws with what is wrong.
import { type Course, combine, textOf, undisturbed } from '../faults/combination.ts';
import { checkGoal } from '../faults/judge.ts';
import { kinds } from '../faults/kinds.ts';
import { peakMb, scenarioOf } from '../faults/prepared.ts';
import type { Drawn } from './draw.ts';
import type { Measured } from './flat.ts';
import { type History, wrongJournals } from './journals.ts';
import { addedAtRest, type Counts, countsOf, type Tallies } from './tally.ts';

export interface Played extends Measured {
  readonly what: string;
  /** Absent where none struck. */
  readonly fault?: string;
  readonly left: Counts;
  /** How often the playbook was run; a resume is none. */
  readonly runs: number;
}

/** What ends is gone by then: a connection, the processes at its other end. */
const REST_MS = 20_000;
/** An end of a connection whose other end was cut off or crashed stays until sshd's own keepalive finds out. */
const HALF_OPEN = /^node\d+: (process (sshd|sh|head)|socket of ssh)$/;
const LEAVE_HALF_OPEN = ['cut', 'head-cut', 'head-off'];

export const whatOf = ({ playbook, combination }: Drawn): string => (combination ? textOf(combination) : playbook);

/** `before` is what was there on the hosts before any scenario; a scenario without a fault adds to `courses`. */
export async function play(
  drawn: Drawn,
  { lab, recent }: History,
  before: Tallies,
  courses: Record<string, Course>,
): Promise<Played> {
  const { playbook, combination } = drawn;
  const end = combination ? (await combine(lab, combination)).end : 'goal';
  if (!combination) courses[playbook] = await undisturbed(lab, playbook);
  // It went its way, and nobody looked yet where to.
  if (end === 'not struck') await checkGoal(lab, { playbook, scenario: scenarioOf(playbook) });
  const fault = end === 'not struck' ? undefined : combination?.fault;
  const runs = ['ran again', 'refused'].includes(end) ? 2 : 1;
  const mayStay = (thing: string) => fault !== undefined && leaves(fault, thing);
  // A lock that stays is one of what is left on hosts, and judged there.
  const wrong = wrongJournals(await recent(), playbook, runs).filter(one => !one.endsWith(' has lock'));
  if (wrong.length > 0) throw new Error(`its journals are wrong: ${wrong.join('; ')}`);
  const left = await addedAtRest(lab, before, mayStay, REST_MS);
  const wrongly = left.filter(thing => !mayStay(thing));
  if (wrongly.length > 0) throw new Error(`left on hosts: ${wrongly.join('; ')}`);
  return {
    what: whatOf(drawn),
    playbook,
    ...(fault === undefined ? {} : { fault }),
    end,
    runs,
    left: countsOf(left),
    peakMb: await peakMb(lab),
  };
}

/** Whether a fault keeps a run from removing it. */
function leaves(fault: string, thing: string): boolean {
  if (LEAVE_HALF_OPEN.includes(fault) && HALF_OPEN.test(thing)) return true;
  return kinds[fault]?.leaves?.test(thing.replace(/: (file|folder) /, ': ')) === true;
}
