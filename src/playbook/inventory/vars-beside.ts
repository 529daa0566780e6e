import { posix } from 'node:path';
import type { Level } from '../../core/precedence.ts';
import type { ReadFile } from '../files.ts';
import type { Findings } from '../findings.ts';
import { checkAnsibleName } from './ansible-names.ts';
import type { GivenVars } from './lay.ts';
import { readVarsFile } from './vars-file.ts';

/** Where files of vars are looked for. */
export interface VarsFolders {
  readonly readFile: ReadFile;
  /** What lies in a folder, hidden files too; undefined where there is no such folder. */
  readonly list: (path: string) => Promise<readonly Listed[] | undefined>;
}

export interface Listed {
  readonly name: string;
  readonly isFolder: boolean;
}

const besides = {
  inventory: { all: 'all-beside-inventory', groups: 'groups-beside-inventory', hosts: 'hosts-beside-inventory' },
  playbook: { all: 'all-beside-playbook', groups: 'groups-beside-playbook', hosts: 'hosts-beside-playbook' },
} as const satisfies Record<string, Record<string, Level>>;

/** As Ansible tries them: the name itself, a folder or a file, then with each ending; only the first that there is counts. */
const ENDINGS = ['', '.yml', '.yaml', '.json'];

/**
 * The vars in `group_vars/` and `host_vars/` in a folder. Of a group or host they stand in a file NAME.yml, NAME.yaml, NAME.json
 * or NAME, or in the files of a folder NAME, in alphabetical order, the later ones over the earlier ones.
 */
export async function varsBeside(
  folder: string,
  beside: keyof typeof besides,
  folders: VarsFolders,
  found: Findings,
): Promise<GivenVars[]> {
  const levels = besides[beside];
  const groups = await varsIn(posix.join(folder, 'group_vars'), folders, found);
  const hosts = await varsIn(posix.join(folder, 'host_vars'), folders, found);
  return [
    ...groups.map(({ name, vars }) => ({
      level: name === 'all' ? levels.all : levels.groups,
      of: { group: name },
      vars,
    })),
    ...hosts.map(({ name, vars }) => ({ level: levels.hosts, of: { host: name }, vars })),
  ];
}

type Named = Pick<GivenVars, 'vars'> & { readonly name: string };

async function varsIn(folder: string, folders: VarsFolders, found: Findings): Promise<readonly Named[]> {
  const listed = (await folders.list(folder)) ?? [];
  const byName = Map.groupBy(
    listed.filter(({ name }) => isRead(name)),
    ({ name, isFolder }) => (isFolder ? name : withoutEnding(name)),
  );
  const all = await Promise.all(
    [...byName]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(async ([name, candidates]) => {
        const rank = (one: Listed) => ENDINGS.indexOf(one.name.slice(name.length));
        const [first, ...others] = candidates.toSorted((a, b) => rank(a) - rank(b));
        if (!first) return [];
        const path = posix.join(folder, first.name);
        const paths = first.isFolder ? await filesIn(path, folders) : [path];
        const read = await Promise.all(paths.map(async file => ({ file, text: await folders.readFile(file) })));
        const vars = read.flatMap(({ file, text }) => {
          const source = { name: file, text: text ?? '' };
          if (text !== undefined) return readVarsFile(source, found);
          found.error('file-not-found', { source, start: 0, end: 0 }, `${file} cannot be read`);
          return [];
        });
        for (const other of others) notRead(posix.join(folder, other.name), path, found);
        for (const entry of vars) checkAnsibleName(entry, found);
        return [{ name, vars: new Map(vars.map(entry => [entry.key, entry])) }];
      }),
  );
  return all.flat();
}

/** Ansible says nothing about it. */
function notRead(path: string, instead: string, found: Findings): void {
  const span = { source: { name: path, text: '' }, start: 0, end: 0 };
  found.warning('invalid-inventory', span, `${path} is not read, because there is ${instead}`, {
    hint: `keep one of them, or make them files of one folder`,
  });
}

async function filesIn(folder: string, folders: VarsFolders): Promise<readonly string[]> {
  const listed = (await folders.list(folder)) ?? [];
  const sorted = listed.filter(({ name }) => isRead(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const paths = await Promise.all(
    sorted.map(async ({ name, isFolder }) => {
      const path = posix.join(folder, name);
      if (isFolder) return name.includes('.') ? [] : await filesIn(path, folders);
      return ENDINGS.includes(posix.extname(name)) ? [path] : [];
    }),
  );
  return paths.flat();
}

/** Not what an editor keeps beside the file that it edits. */
function isRead(name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('~');
}

function withoutEnding(name: string): string {
  return name.replace(/\.(?:yml|yaml|json)$/, '');
}
