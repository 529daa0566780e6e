import type { Outcome } from '../core/diagnostic.ts';
import type { Step } from '../core/plan.ts';
import type { Node } from './document.ts';
import { type Files, readFiles, readingSources } from './files.ts';
import { rootsBeside } from './find-role.ts';
import { Handlers, readHandlers } from './handlers.ts';
import { Names, noResults } from './names.ts';
import { placeIn } from './place.ts';
import { reachOf, registersIn } from './reach.ts';
import { type ReadOptions, withTexts } from './read-playbook.ts';
import { readSteps } from './read-steps.ts';
import { readMap, readVars } from './read-values.ts';
import type { Reading } from './reading.ts';

/** What a file is that is no playbook, by its content and its place in a role. */
export type AloneKind = 'tasks' | 'handlers' | 'vars' | 'meta';

/** The part of a role that a path is, where files of that part are neither playbooks nor lists of tasks. */
export function rolePartAt(path: string, node: Node): Exclude<AloneKind, 'tasks'> | undefined {
  const [, part] = /(?:^|\/)(handlers|defaults|vars|meta)\/[^/]+\.ya?ml$/.exec(path) ?? [];
  if (part === 'handlers') return node.kind === 'list' ? 'handlers' : undefined;
  if (part === 'defaults' || part === 'vars') return node.kind === 'map' ? 'vars' : undefined;
  return part === 'meta' && node.kind === 'map' ? 'meta' : undefined;
}

/** A file by itself that others enter, checked as far as it can be: any name may come from them, and local files may lie there. */
export async function readAlone(
  path: string,
  kind: AloneKind,
  options: ReadOptions,
): Promise<Required<Outcome<readonly Step[]>>> {
  const files = await readFiles(path, options.readSource ?? readingSources(options.readFile));
  const node = files.get(path)?.node;
  if (!node) return { value: [], diagnostics: [] };
  const { r, value } = await withTexts(path, files, options, r => readPart(r, { path, kind, node, files }));
  return { value, diagnostics: r.diagnostics };
}

function readPart(
  r: Reading,
  { path, kind, node, files }: { path: string; kind: AloneKind; node: Node; files: Files },
): readonly Step[] {
  const roots = rootsBeside(path);
  const registers = registersIn(reachOf(node, path, files, roots).nodes);
  const names = new Names(r, { outer: [], results: noResults, registers, used: new Set(), open: true });
  const place = placeIn({ r, files, names, handlers: new Handlers(new Map(), { open: true }), path: [path], roots });
  switch (kind) {
    case 'tasks':
      return readSteps(place, node, 't', 'a tasks file');
    case 'handlers':
      return readHandlers(place, node, 'h');
    case 'vars':
      for (const template of readVars(r, node, path).values()) names.check(template);
      return [];
    case 'meta':
      readMap(r, node, path, 'a map');
      return [];
  }
}
