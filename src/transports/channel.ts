import { Failure } from '../core/failure.ts';
import type { Clock } from '../core/host.ts';
import type { Child } from './child.ts';
import { driver, type RecordsOf } from './driver.ts';

/** What the driver answers; the protocol is described in `driver.ts`. */
export type Reply =
  | { readonly state: 'done'; readonly code: number; readonly stdout: Buffer; readonly stderr: Buffer }
  | { readonly state: 'never' | 'vanished' | 'ended' };

/** The channel broke before the answer came. */
export class ChannelLost extends Error {}

/** No driver came up: how the process ended that should have carried it, or why the driver refused. */
export class NoDriver extends Error {
  readonly code: number | undefined;
  readonly stderr: string;
  constructor(why: string, code: number | undefined, stderr: string) {
    super(why);
    this.code = code;
    this.stderr = stderr;
  }
}

const HELLO_LIMIT_MS = 30_000;

/** One shell at the far end. It takes one request at a time; whoever holds the channel must wait for the answer. */
export class Channel {
  /** Names the place of the records: another one means that the host was booted, or the place removed, since. */
  readonly records: string;
  /** Other runs that have left records there, or are at it. */
  readonly others: readonly string[];
  readonly #child: Child;
  readonly #lines: AsyncIterator<Buffer>;
  readonly #over: AbortController;
  #usable = true;
  #asked = false;

  private constructor(
    child: Child,
    lines: AsyncIterator<Buffer>,
    over: AbortController,
    { records, others }: Pick<Channel, 'records' | 'others'>,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.#over = over;
    this.records = records;
    this.others = others;
    void child.ended.then(() => {
      this.#usable = false;
    });
  }

  /** Throws `NoDriver`. */
  static async open(
    start: (command: string) => Child,
    of: RecordsOf,
    graceMs: number,
    clock: Clock,
    signal?: AbortSignal,
  ): Promise<Channel> {
    const { command, text } = driver(of, graceMs);
    const child = start(command);
    child.stdin.write(text);
    const patience = new AbortController();
    const over = new AbortController();
    const giveUp = () => child.kill();
    signal?.addEventListener('abort', giveUp, { once: true });
    void clock.sleep(HELLO_LIMIT_MS, patience.signal).then(
      () => child.kill(),
      () => {},
    );
    try {
      const lines = linesOf(child, clock, over.signal);
      // A profile at the far end may print whatever it likes before the driver speaks.
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        const [mark, word, name = '', ...others] = line.value.toString().split(' ');
        if (mark !== 'quorate-channel') continue;
        if (word === 'ready') return new Channel(child, lines, over, { records: name, others });
        const { code, stderr } = await child.ended;
        if (word === 'lacks') throw new NoDriver(`it has no ${name}`, code, stderr);
        throw new NoDriver(`jobs cannot be recorded in ${name} there`, undefined, stderr);
      }
    } finally {
      patience.abort();
      signal?.removeEventListener('abort', giveUp);
    }
    const { code, stderr } = await child.ended;
    throw new NoDriver('its shell did not answer', code, stderr);
  }

  /** False once it broke. True does not promise that the next request gets through. */
  get usable(): boolean {
    return this.#usable;
  }

  /** Throws `ChannelLost`; `Failure` where a command printed too much to be taken. */
  async request(line: string, input?: Buffer): Promise<Reply> {
    this.#asked = true;
    const reply = await this.#answer(line, input);
    this.#asked = false;
    return reply;
  }

  async #answer(line: string, input?: Buffer): Promise<Reply> {
    this.#child.stdin.write(line + '\n');
    if (input !== undefined && input.length > 0) this.#child.stdin.write(input);
    const words = (await this.#line()).toString().split(' ');
    const [mark, , state, code] = words;
    if (mark !== '=') return this.#broken(`unexpected answer: ${words.join(' ').slice(0, 80)}`);
    switch (state) {
      case 'never':
      case 'vanished':
      case 'ended':
        return { state };
      case 'done': {
        const stdout = Buffer.from((await this.#line()).toString('latin1'), 'base64');
        const stderr = Buffer.from((await this.#line()).toString('latin1'), 'base64');
        return { state, code: Number(code), stdout, stderr };
      }
      default:
        return this.#broken(`unexpected answer: ${words.join(' ').slice(0, 80)}`);
    }
  }

  /** Gives it up, and whatever is asked of it. */
  abandon(): void {
    this.#usable = false;
    this.#child.kill();
  }

  /** True while an answer is waited for, and for good once one was lost. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Waits for the driver's end, at most `limitMs`. `forget`: it removes all records first, the unheard ones too. */
  async close(clock: Clock, limitMs: number, { forget }: { readonly forget: boolean }): Promise<void> {
    this.#usable = false;
    this.#child.stdin.end(forget ? 'bye\n' : '');
    const patience = new AbortController();
    const tooLong = clock.sleep(limitMs, patience.signal).catch(() => {});
    await Promise.race([this.#child.ended, tooLong]);
    patience.abort();
    this.#over.abort();
    this.#child.kill();
  }

  async #line(): Promise<Buffer> {
    const next = await this.#lines.next().catch((error: unknown) => {
      this.abandon();
      if (error instanceof TooLong) throw new Failure('command-failed', 'a command printed more than 96 MiB');
      throw error;
    });
    if (!next.done) return next.value;
    const { stderr } = await this.#child.ended;
    this.#usable = false;
    throw new ChannelLost(stderr.split('\n').at(-1) || 'the connection ended');
  }

  #broken(why: string): never {
    this.abandon();
    throw new ChannelLost(why);
  }
}

/** How long after the end of the process the last lines may still be on their way. */
const LAST_LINES_MS = 200;

/** About 96 MiB of output of a command, in base64. What prints more should print to a file. */
const LONGEST_LINE = 2 ** 27;

class TooLong extends Error {}

/** The lines of stdout, without their ends; an unfinished last one is dropped. Ends with the process. */
async function* linesOf(child: Child, clock: Clock, over: AbortSignal): AsyncGenerator<Buffer, void> {
  let parts: Buffer[] = [];
  let kept = 0;
  // Others may hold the pipe open after the shell has died; without the shell there will be no answer.
  void child.ended
    .then(() => clock.sleep(LAST_LINES_MS, over))
    .then(
      () => child.stdout.destroy(),
      () => {},
    );
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([...parts, chunk.subarray(from, end)]);
        parts = [];
        from = end + 1;
      }
      if (from < chunk.length) parts.push(chunk.subarray(from));
      kept = from === 0 ? kept + chunk.length : chunk.length - from;
      if (kept > LONGEST_LINE) throw new TooLong();
    }
  } catch (error) {
    // Destroyed before its end: the same as an end.
    if (error instanceof TooLong) throw error;
  }
}
