// Judges inputs, one after the other, in a thread of its own that can be ended where it hangs.
import { parentPort } from 'node:worker_threads';
import { here } from './here.ts';
import { judge } from './judge.ts';

/** The processor's time, for a machine that is busy takes longer. */
function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

parentPort?.on('message', async input => parentPort?.postMessage(await judge(here, input, usedMs)));
parentPort?.postMessage('ready');
