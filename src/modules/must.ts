import { Failure } from '../core/failure.ts';
import type { Host } from '../core/host.ts';

/** Runs a command that has to succeed. Throws Failure `command-failed` with its words and its status. */
export async function must(host: Host, argv: readonly string[]): Promise<void> {
  const out = await host.run(argv);
  if (out.code === 0) return;
  const why = out.stderr.trim() || `status ${out.code}`;
  throw new Failure('command-failed', `${argv[0]} on ${host.name}: ${why}`, {
    result: { cmd: [...argv], rc: out.code },
  });
}
