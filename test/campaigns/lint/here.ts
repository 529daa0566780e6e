import { validators } from '../../../src/generated/validators.js';
import { lint } from '../../../src/lint/lint.ts';
import { modules } from '../../../src/modules/index.ts';
import { filesOf, foldersOf } from '../../support/playbook-world.ts';
import type { Lint } from './judge.ts';

const byName = new Map(modules.map(module => [module.name, module]));

/** The linter, with the shipped modules, over files that are in memory. */
export const here: Lint = ({ files, paths }) =>
  lint(paths, {
    readFile: filesOf(files),
    varsFolders: foldersOf(files),
    kindOf: async path => (Object.hasOwn(files, path) ? 'file' : undefined),
    machine: { env: () => undefined, text: paths => files[paths.find(path => Object.hasOwn(files, path)) ?? ''] },
    modules: byName,
    validators,
  });
