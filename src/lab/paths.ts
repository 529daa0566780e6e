import { join } from 'node:path';

/** Where a lab keeps its things. Everything below `root` goes with the lab. */
export interface LabPaths {
  readonly root: string;
  readonly record: string;
  /** /cm/shared of all hosts. */
  readonly shared: string;
  readonly identities: string;
  readonly checkpoints: string;
  /** Lies outside `root`, so that it can be held while `root` is removed. */
  readonly lock: string;
}

export function labsDirectory(stateDir: string): string {
  return join(stateDir, 'labs');
}

export function labPaths(stateDir: string, lab: string): LabPaths {
  const root = join(labsDirectory(stateDir), lab);
  return {
    root,
    record: join(root, 'lab.json'),
    shared: join(root, 'shared'),
    identities: join(root, 'identities'),
    checkpoints: join(root, 'checkpoints'),
    lock: `/run/lock/quorate-lab-${lab}`,
  };
}

/** A host's overlay: `upper` is its disk (emptying it is a disk replacement), `root` is where it is mounted. */
export interface HostPaths {
  readonly directory: string;
  readonly upper: string;
  readonly work: string;
  readonly root: string;
  readonly console: string;
}

export function hostPaths(lab: LabPaths, host: string): HostPaths {
  const directory = join(lab.root, 'hosts', host);
  return {
    directory,
    upper: join(directory, 'upper'),
    work: join(directory, 'work'),
    root: join(directory, 'root'),
    console: join(directory, 'console.log'),
  };
}
