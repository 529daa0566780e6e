import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import type { ProcessIdentity } from './host-process.ts';
import { type HostName, headNode } from './names.ts';
import { type LabPaths, labsDirectory } from './paths.ts';
import { LabProblem } from './problem.ts';
import type { Profile } from './standin/state.ts';

export interface HostRecord extends HostName {
  /** Whether it is meant to be on; whether it is, its process says. */
  power: 'on' | 'off';
  /** Its cable is dead. */
  cut: boolean;
  /** Absent while it was never on. */
  supervisor?: ProcessIdentity;
}

/** What is remembered of a lab, in its lab.json; written before anything it speaks of is made. */
export interface LabRecord {
  readonly format: 1;
  readonly name: string;
  /** `making` until `up` came to its end: what an interrupted `up` left is of no use to anyone. */
  phase: 'making' | 'made';
  readonly hosts: HostRecord[];
  /** The nodes that are etcd members at first. */
  readonly members: readonly string[];
  readonly profile: Profile;
  /** Factor on the delays that the vendor's article shows. */
  readonly scale: number;
  readonly etcdVersion: string;
  readonly imageRoot: string;
  /** Where etcd's programs are bound from; absent where the image's own are used. */
  readonly etcdPrograms?: string;
}

export async function writeRecord(paths: LabPaths, record: LabRecord): Promise<void> {
  const fresh = `${paths.record}.new`;
  await writeFile(fresh, `${JSON.stringify(record, null, 2)}\n`);
  await rename(fresh, paths.record);
}

export async function readRecord(paths: LabPaths): Promise<LabRecord | undefined> {
  const text = await readFile(paths.record, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/** The record of a lab that must be there, and whole. */
export async function mustReadRecord(paths: LabPaths, name: string): Promise<LabRecord> {
  const record = await readRecord(paths);
  if (record === undefined)
    throw new LabProblem('usage', `there is no lab "${name}"`, `quorate lab up${nameOption(name)}`);
  if (record.phase === 'making') {
    throw new LabProblem(
      'usage',
      `lab "${name}" is not finished: an up is under way, or was interrupted`,
      `quorate lab up${nameOption(name)}`,
    );
  }
  return record;
}

export function hostOf(record: LabRecord, host: string): HostRecord {
  const found = record.hosts.find(one => one.name === host || one.ip === host);
  if (found !== undefined) return found;
  const names = record.hosts.map(one => one.name).join(', ');
  throw new LabProblem('usage', `lab "${record.name}" has no host "${host}": it has ${names}`);
}

export function nodeOf(record: LabRecord, host: string): HostRecord {
  const found = hostOf(record, host);
  if (found.name !== headNode.name) return found;
  throw new LabProblem('usage', 'the head node is where the lab is driven from: this fault is for nodes');
}

/** The names of all labs, whole or not. */
export async function labNames(stateDir: string): Promise<string[]> {
  return (await readdir(labsDirectory(stateDir)).catch(() => [])).sort();
}

/** What must be added to a command so that it means this lab. */
export const nameOption = (name: string): string => (name === 'default' ? '' : ` --name ${name}`);
