// What a lab may leave on the machine, looked for in another way than `quorate lab down` does it.
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';

/** Everything on this machine that bears the lab's name; empty when nothing of it is left. */
export async function tracesOf(lab: string): Promise<string[]> {
  const bears = (text: string) =>
    text.includes(`quorate.${lab}.`) || text.includes(`/labs/${lab}/`) || text.endsWith(`quorate.${lab}`);
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .filter(bears)
    .map(line => `mount ${line}`);
  const entries: string[] = [];
  for (const directory of ['/run/netns', '/run/systemd/nspawn/propagate', ...(await cgroupDirectories())]) {
    const names = await readdir(directory).catch(() => []);
    entries.push(...names.map(name => `${directory}/${name}`).filter(bears));
  }
  const directory = `/var/lib/quorate/labs/${lab}`;
  if (existsSync(directory)) entries.push(directory);
  return [...mounts, ...entries, ...(await processes(lab, bears))];
}

async function cgroupDirectories(): Promise<string[]> {
  const controllers = await readdir('/sys/fs/cgroup', { withFileTypes: true });
  return ['/sys/fs/cgroup', ...controllers.filter(one => one.isDirectory()).map(one => `/sys/fs/cgroup/${one.name}`)];
}

async function processes(lab: string, bears: (text: string) => boolean): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async pid => {
      const [line, environment, groups, stat] = await Promise.all(
        ['cmdline', 'environ', 'cgroup', 'stat'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
      );
      // A process that has ended and waits to be collected is none.
      if (/\) [ZX] /.test(stat ?? ') Z ')) return [];
      const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
      const its =
        (program.endsWith('/systemd-nspawn') && bears(line ?? '')) ||
        (environment ?? '').split('\0').some(one => one.endsWith(`LAB_WORK=${lab}`)) ||
        (groups ?? '').includes(`/quorate.${lab}/`);
      return its ? [`process ${pid} ${(line ?? '').replaceAll('\0', ' ').slice(0, 120)}`] : [];
    }),
  );
  return found.flat();
}
