import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Listed, VarsFolders } from '../playbook/inventory/vars-beside.ts';
import type { Io } from './io.ts';
import { readText } from './text-file.ts';

/** Files and folders of this machine; links are followed. */
export function varsFolders(io: Io): VarsFolders {
  return {
    readFile: readText(io),
    list: async path => {
      const names = await readdir(resolve(io.cwd, path)).catch(() => undefined);
      const listed = await Promise.all((names ?? []).map(name => listedAt(resolve(io.cwd, path), name)));
      return names && listed.filter(one => one !== undefined);
    },
  };
}

async function listedAt(folder: string, name: string): Promise<Listed | undefined> {
  const there = await stat(join(folder, name)).catch(() => undefined);
  return there && { name, isFolder: there.isDirectory() };
}
