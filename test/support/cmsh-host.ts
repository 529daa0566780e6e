import type { Risk } from '../../src/core/guard.ts';
import type { Host, Out, RunOptions } from '../../src/core/host.ts';
import { NOT_CONNECTED, type Output, runBatch } from '../../src/lab/standin/batch.ts';
import { parseInvocation } from '../../src/lab/standin/invocation.ts';
import { openSession } from '../../src/lab/standin/session.ts';
import type { Store } from '../../src/lab/standin/store.ts';
import { parseCommands } from '../../src/lab/standin/tokens.ts';
import type { ModuleCase } from '../../src/testing/module-case.ts';
import { scriptedHost } from '../../src/testing/scripted-host.ts';

/** A head node whose `cmsh` is the practice cluster's, run in this process on `store`; it answers nothing else. */
export function cmshHost(store: Store, assumed: readonly Risk[] = []): { host: Host; scripts: string[] } {
  const scene: ModuleCase = { name: 'cmsh', params: {}, hosts: { headnode: {} }, assumed, expect: {} };
  const scripts: string[] = [];
  const execute = async (argv: readonly string[], options: RunOptions): Promise<Out> => {
    if (argv[0] === 'test') return { code: 1, stdout: '', stderr: '', durationMs: 1 };
    scripts.push(options.input ?? '');
    return runCmsh(store, argv.slice(1), options.input ?? '');
  };
  const { host } = scriptedHost(scene);
  return {
    host: { ...host, read: command => execute(command.argv, command), run: (argv, o = {}) => execute(argv, o) },
    scripts,
  };
}

/** What the practice cluster's `cmsh` with these words and this script does to `store`, and answers. */
export async function runCmsh(store: Store, words: readonly string[], script: string): Promise<Out> {
  const invocation = parseInvocation(words);
  if (typeof invocation === 'string') throw new Error(invocation);
  const lines: { out: string[]; err: string[] } = { out: [], err: [] };
  const output: Output = { out: line => void lines.out.push(line), err: line => void lines.err.push(line) };
  const state = await store.load();
  const connected = !state.faults.notConnected;
  if (!connected) output.out(NOT_CONNECTED.text);
  const session = openSession(store, state, { interactive: false, connected });
  const code = await runBatch(session, parseCommands(script), invocation, output);
  const text = (of: readonly string[]): string => of.map(line => `${line}\n`).join('');
  return { code, stdout: text(lines.out), stderr: text(lines.err), durationMs: 1 };
}
