import { readFileSync } from 'node:fs';

/** The name of a run that no other test has, or has left something of: the number of a process comes again. */
export const runName = (kind: string): string => `test-${kind}-${process.pid}-${Date.now().toString(36)}`;

/** True until it has ended; a zombie has, though nobody has waited for it yet. `pid`: as a file or an answer has it. */
export function isAlive(pid: string): boolean {
  try {
    return /\) [^ZX] /.test(readFileSync(`/proc/${pid.trim()}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
