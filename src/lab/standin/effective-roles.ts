// Which roles a node has, and where from: the device itself, overlays, its category. The highest priority wins.
import type { CmObject, Role, State } from './state.ts';

const DEVICE_PRIORITY = 750;
const CATEGORY_PRIORITY = 250;

export interface EffectiveRole {
  readonly role: Role;
  readonly from: 'node' | 'overlay' | 'category';
  /** The name of that device, overlay or category. */
  readonly name: string;
  readonly priority: number;
}

/**
 * The roles of a device, one a name, by name. An overlay applies to its nodes, to the nodes of its categories and, where
 * it says so, to the head node; a priority below 0 switches it off. At equal priorities the first overlay by name wins
 * (what the real one does then isn't known).
 */
export function effectiveRoles(state: State, device: CmObject): EffectiveRole[] {
  const category = state.objects.category.find(candidate => candidate.name === device.values.category);
  const overlays = [...state.objects.configurationoverlay].sort((a, b) => (a.name < b.name ? -1 : 1));
  const candidates: EffectiveRole[] = [
    ...rolesOf(device, 'node', DEVICE_PRIORITY),
    ...overlays
      .filter(overlay => appliesTo(overlay, device))
      .flatMap(overlay => rolesOf(overlay, 'overlay', overlayPriority(overlay))),
    ...(category === undefined ? [] : rolesOf(category, 'category', CATEGORY_PRIORITY)),
  ];
  const best = new Map<string, EffectiveRole>();
  for (const candidate of candidates) {
    const rival = best.get(candidate.role.name);
    if (candidate.priority >= 0 && (rival === undefined || candidate.priority > rival.priority))
      best.set(candidate.role.name, candidate);
  }
  return [...best.values()].sort((a, b) => (a.role.name < b.role.name ? -1 : 1));
}

function rolesOf(object: CmObject, from: EffectiveRole['from'], priority: number): EffectiveRole[] {
  return object.roles.map(role => ({ role, from, name: object.name, priority }));
}

function overlayPriority(overlay: CmObject): number {
  return typeof overlay.values.priority === 'number' ? overlay.values.priority : 500;
}

function appliesTo(overlay: CmObject, device: CmObject): boolean {
  const { nodes, categories, allheadnodes } = overlay.values;
  if (Array.isArray(nodes) && nodes.includes(device.name)) return true;
  if (allheadnodes === true && device.values.type === 'HeadNode') return true;
  return Array.isArray(categories) && categories.some(name => name === device.values.category);
}
