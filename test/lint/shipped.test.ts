// The shipped playbooks are free of findings, and not because rules do not see through their includes and loops: each is spoilt
// in one place, and the rule that is about it says so.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import { modules } from '../../src/modules/index.ts';
import { validatorsOf } from '../support/playbook-world.ts';

const world = { modules: new Map(modules.map(module => [module.name, module])), validators: validatorsOf(modules) };
const paths = (await readdir('playbooks', { recursive: true })).filter(path => path.endsWith('.yml')).toSorted();
const texts = new Map(
  await Promise.all(paths.map(async path => [path, await readFile(`playbooks/${path}`, 'utf8')] as const)),
);

async function found(path: string, spoilt?: { readonly file: string; readonly by: (text: string) => string }) {
  const readFile = async (name: string) => {
    const text = texts.get(name);
    if (text === undefined || name !== spoilt?.file) return text;
    const other = spoilt.by(text);
    expect(other, `${name} is spoilt`).not.toBe(text);
    return other;
  };
  return (await lint([path], { ...world, readFile })).map(({ code, span }) => `${span?.source.name} ${code}`);
}

const add = 'procedures/add-member.yml';
const remove = 'procedures/remove-member.yml';

/** What stands between two comments, or tasks, of a text by another text. */
const instead = (from: RegExp | string, to: string) => (text: string) => text.replaceAll(from, to);
const WAIT = /wait_for_learner:\n( +)environment_module: (.*)\n +peer_url: .*\n +stall: .*\n/g;

describe('shipped playbooks', () => {
  test.each(paths)('%s', async path => expect(await found(path)).toEqual([]));

  test.each<[playbook: string, file: string, by: (text: string) => string, finding: string]>([
    ['extend-to-three.yml', add, instead(WAIT, 'etcd_status:\n$1environment_module: $2\n'), 'unwatched-promotion'],
    ['migrate-member.yml', add, instead(WAIT, 'etcd_status:\n$1environment_module: $2\n'), 'unwatched-promotion'],
    [
      'add-member.yml',
      add,
      text => text.replace('etcd_snapshot:', 'etcd_status:').replace(/^ +directory: .*\n/m, ''),
      'late-snapshot',
    ],
    [
      'add-member.yml',
      add,
      instead(/ +- name: "\{\{ learners_overlay \}\}"\n +nodes_absent: .*\n/g, ''),
      'overlay-left',
    ],
    [
      'remove-member.yml',
      remove,
      instead('    state: absent\n', '    state: absent\n  ignore_errors: true\n'),
      'ignored-failure',
    ],
  ])('%s, with %s spoilt (%#)', async (path, file, by, code) => {
    // What is taken out of a procedure may leave a param without use.
    const codes = (await found(path, { file, by })).filter(finding => !finding.endsWith(' unused-name'));
    expect(new Set(codes)).toEqual(new Set([`${file} ${code}`]));
  });

  test('on several hosts', async () => {
    const by = instead(/hosts: headnode\n +expect_hosts: 1/g, 'hosts: etcd');
    const codes = await found('remove-member.yml', { file: 'remove-member.yml', by });
    expect(new Set(codes)).toEqual(new Set([`${remove} parallel-change`]));
  });
});
