import { type Overlay, type OverlayRole, sameMembers, sameName } from './overlay.ts';
import { command } from './script.ts';

/** A difference, as people read it. */
export interface OverlayDifference {
  readonly what: string;
  readonly before?: string;
  readonly after?: string;
}

/** An overlay before and after; `clonedFrom` where it is to be made. */
export interface OverlayStep {
  readonly name: string;
  readonly before: Overlay | undefined;
  readonly after: Overlay | undefined;
  readonly clonedFrom?: string;
}

export function differences({ name, before, after, clonedFrom }: OverlayStep): readonly OverlayDifference[] {
  if (after === undefined) return before === undefined ? [] : [{ what: name, before: 'exists', after: 'removed' }];
  const made =
    before === undefined ? [{ what: name, before: 'absent', after: `a clone of ${clonedFrom ?? 'nothing'}` }] : [];
  return [
    ...made,
    ...difference(`${name}: priority`, before && String(before.priority), String(after.priority)),
    ...difference(`${name}: all head nodes`, yesNo(before?.allHeadNodes ?? false), yesNo(after.allHeadNodes)),
    ...difference(`${name}: nodes`, listed(before?.nodes), listed(after.nodes)),
    ...difference(`${name}: categories`, listed(before?.categories), listed(after.categories)),
    ...after.roles.flatMap(role => roleDifference(name, before, role)),
  ];
}

function roleDifference(overlay: string, before: Overlay | undefined, role: OverlayRole): OverlayDifference[] {
  const was = findRole(before, role.name);
  const what = `${overlay}: ${role.name}`;
  const given = before !== undefined && was === undefined ? [{ what, before: 'not assigned', after: 'assigned' }] : [];
  return [...given, ...difference(`${what} options`, listed(was?.options), listed(role.options))];
}

function difference(what: string, before: string | undefined, after: string): OverlayDifference[] {
  if (before === after) return [];
  return [{ what, after, ...(before === undefined ? {} : { before }) }];
}

/** An overlay line by line, for a comparison; empty where there is none. */
export function overlayText(overlay: Overlay | undefined): string {
  if (!overlay) return '';
  const lines = [
    `priority: ${overlay.priority}`,
    `all head nodes: ${yesNo(overlay.allHeadNodes)}`,
    ...overlay.categories.toSorted().map(category => `category: ${category}`),
    ...overlay.nodes.toSorted().map(node => `node: ${node}`),
    ...overlay.roles.flatMap(({ name, options }) => [`role: ${name}`, ...options.map(option => `  option: ${option}`)]),
  ];
  return lines.map(line => `${line}\n`).join('');
}

/** In the order in which cmsh has it doesn't matter, so sorted. */
const listed = (items: readonly string[] = []): string => (items.length === 0 ? 'none' : [...items].sort().join(','));
const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

/**
 * The commands that make all the steps in one commit, as the article types them (sections 6.3 and 6.5): what one commit
 * holds takes effect at once, so that a node that moves between overlays is restarted once. `cloned` gives the overlays
 * that are cloned, whose roles a clone begins with. Empty where there is nothing to do.
 */
export function changeCommands(steps: readonly OverlayStep[], cloned: ReadonlyMap<string, Overlay>): readonly string[] {
  const commands = steps.flatMap(step => stepCommands(step, cloned));
  return commands.length === 0 ? [] : ['configurationoverlay', ...commands, 'commit'];
}

function stepCommands(step: OverlayStep, cloned: ReadonlyMap<string, Overlay>): readonly string[] {
  const { name, before, after, clonedFrom } = step;
  if (after === undefined) return before === undefined ? [] : [command(['remove', name])];
  if (before !== undefined) {
    const changes = [...propertyCommands(before, after), ...roleCommands(before, after)];
    return changes.length === 0 ? [] : [command(['use', name]), ...changes, '..'];
  }
  const source = clonedFrom === undefined ? undefined : cloned.get(clonedFrom);
  if (clonedFrom === undefined || source === undefined) return [];
  // Emptied whatever was seen there: the clone must apply to nothing but what is asked for.
  return [
    command(['clone', clonedFrom, name]),
    command(['set', 'priority', String(after.priority)]),
    command(['set', 'allheadnodes', yesNo(after.allHeadNodes)]),
    'set nodes',
    'set categories',
    ...listCommands('nodes', [], after.nodes),
    ...listCommands('categories', [], after.categories),
    ...roleCommands(source, after),
    '..',
  ];
}

function propertyCommands(before: Overlay, after: Overlay): string[] {
  return [
    ...(before.priority === after.priority ? [] : [command(['set', 'priority', String(after.priority)])]),
    ...(before.allHeadNodes === after.allHeadNodes
      ? []
      : [command(['set', 'allheadnodes', yesNo(after.allHeadNodes)])]),
    ...listCommands('nodes', before.nodes, after.nodes),
    ...listCommands('categories', before.categories, after.categories),
  ];
}

function listCommands(property: string, before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter(item => !after.includes(item)).map(item => command(['removefrom', property, item])),
    ...after.filter(item => !before.includes(item)).map(item => command(['append', property, item])),
  ];
}

function roleCommands(before: Overlay, after: Overlay): string[] {
  const changed = after.roles.filter(role => {
    const was = findRole(before, role.name);
    return was === undefined || !sameMembers(was.options, role.options);
  });
  if (changed.length === 0) return [];
  const commands = changed.flatMap(role => {
    const was = findRole(before, role.name);
    const options = was?.options ?? [];
    return [
      command([was === undefined ? 'assign' : 'use', role.name.toLowerCase()]),
      ...options.filter(o => !role.options.includes(o)).map(o => command(['removefrom', 'options'], [o])),
      ...role.options.filter(o => !options.includes(o)).map(o => command(['append', 'options'], [o])),
      '..',
    ];
  });
  return ['roles', ...commands, '..'];
}

function findRole(overlay: Overlay | undefined, name: string): OverlayRole | undefined {
  return overlay?.roles.find(role => sameName(role.name, name));
}
