// Loaded into quorate by `node --import` on the practice cluster's head node: kills it with SIGKILL at a boundary of its
// journal that QUORATE_KILL_COVERED does not name yet, or at any, and notes it there. quorate itself knows nothing of it.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const covered = process.env.QUORATE_KILL_COVERED;
const skip = Number(process.env.QUORATE_KILL_SKIP ?? '0');
const anywhere = process.env.QUORATE_KILL_ANYWHERE === 'yes';
const torn = process.env.QUORATE_KILL_TORN === 'yes';
// Not for what quorate starts: cmsh is a program of Node's here, too.
delete process.env.NODE_OPTIONS;

if (covered !== undefined && process.argv[1]?.endsWith('/quorate.js')) {
  const text = fs.existsSync(covered) ? fs.readFileSync(covered, 'utf8') : '';
  const known = new Set(text.split('\n'));
  const journals = new Set();
  const { openSync, writeSync } = fs;
  let left = skip;

  fs.openSync = (path, ...rest) => {
    const file = openSync(path, ...rest);
    if (String(path).endsWith('/journal.jsonl')) journals.add(file);
    return file;
  };
  fs.writeSync = (file, data, ...rest) => {
    const key = journals.has(file) ? boundaryOf(String(data)) : undefined;
    if (key === undefined || (known.has(key) && !anywhere) || left-- > 0) return writeSync(file, data, ...rest);
    if (!known.has(key)) fs.appendFileSync(covered, `${key}\n`);
    writeSync(file, torn ? data.subarray(0, data.length / 2) : data, ...rest);
    process.kill(process.pid, 'SIGKILL');
    // The signal is there before anything else is.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
  syncBuiltinESMExports();
}

/** What a line of the journal is, less what differs from run to run; undefined where nothing hangs on it. */
function boundaryOf(line) {
  const event = JSON.parse(line);
  if (['progress', 'rehearsing', 'recalled'].includes(event.type)) return undefined;
  const { task, host, within, item } = event.where ?? event;
  return JSON.stringify([event.type ?? 'header', event.moment, event.task ?? event.step ?? task, host, within, item]);
}
