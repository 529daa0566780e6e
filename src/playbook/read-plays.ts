import type { Source, Span } from '../core/source.ts';
import { entry, holdsExpression, type MapNode, type Node, startOf } from './document.ts';
import { type Files, includedPath, isTasksFile } from './files.ts';
import { importPlaybookKeywords } from './keywords.ts';
import { noResults, type Results } from './names.ts';
import { withoutPrefix } from './prefix.ts';
import { type AroundPlays, type Imported, type ReadPlay, readPlay } from './read-play.ts';
import { readConditions, readLabel, readNames, readVars } from './read-values.ts';
import type { Reading } from './reading.ts';

/** What reading the plays of a playbook finds besides them. */
export interface Plays {
  readonly plays: readonly ReadPlay[];
  readonly used: ReadonlySet<string>;
  readonly registers: ReadonlyMap<string, Span>;
  readonly unnotified: readonly Span[];
}

type Given = Pick<AroundPlays, 'hostVars' | 'inputs'>;

/** The plays of a playbook, with those of the playbooks that it imports in their places. */
export function readPlays(r: Reading, files: Files, source: Source, node: Node, given: Given): Plays {
  const reader = new PlaysReader(r, files, given);
  reader.readAll(source, node, [source.name], nothingImported);
  return reader;
}

const nothingImported: Imported = { vars: new Map(), when: [], tags: [] };

class PlaysReader implements Plays {
  readonly plays: ReadPlay[] = [];
  readonly used = new Set<string>();
  readonly registers = new Map<string, Span>();
  readonly unnotified: Span[] = [];
  readonly #r: Reading;
  readonly #files: Files;
  readonly #given: Given;
  #results: Results = noResults;

  constructor(r: Reading, files: Files, given: Given) {
    this.#r = r;
    this.#files = files;
    this.#given = given;
  }

  /** `path`: the playbooks that lead to this one, which is the last. */
  readAll(source: Source, node: Node, path: readonly string[], imported: Imported): void {
    const r = this.#r;
    if (node.kind !== 'list') {
      r.invalid(node, 'a playbook', 'a list of plays', node.kind === 'map' ? 'begin the play with "- "' : undefined);
      return;
    }
    if (isTasksFile(node)) {
      r.error('empty-playbook', startOf(source), `${source.name} has tasks and no plays`, {
        hint: 'a play has `hosts:` and `tasks:`; let a play enter this file with `include_tasks`',
      });
      return;
    }
    if (node.items.length === 0) r.error('empty-playbook', node.span, `${source.name} has no plays`);
    for (const item of node.items) {
      if (item.kind !== 'map') r.invalid(item, 'an item of a playbook', 'a play');
      else if (importIn(item)) this.#import(item, path, imported);
      else this.#play(item, source.name, imported);
    }
  }

  #play(map: MapNode, path: string, imported: Imported): void {
    const { play, results } = readPlay(this.#r, this.#files, path, map, `p${this.plays.length}`, {
      used: this.used,
      results: this.#results,
      registers: this.registers,
      unnotified: this.unnotified,
      ...this.#given,
      imported,
    });
    this.#results = results;
    this.plays.push(play);
  }

  #import(map: MapNode, path: readonly string[], around: Imported): void {
    const r = this.#r;
    const what = '`import_playbook`';
    r.checkKeywords(map, importPlaybookKeywords, what, key => withoutPrefix(key) === 'import_playbook');
    const value = (key: string): Node | undefined => entry(map, key)?.value;
    const [name, vars, when, tags] = [value('name'), value('vars'), value('when'), value('tags')];
    if (name) readLabel(r, name, `\`name\` of ${what}`);
    const imported: Imported = {
      // What imports is farther than what is imported, and wins, as in Ansible.
      vars: new Map([...(vars ? readVars(r, vars, `\`vars\` of ${what}`) : []), ...around.vars]),
      when: [...around.when, ...(when ? readConditions(r, when, '`when`') : [])],
      tags: [...around.tags, ...(tags ? readNames(r, tags, '`tags`') : [])],
    };
    const found = this.#fileOf(importIn(map), path);
    if (found) this.readAll(found.source, found.node, [...path, found.source.name], imported);
  }

  #fileOf(node: Node | undefined, path: readonly string[]): { source: Source; node: Node } | undefined {
    const r = this.#r;
    if (!node) return undefined;
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '' || holdsExpression(node)) {
      r.invalid(node, '`import_playbook`', 'the name of a playbook, without expressions');
      return undefined;
    }
    const found = includedPath(path.at(-1) ?? '', node.value);
    if (path.includes(found)) {
      const way = [...path.slice(path.indexOf(found)), found].join(' → ');
      r.error('include-loop', node.span, `${found} imports itself: ${way}`);
      return undefined;
    }
    const file = this.#files.get(found);
    if (!file) r.error('file-not-found', node.span, `there is no file ${found} that can be read`);
    else {
      r.report(...file.diagnostics);
      if (!file.node && file.diagnostics.length === 0) r.error('empty-playbook', node.span, `${found} has no plays`);
    }
    return file?.node && { source: file.source, node: file.node };
  }
}

function importIn(map: MapNode): Node | undefined {
  return map.entries.find(({ key }) => withoutPrefix(key) === 'import_playbook')?.value;
}
