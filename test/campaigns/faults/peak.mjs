// Loaded into quorate by `node --import` on the practice cluster's head node: notes at its end how much memory it took at most.
// A process that is killed notes nothing. quorate itself knows nothing of it.
import { appendFileSync, readFileSync } from 'node:fs';

// Not for what quorate starts: cmsh is a program of Node's here, too.
delete process.env.NODE_OPTIONS;

if (process.argv[1]?.endsWith('/quorate.js'))
  process.on('exit', () => {
    try {
      // Not getrusage: what it tells began with the peak of the process that started this one.
      const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
      appendFileSync('/root/peak', `${kb}\n`);
    } catch {
      // The disk is full; the next process notes its own.
    }
  });
