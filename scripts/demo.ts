// The main job on a practice cluster of its own: one member becomes three, while a client writes all the time.
// What is given to `npm start --` goes to `quorate lab up` (`npm start -- --realtime`: the article's own delays).
import { execa } from 'execa';

const LAB = 'demo';
const NODES = 'node001,node002,node003';

/** Runs quorate with its output shown; gives its exit code. */
async function quorate(...argv: string[]): Promise<number> {
  const result = await execa('bin/quorate', argv, { stdio: 'inherit', reject: false });
  return result.exitCode ?? 1;
}

/** As `quorate`, but ends the demonstration where it fails. */
async function must(...argv: string[]): Promise<void> {
  const code = await quorate(...argv);
  if (code !== 0) process.exit(code);
}

console.log('start: a fresh practice cluster of a head node and three nodes, one of them an etcd member (about 10 s;');
console.log('       the first time also Debian packages and the hosts’ image, about a minute)');
// A cluster left by an earlier start has three members already; `down` of a lab that isn't there is no error.
await must('lab', 'down', '--name', LAB);
await must('lab', 'up', '--name', LAB, '--nodes', '3', '--members', '1', '--install', ...process.argv.slice(2));
await must('lab', 'writer', 'start', '--name', LAB);

console.log(`\n[root@headnode ~]# quorate run extend-to-three -e nodes=${NODES} --yes`);
const run = ['quorate', 'run', 'extend-to-three', '-e', `nodes=${NODES}`, '--yes'];
const code = await quorate('lab', 'exec', '--name', LAB, 'headnode', '--', ...run);

console.log('\nThe client that wrote all the while:');
const written = await quorate('lab', 'writer', 'check', '--name', LAB);
console.log(`
The cluster stays up. Look around:   bin/quorate lab shell --name ${LAB} headnode
Run it again, it changes nothing:    bin/quorate lab exec --name ${LAB} headnode -- ${run.join(' ')}
Take it down:                        bin/quorate lab down --name ${LAB}`);
process.exitCode = code || written;
