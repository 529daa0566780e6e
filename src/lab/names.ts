import { LabProblem } from './problem.ts';

/** A host of the practice cluster, named and numbered as in BCM's default network 10.141.0.0/16. */
export interface HostName {
  readonly name: string;
  readonly ip: string;
}

export const prefixLength = 16;
export const mostNodes = 7;
export const headNode: HostName = { name: 'headnode', ip: '10.141.255.254' };

/** `count` nodes: node001 = 10.141.0.1 and so on. */
export function nodeNames(count: number): HostName[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `node${String(index + 1).padStart(3, '0')}`,
    ip: `10.141.0.${index + 1}`,
  }));
}

/** Checks the name of a lab: it becomes part of directories, network namespaces and control groups. */
export function checkLabName(name: string): string {
  if (/^[a-z0-9-]{1,20}$/.test(name)) return name;
  throw new LabProblem('usage', `"${name}" cannot be the name of a lab: 1 to 20 of a-z, 0-9 and "-"`);
}

/** Checks the name of a checkpoint: it becomes a directory. */
export function checkCheckpointName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,40}$/.test(name)) return name;
  throw new LabProblem('usage', `"${name}" cannot be the name of a checkpoint: letters, digits and "_.-"`);
}

/** Dots part lab and host because neither has one: lab `a` and lab `a-node001` can never be mistaken for each other. */
export const namespacePrefix = (lab: string): string => `quorate.${lab}.`;
export const hostNamespace = (lab: string, host: string): string => `${namespacePrefix(lab)}${host}`;
export const bridgeNamespace = (lab: string): string => `${namespacePrefix(lab)}bridge`;
/** systemd-nspawn keeps files by machine name, so it is told one that no other lab has. */
export const machineName = (lab: string, host: string): string => `quorate.${lab}.${host}`;
