import type { Plan, Play } from '../core/plan.ts';
import { Batch, batchesOf } from './batch.ts';
import { catchable, type Fault, type Faults } from './fault.ts';
import { runHandlers } from './handlers.ts';
import { type Around, type Lane, lanesOf } from './lane.ts';
import { inParallel } from './pool.ts';
import type { Session } from './session.ts';
import { runTask } from './task.ts';
import { walk } from './walk.ts';

/** Runs the plays one after the other. A host that failed, or could not be reached, takes no part in later plays. */
export async function runPlays(plan: Plan, session: Session): Promise<void> {
  for (const play of plan.plays) {
    if (session.halted(false)) return;
    const hosts = play.hosts.filter(host => !session.lost.has(host));
    if (hosts.length > 0) await runPlay(play, hosts, session);
    else session.emit({ type: 'warning', message: `the play ${play.name} is left out: none of its hosts is left` });
  }
}

async function runPlay(play: Play, hosts: readonly string[], session: Session): Promise<void> {
  const batches = batchesOf(play, hosts);
  for (const [i, batch] of batches.entries()) {
    if (session.halted(false)) return;
    const over = await runBatch(play, batch, i === batches.length - 1, session);
    if (over) return;
  }
}

/** At the end of a batch. With `force_handlers` also where a task failed, even if the run ends because too many did. */
async function lastHandlers(
  hosts: readonly string[],
  faults: Faults,
  around: Around,
  session: Session,
): Promise<Faults> {
  const forced = around.play.forceHandlers === true;
  const halted = session.halted(false);
  if (halted && !(forced && halted.failure.code === 'too-many-failed')) return new Map();
  const isThrough = (fault: Fault | undefined) => fault === undefined || (forced && catchable(fault));
  const through = hosts.filter(host => isThrough(faults.get(host)));
  return await runHandlers(through, { ...around, cleaning: halted !== undefined }, session, runTask);
}

/** All hosts together, or with another strategy each by itself. In check mode one after the other, so that its course is always the same. */
async function walkPlay(lanes: readonly Lane[], around: Around, session: Session): Promise<Faults> {
  const { play, forks } = around;
  if (!play.free) return await walk(play.tasks, lanes, around, session);
  const faults: Faults = new Map();
  await inParallel(lanes, session.check ? 1 : forks, async lane => {
    for (const [host, fault] of await walk(play.tasks, [lane], around, session)) faults.set(host, fault);
  });
  return faults;
}

/** Gives whether the play as a whole is over. */
async function runBatch(play: Play, hosts: readonly string[], isLast: boolean, session: Session): Promise<boolean> {
  session.emit({ type: 'play-started', play: play.id, name: play.name, hosts });
  const around = {
    batch: new Batch(play, hosts, isLast),
    within: [],
    conditions: play.when ?? [],
    rescued: false,
    cleaning: false,
    play,
    forks: play.forks ?? session.deps.options.forks,
  };
  const faults = await walkPlay(lanesOf(play, hosts, session), around, session);
  const late = await lastHandlers(hosts, faults, around, session);
  for (const [host, fault] of [...late, ...faults]) session.lost.set(host, fault);
  return around.batch.isPlayOver;
}
