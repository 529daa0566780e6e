import type { Plan, Play } from '../core/plan.ts';
import { Batch, batchesOf } from './batch.ts';
import { runHandlers } from './handlers.ts';
import { lanesOf } from './lane.ts';
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
    await runBatch(play, batch, i === batches.length - 1, session);
  }
}

async function runBatch(play: Play, hosts: readonly string[], isLast: boolean, session: Session): Promise<void> {
  session.emit({ type: 'play-started', play: play.id, name: play.name, hosts });
  const around = {
    batch: new Batch(play, hosts, isLast),
    within: [],
    conditions: [],
    rescued: false,
    cleaning: false,
    play,
    forks: play.forks ?? session.deps.options.forks,
  };
  const faults = await walk(play.tasks, lanesOf(play, hosts, session), around, session);
  const through = hosts.filter(host => !faults.has(host));
  const late = session.halted(false) ? [] : await runHandlers(through, around, session, runTask);
  for (const [host, fault] of [...faults, ...late]) session.lost.set(host, fault);
}
