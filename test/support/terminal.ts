import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './lab.ts';

/** The end of what was printed, where a prompt of bash or cmsh waits for a line. */
const PROMPT = /^\[[^\n]*\][%#] $/;
const ANSWER_MS = 30_000;

/** A login shell on a host of a lab, in a terminal of its own, typed at by a test. */
export class Terminal {
  readonly #child: ChildProcess;
  #printed = '';
  #wake = (): void => undefined;

  constructor(lab: string, host: string) {
    // A dumb and wide terminal: nobody moves the cursor about, or scrolls a line sideways.
    const shell = 'stty columns 300; exec bash --login';
    const command = ['env', 'TERM=dumb', 'script', '--quiet', '--flush', '--command', shell, '/dev/null'];
    this.#child = spawn(join(projectRoot, 'bin/quorate'), ['lab', 'exec', '--name', lab, host, '--', ...command], {
      cwd: projectRoot,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout?.on('data', chunk => {
      this.#printed += String(chunk).replaceAll('\r', '');
      this.#wake();
    });
  }

  /** Types a line and waits for the next prompt. Resolves to what appeared up to it: the echo, the answer, the prompt. */
  async type(line: string): Promise<string[]> {
    await this.waitFor(text => PROMPT.test(lastLine(text)), 'a prompt');
    const prompt = lastLine(this.#printed);
    this.#printed = '';
    this.#child.stdin?.write(`${line}\n`);
    await this.waitFor(text => text.includes('\n') && PROMPT.test(lastLine(text)), `a prompt after ${line}`);
    const lines = `${prompt}${this.#printed}`.split('\n');
    // An event that came right after the answer stands below its prompt, with the prompt once more.
    return lines.slice(0, lines.findIndex((text, i) => i > 0 && PROMPT.test(text)) + 1);
  }

  /** Types a line, as the answer to a question; what was printed before it counts no more. */
  answer(line: string): void {
    this.#printed = '';
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Waits until `enough` of what was printed since the last line was typed; resolves to all of that. */
  async waitFor(enough: (printed: string) => boolean, what: string, timeoutMs = ANSWER_MS): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    while (!enough(this.#printed)) {
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}; there is:\n${this.#printed}`);
      await new Promise<void>(resolve => {
        this.#wake = resolve;
        setTimeout(resolve, 200);
      });
    }
    return this.#printed;
  }

  close(): void {
    this.#child.stdin?.end();
    this.#child.kill();
  }
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}
