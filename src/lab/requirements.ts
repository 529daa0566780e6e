import { access, constants, readFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';
import { LabProblem } from './problem.ts';

/** Something the practice cluster needs and this machine lacks. */
export interface Missing {
  readonly what: string;
  /** How to get it. */
  readonly remedy: string;
  /** The Debian package that brings it, where one does. */
  readonly debianPackage?: string;
}

interface Tool {
  readonly command: string;
  readonly debianPackage: string;
}

/** The commands that are called, and Debian's packages of them. */
export const tools: readonly Tool[] = [
  { command: 'mmdebstrap', debianPackage: 'mmdebstrap' },
  { command: 'systemd-nspawn', debianPackage: 'systemd-container' },
  { command: 'ip', debianPackage: 'iproute2' },
  { command: 'nsenter', debianPackage: 'util-linux' },
  { command: 'flock', debianPackage: 'util-linux' },
  { command: 'ssh-keygen', debianPackage: 'openssh-client' },
];

/** What was found out about a machine; apart from the looking, so that the judgement can be tested. */
export interface Findings {
  readonly platform: string;
  readonly root: boolean;
  readonly debian: boolean;
  readonly overlayfs: boolean;
  readonly missingTools: readonly Tool[];
}

export function judge(found: Findings): Missing[] {
  if (found.platform !== 'linux') {
    return [{ what: `Linux (this is ${found.platform})`, remedy: 'use a Debian 12 machine, virtual or not' }];
  }
  const missing: Missing[] = [];
  if (!found.root) missing.push({ what: 'root', remedy: 'run it as root: network namespaces and mounts need it' });
  if (!found.overlayfs) missing.push({ what: 'overlayfs in the kernel', remedy: 'modprobe overlay' });
  if (!found.debian) {
    missing.push({
      what: 'Debian, or a system made from it',
      remedy: 'the hosts are made from the machine’s own apt sources',
    });
  }
  for (const { command, debianPackage } of found.missingTools) {
    missing.push({ what: command, remedy: `apt-get install ${debianPackage}`, debianPackage });
  }
  return missing;
}

/** What this machine lacks for the practice cluster; empty when it can run here. */
export async function labRequirements(at: { platform: string; uid: number; path: string }): Promise<Missing[]> {
  const present = await Promise.all(tools.map(tool => onPath(tool.command, at.path)));
  const filesystems = await readFile('/proc/filesystems', 'utf8').catch(() => '');
  return judge({
    platform: at.platform,
    root: at.uid === 0,
    debian: await exists('/etc/debian_version'),
    // A module that is not loaded yet is listed nowhere; the mount loads it.
    overlayfs:
      filesystems.includes('\toverlay\n') || (await exists('/sys/module/overlay')) || (await exists('/lib/modules')),
    missingTools: tools.filter((_, index) => !present[index]),
  });
}

/** Installs what Debian packages can bring; answers what is missing still. */
export async function installMissing(machine: Machine, missing: readonly Missing[]): Promise<Missing[]> {
  const packages = [...new Set(missing.flatMap(one => one.debianPackage ?? []))];
  if (packages.length === 0) return [...missing];
  machine.say(`installing ${packages.join(' ')}`);
  const install = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '--yes', '--no-install-recommends'];
  const first = await machine.run([...install, ...packages]);
  if (first.exitCode !== 0) {
    await machine.run(['apt-get', 'update']);
    const second = await machine.run([...install, ...packages]);
    if (second.exitCode !== 0) {
      throw new LabProblem('missing', `apt-get could not install ${packages.join(' ')}: ${second.stderr.trim()}`);
    }
  }
  return missing.filter(one => one.debianPackage === undefined);
}

/** The message for a machine on which the practice cluster cannot run. */
export function requirementsProblem(missing: readonly Missing[]): LabProblem {
  const lines = missing.map(one => `  ${one.what}: ${one.remedy}`);
  const hint = missing.every(one => one.debianPackage !== undefined)
    ? 'let it install them: quorate lab up --install'
    : undefined;
  return new LabProblem(
    'missing',
    [
      'the practice cluster needs what this machine does not have:',
      ...lines,
      'without it, everything but `quorate lab` works: lint, doc and run against hosts of your own.',
    ].join('\n'),
    hint,
  );
}

async function onPath(command: string, path: string): Promise<boolean> {
  for (const directory of path.split(':')) {
    if (directory !== '' && (await exists(`${directory}/${command}`, constants.X_OK))) return true;
  }
  return false;
}

function exists(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
