import type { Clock } from '../core/host.ts';
import { endedLines, type Look, liveLines } from './task-lines.ts';
import type { TaskState } from './task-state.ts';

/** What is drawn on. */
export interface Output {
  readonly columns: number;
  write(text: string): void;
}

/** Twelve frames a second, whatever happens in between: drawing on every event costs seconds with many hosts. */
const FRAME_MS = 80;
/** Lines that may be redrawn; more could scroll off the top of a small terminal, where they can't be taken back. */
const MOST_LIVE_LINES = 16;

type Entry = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'task'; readonly board: Board };

/** What listr2 holds of a task on a host; the renderer needs no more of it. */
export interface ListrRow {
  readonly output?: string | undefined;
}

/** One task on its hosts: its listr2 tasks, and what is known besides. */
export interface Board {
  readonly task: TaskState;
  rows: readonly ListrRow[];
  /** Set by the renderer when listr2 is done with all of them. */
  done: boolean;
}

/**
 * A terminal with lines that stay, in the order in which they were said, and below them what is going on, redrawn in place.
 * A task that has ended joins the lines that stay, so that a frame costs what is going on, not what has been.
 */
export class Screen {
  readonly #out: Output;
  readonly #clock: Clock;
  readonly #look: Omit<Look, 'columns'>;
  readonly #queue: Entry[] = [];
  readonly #footer: string;
  #busy = '';
  #drawn = 0;
  #frame = '';
  #still = false;
  #ticking: AbortController | undefined;

  constructor(out: Output, clock: Clock, look: Omit<Look, 'columns'>, footer: string) {
    this.#out = out;
    this.#clock = clock;
    this.#look = look;
    this.#footer = footer;
  }

  get look(): Look {
    // Some pseudo-terminals have no size.
    return { ...this.#look, columns: this.#out.columns || 80 };
  }

  /** Says something for good; ends with a newline. */
  say(text: string): void {
    this.#queue.push({ kind: 'text', text });
    this.#settle();
  }

  /** Shows what is going on where no task says so; empty: nothing. */
  busy(text: string): void {
    this.#busy = text;
    this.#settle();
  }

  add(board: Board): void {
    this.#queue.push({ kind: 'task', board });
    this.#settle();
  }

  /** A board is done: it becomes lines that stay. */
  done(board: Board): void {
    board.done = true;
    this.#settle();
  }

  /** Takes away what is redrawn, and leaves the terminal to others until `resume`. */
  pause(): void {
    this.#settle();
    this.#redraw([]);
    this.#still = true;
  }

  resume(): void {
    this.#still = false;
    this.#settle();
  }

  /** The last frame stays as it is. */
  close(): void {
    this.#busy = '';
    this.#settle();
    this.#stopTicking();
  }

  /** Writes what is known for good, and starts or stops the redrawing of what is not. */
  #settle(): void {
    let text = '';
    for (let entry = this.#queue[0]; entry !== undefined; entry = this.#queue[0]) {
      if (entry.kind === 'task' && !entry.board.done) break;
      text += entry.kind === 'text' ? entry.text : joined(endedLines(entry.board.task, this.look));
      this.#queue.shift();
    }
    if (text !== '') {
      this.#out.write(this.#erasing() + text);
      this.#drawn = 0;
      this.#frame = '';
    }
    if (this.#still) return;
    if (this.#queue.length === 0 && this.#busy === '') {
      this.#stopTicking();
      this.#redraw([]);
    } else if (this.#ticking === undefined) {
      this.#ticking = new AbortController();
      void this.#tick(this.#ticking.signal);
    }
  }

  async #tick(stop: AbortSignal): Promise<void> {
    try {
      while (!stop.aborted) {
        if (!this.#still) this.#redraw(this.#live());
        await this.#clock.sleep(FRAME_MS, stop);
      }
    } catch {
      // Stopped, or the terminal is gone; the next line that is to stay will tell.
    }
  }

  #stopTicking(): void {
    this.#ticking?.abort();
    this.#ticking = undefined;
  }

  #live(): string[] {
    const nowMs = this.#clock.now();
    const { look } = this;
    const lines = this.#queue.flatMap(entry =>
      entry.kind === 'text'
        ? []
        : liveLines(
            entry.board.task,
            entry.board.rows.map(row => row.output),
            nowMs,
            look,
          ),
    );
    if (this.#busy !== '') {
      const { spinner } = look.marks;
      lines.push(`  ${look.paint('cyan', spinner[Math.floor(nowMs / FRAME_MS) % spinner.length] ?? '')} ${this.#busy}`);
    }
    if (lines.length === 0) return [];
    const more = lines.length - MOST_LIVE_LINES;
    const shown =
      more > 0 ? [...lines.slice(0, MOST_LIVE_LINES), look.paint('dim', `    and ${more} more lines`)] : lines;
    return [...shown, look.paint('dim', `  ${this.#footer}`)];
  }

  #redraw(lines: readonly string[]): void {
    const frame = joined(lines);
    if (frame === this.#frame) return;
    this.#out.write(this.#erasing() + frame);
    this.#frame = frame;
    this.#drawn = lines.length;
  }

  #erasing(): string {
    return this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A\r\u001b[J`;
  }
}

function joined(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}
