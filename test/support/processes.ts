import { readFileSync } from 'node:fs';

/** True until it has ended; a zombie has, though nobody has waited for it yet. `pid`: as a file or an answer has it. */
export function isAlive(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid.trim()}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
