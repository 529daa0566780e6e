import { holdsSpool } from '../../etcd/spool.ts';
import { programOf, shown } from '../deeds.ts';
import { type Course, knownText, type Site } from '../program.ts';
import type { Finding, Rule } from '../rule.ts';

/** From a source that is empty, or the wrong one, `--delete` erases what may be the only copy. */
export const uncheckedDelete: Rule = {
  code: 'unchecked-delete',
  severity: 'warning',
  *check({ courses }) {
    for (const course of courses) yield* findings(course);
  },
};

function* findings({ sites, whole }: Course): Generator<Finding> {
  for (const [at, site] of sites.entries()) {
    if (site.task.module.name === 'rsync_dir') yield* ofModule(site);
    if (site.conditions.size > 0 || site.params.removes !== undefined) continue;
    for (const words of site.commands) {
      const source = deletedBy(words);
      if (source === undefined || !whole || sites.slice(0, at).some(before => isAbout(before, source))) continue;
      yield {
        site,
        message: `rsync deletes in its destination what ${shown(source)} does not hold, and nothing has looked whether that is whole`,
        hint: 'use `rsync_dir`, which refuses a source that is empty or not what it should be',
      };
    }
  }
}

/** The data of a member without a marker: nothing tells whether it is the right one, or stale. */
function* ofModule(site: Site): Generator<Finding> {
  const { src, dest, delete: deletes, marker } = site.params;
  if (deletes !== true || typeof marker !== 'string') return;
  const [from, to] = [src, dest].map(path => holdsSpool(knownText(path) ?? ''));
  const wanted = to ? 'check' : from ? 'write' : marker;
  if (marker === wanted || knownText(marker) === undefined) return;
  yield {
    site,
    message: `rsync_dir deletes in ${shown(String(dest))} what ${shown(String(src))} does not hold, and \`marker: ${marker}\` does not say that it is a member's data`,
    hint: to
      ? 'write `marker: check`: then only a copy is put back that is whole and not stale'
      : 'write `marker: write`: then the copy can be told from another one when it is put back',
  };
}

/** The source of an rsync that deletes; undefined of any other command. */
function deletedBy(words: readonly string[]): string | undefined {
  if (programOf(words) !== 'rsync' || !words.some(word => /^--del(ete.*)?$/.test(word))) return undefined;
  if (words.some(word => /^(--dry-run|-[a-zA-Z]*n[a-zA-Z]*)$/.test(word))) return undefined;
  const paths = words.slice(1).filter(word => !word.startsWith('-'));
  return paths.length < 2 ? undefined : paths.at(-2)?.replace(/(.)\/+$/, '$1');
}

/** True where its parameters name the path, or something in it. */
function isAbout({ params }: Site, path: string): boolean {
  return JSON.stringify(params).includes(JSON.stringify(path).slice(1, -1));
}
