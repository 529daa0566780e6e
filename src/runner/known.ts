import type { RunEvent } from '../core/event.ts';
import type { ClusterAccess, KnownMembership, MembershipRisk, MembershipView, Risk } from '../core/guard.ts';

/** What a run knows of the memberships it works on: each as it was last seen, and the run's own changes since. */
export class Known {
  readonly #emit: (event: RunEvent) => void;
  readonly #clusters = new Map<string, { readonly view: MembershipView; readonly since: MembershipRisk[] }>();

  constructor(emit: (event: RunEvent) => void) {
    this.#emit = emit;
  }

  of(access: ClusterAccess): KnownMembership | undefined {
    return this.#clusters.get(JSON.stringify(access));
  }

  /** Between the first look and the last, only what differs from what was told before is told. */
  sees(access: ClusterAccess, view: MembershipView, moment: 'before' | 'between' | 'after'): void {
    const before = this.of(access);
    this.#clusters.set(JSON.stringify(access), { view, since: [] });
    if (moment === 'between' && before && membersText(before.view) === membersText(view)) return;
    this.#emit({ type: 'membership', moment, view });
  }

  /**
   * Changes are about to be made; from here on the members may be as before them or as after them. A cluster that is
   * restored from a snapshot is another one: nothing is known of it yet.
   */
  changes(risks: readonly Risk[]): void {
    for (const risk of risks) {
      if (risk.kind === 'membership') this.#clusters.get(JSON.stringify(risk.access))?.since.push(risk);
      if (risk.kind === 'service' && risk.effect === 'restore') this.#clusters.delete(JSON.stringify(risk.access));
    }
  }
}

/** "node001 (voter), node002 (learner)": the same as long as nobody comes, goes or is promoted. */
export function membersText({ members }: MembershipView): string {
  return members
    .map(member => `${member.name === '' ? member.id : member.name} (${member.role})`)
    .sort()
    .join(', ');
}
