// The instants of a run at which a fault can strike, by names that are the same in every run of a scenario.
import type { StampedEvent, Where } from '../../../src/core/event.ts';

/** Modules that only look, and may wait for what they want to see. */
const WAITING = ['systemd_check', 'etcd_health', 'wait_for_learner', 'wait_for'];

/** Tells the phase that an event begins, if any; to be asked for each event of one run in order. */
export function phasesOf(): (event: StampedEvent) => string | undefined {
  const changing = new Set<string>();
  const seen = new Map<string, number>();
  const numbered = (name: string): string => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  };
  return event => {
    switch (event.type) {
      case 'run-started':
        return 'begun';
      case 'consent':
        return 'agreed';
      case 'task-started':
        return WAITING.includes(event.module) ? numbered(`looking: ${named(event)}`) : undefined;
      case 'changing':
        changing.add(JSON.stringify(event.where));
        return numbered(`changing: ${named(event.where)}`);
      case 'ended':
        return changing.has(JSON.stringify(event.where)) ? numbered(`changed: ${named(event.where)}`) : undefined;
      default:
        return undefined;
    }
  };
}

/** Without the names of nodes that a scenario finds out only when it runs. */
function named({ name, within }: Pick<Where, 'name' | 'within'>): string {
  return [...within, name].join(' / ');
}
