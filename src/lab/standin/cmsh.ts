// The entry point of the practice cluster's `cmsh`. A process of its own: it may use `process`.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { NOT_CONNECTED, type Output, runBatch } from './batch.ts';
import { execute } from './execute.ts';
import { runInteractive } from './interactive.ts';
import { CMSH_USAGE, type Invocation, parseInvocation } from './invocation.ts';
import { openSession, type Session } from './session.ts';
import { NO_STATE, type State } from './state.ts';
import { openStore } from './store.ts';
import { parseCommands } from './tokens.ts';

const output: Output = {
  out: line => void process.stdout.write(`${line}\n`),
  err: line => void process.stderr.write(`${line}\n`),
};

process.exitCode = await main(process.argv.slice(2)).catch((error: NodeJS.ErrnoException) => {
  // What the system refused: a file that is not there, a disk that is full.
  if (error.syscall === undefined) throw error;
  output.err(`cmsh: ${error.message}`);
  return 1;
});

async function main(argv: readonly string[]): Promise<number> {
  const invocation = parseInvocation(argv);
  if (typeof invocation === 'string') {
    output.out(invocation);
    return 1;
  }
  if (invocation.help) {
    output.out(CMSH_USAGE);
    return 0;
  }
  const interactive = invocation.source === undefined && process.stdin.isTTY === true;
  const session = await connect(invocation, interactive);
  if (!invocation.noRc) await runRcFiles(session);
  if (interactive) {
    await runInteractive(session, invocation, process.stdin, process.stdout);
    return 0;
  }
  const { source } = invocation;
  const fromInput = source === undefined;
  const text = fromInput
    ? await readAll(process.stdin)
    : 'text' in source
      ? source.text
      : await readFile(source.file, 'utf8');
  return runBatch(session, parseCommands(text), { ...invocation, echo: invocation.echo || fromInput }, output);
}

async function connect(invocation: Invocation, interactive: boolean): Promise<Session> {
  const store = openStore(join(invocation.spool, 'state.json'));
  const here = invocation.host === undefined || /^(localhost|127\.0\.0\.1|master)(:\d+)?$/.test(invocation.host);
  const state: State | undefined = await store.load().catch(() => undefined);
  const connected = here && state !== undefined && !state.faults.notConnected && !invocation.noConnect;
  if (!connected && !invocation.noConnect) output.out(NOT_CONNECTED.text);
  const without = { ...store, load: async () => state ?? NO_STATE };
  return openSession(connected ? store : without, state ?? NO_STATE, { interactive, connected });
}

async function runRcFiles(session: Session): Promise<void> {
  for (const path of ['/etc/cmshrc', join(homedir(), '.cmshrc')]) {
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const command of parseCommands(text)) {
      const answer = await execute(session, command);
      if (answer.text !== '') output.out(answer.text);
    }
  }
}
