import type { ListrRenderer } from 'listr2';
import type { Board, ListrRow, Screen } from './screen.ts';

interface Options {
  readonly screen: Screen;
  readonly board: Board;
}

/**
 * The renderer that listr2 runs: listr2 holds the states and outputs of its tasks, and says when they begin and when all
 * of them have ended; the screen draws them when a frame is due. listr2's own renderer redraws all tasks at every event:
 * 8 s of CPU time for a hundred tasks, and no end for a thousand.
 */
export class ScreenRenderer implements ListrRenderer {
  /** listr2 is not to choose another one by looking at the process's own stdout. */
  static readonly nonTTY = true;
  static rendererOptions: Options;
  static rendererTaskOptions: Record<never, never>;
  readonly #rows: readonly ListrRow[];
  readonly #options: Options;

  constructor(rows: readonly ListrRow[], options: Options) {
    this.#rows = rows;
    this.#options = options;
  }

  render(): void {
    const { screen, board } = this.#options;
    board.rows = this.#rows;
    screen.add(board);
  }

  end(): void {
    this.#options.screen.done(this.#options.board);
  }
}
