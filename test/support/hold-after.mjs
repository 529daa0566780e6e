// Loaded into quorate by `node --import` on the practice cluster's head node: holds it as soon as it has printed that the task with a
// name that starts with QUORATE_HOLD_AFTER has ended, until the file QUORATE_LET_GO is there. What is done to the cluster meanwhile is
// done between that task and the next, however slow the machine is. quorate itself knows nothing of it.
import fs from 'node:fs';

const task = process.env.QUORATE_HOLD_AFTER;
const letGo = process.env.QUORATE_LET_GO;
// Not for what quorate starts: cmsh is a program of Node's here, too.
delete process.env.NODE_OPTIONS;

if (task && letGo && process.argv[1]?.endsWith('/quorate.js')) {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = (text, ...rest) => {
    const went = write(text, ...rest);
    // Not by SIGSTOP: what started it would stop with it.
    if (String(text).split('\n').some(isTheEnd)) while (!fs.existsSync(letGo)) sleep(50);
    return went;
  };
}

function isTheEnd(line) {
  const event = line.startsWith('{') ? JSON.parse(line) : {};
  return event.type === 'ended' && event.where.name.startsWith(task);
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
