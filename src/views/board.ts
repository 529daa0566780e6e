import { Listr, type ListrTask } from 'listr2';
import type { Where } from '../core/event.ts';
import { ScreenRenderer } from './renderer.ts';
import type { Board, Screen } from './screen.ts';
import { type Ended, newRow, type RowState, type TaskState, type Wait } from './task-state.ts';

interface Slot {
  readonly row: RowState;
  readonly finished: PromiseWithResolvers<void>;
  /** Set once listr2 has begun the task; until then its output is kept. */
  task: { output: string } | undefined;
  output: string;
}

/** A task of the run, as listr2 tasks: one a host, each waiting for the event that ends it. */
export class TaskBoard {
  readonly #slots = new Map<string, Slot>();
  readonly #state: TaskState & { readonly rows: RowState[] };
  /** Resolves when listr2 is done with it, and so the renderer. */
  readonly run: Promise<unknown>;

  constructor(screen: Screen, title: string, depth: number, alone: boolean, hosts: readonly string[], nowMs: number) {
    const rows = hosts.map(host => newRow(host, nowMs));
    this.#state = { title, depth, alone, rows };
    const board: Board = { task: this.#state, rows: [], done: false };
    const tasks = rows.map(row => this.#listrTask(row));
    this.run = new Listr<undefined, typeof ScreenRenderer>(tasks, {
      renderer: ScreenRenderer,
      rendererOptions: { screen, board },
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
    }).run();
  }

  has(host: string): boolean {
    return this.#slots.has(host);
  }

  get ended(): boolean {
    return this.#state.rows.every(row => row.ended);
  }

  row(host: string): RowState | undefined {
    return this.#slots.get(host)?.row;
  }

  waits(host: string, text: string, wait: Wait): void {
    const slot = this.#slots.get(host);
    if (!slot) return;
    slot.row.wait = wait;
    slot.output = text;
    if (slot.task) slot.task.output = text;
  }

  end({ host, on, item }: Where, ended: Ended): void {
    const slot = this.#slots.get(host);
    if (!slot) return;
    slot.row.on = on;
    if (item !== undefined) {
      slot.row.rounds.push(ended);
      return;
    }
    slot.row.ended = ended;
    slot.finished.resolve();
  }

  /** For what no event has ended by the end of the run. */
  stop(nowMs: number): void {
    for (const { row, finished } of this.#slots.values()) {
      row.ended ??= { status: 'stopped', durationMs: nowMs - row.startedMs, changes: [] };
      finished.resolve();
    }
  }

  #listrTask(row: RowState): ListrTask<undefined, typeof ScreenRenderer> {
    const slot: Slot = { row, finished: Promise.withResolvers<void>(), task: undefined, output: '' };
    this.#slots.set(row.host, slot);
    return {
      title: row.host,
      task: async (_, task) => {
        slot.task = task;
        task.output = slot.output;
        await slot.finished.promise;
        const { ended } = row;
        if (ended?.status === 'skipped') task.skip();
        if (ended?.status === 'failed' || ended?.status === 'unreachable') throw new Error(ended.error?.message);
      },
    };
  }
}
