import { isDeepStrictEqual } from 'node:util';
import type { RunEvent, StampedEvent, View } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { Clock } from '../core/host.ts';
import type { Derived } from '../core/template.ts';
import type { Json } from '../core/value.ts';
import { Mask } from './mask.ts';

/** The one exit of a run's events. */
export interface Exit {
  /** Throws Failure `journal-failed` when the journal first fails, and from then on for each intent to change something. */
  emit(event: RunEvent): void;
  /** From now on this is masked in all events. */
  hide(secret: Json): void;
  /** What was made of a value: where that is hidden, this is too from now on. */
  readonly derived: Derived;
  /** The same value with what is hidden masked. */
  masked<T>(value: T): T;
  /** After the last event. Never throws. */
  close(): Promise<void>;
}

/**
 * Numbers, times and masks events and hands them to the journal, then to the views. A view that throws is left out from
 * then on; without a journal that works, nothing further is changed. `last` is the number of the last event of earlier
 * processes of the run.
 */
export function openExit(clock: Clock, journal: View | undefined, views: readonly View[], last = 0): Exit {
  const mask = new Mask();
  const living = new Set(views);
  let journalFailure: Failure | undefined;
  let sequence = last;

  const show = (event: StampedEvent) => {
    const failed: string[] = [];
    for (const view of [...living]) {
      try {
        view.event(event);
      } catch (error) {
        living.delete(view);
        failed.push(messageOf(error));
      }
    }
    for (const why of failed) warn(`a view of the run failed and is left out: ${why}`);
  };

  const warn = (message: string) => {
    try {
      send({ type: 'warning', message });
    } catch {
      // The journal failed just now: the views have seen the warning, and the next change is stopped by `journalFailure`.
    }
  };

  const send = (event: RunEvent) => {
    sequence += 1;
    const stamped: StampedEvent = { ...withoutSecrets(event, mask), sequence, atMs: clock.now() };
    let failure: Failure | undefined;
    if (journal && !journalFailure) {
      try {
        journal.event(withoutTexts(stamped));
      } catch (error) {
        failure = new Failure('journal-failed', `the journal could not be written: ${messageOf(error)}`, {
          hint: 'make room on its file system or set QUORATE_STATE_DIR to another one, then run the playbook again',
          cause: error,
        });
        journalFailure = failure;
      }
    } else if (event.type === 'changing') failure = journalFailure;
    // What will not be done is not shown as being done.
    if (failure && event.type === 'changing') throw failure;
    show(stamped);
    if (failure) throw failure;
  };

  return {
    emit: send,
    hide: secret => mask.add(secret),
    derived: (from, to) => mask.derive(from, to),
    masked: value => mask.apply(value),
    close: async () => {
      const closing = [...(journal ? [journal] : []), ...views].map(async view => await view.close?.());
      await Promise.allSettled(closing);
    },
  };
}

/** The event masked; a result that is no longer what it was says so, because a resume cannot go on with it. */
function withoutSecrets(event: RunEvent, mask: Mask): RunEvent {
  const masked = mask.apply(event);
  if (event.type !== 'ended' || masked.type !== 'ended' || masked === event) return masked;
  const whole = isDeepStrictEqual([event.result, event.facts], [masked.result, masked.facts]);
  return whole ? masked : { ...masked, withheld: true };
}

/** What `--diff` shows is for the eye: a file may hold secrets that nobody told of. */
function withoutTexts(event: StampedEvent): StampedEvent {
  if (!('changes' in event)) return event;
  return { ...event, changes: event.changes.map(({ texts: _, ...change }) => change) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
