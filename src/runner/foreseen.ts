import { Failure } from '../core/failure.ts';
import type { OverlayState, Risk } from '../core/guard.ts';

/** What a rehearsal said that BCM's overlays would become, by the execution of a task. */
export class Foreseen {
  readonly #overlays = new Map<string, ReadonlyMap<string, string>>();

  note(execution: string, risks: readonly Risk[]): void {
    const overlays = overlaysIn(risks);
    if (overlays.size > 0) this.#overlays.set(execution, overlays);
  }

  takeOver(other: Foreseen): void {
    for (const [execution, overlays] of other.#overlays) this.#overlays.set(execution, overlays);
  }

  /**
   * Throws Failure `guard-refused` where an overlay would now become something else than what was shown: somebody else has
   * changed it since. What was not foreseen is not compared.
   */
  confirm(execution: string, risks: readonly Risk[]): void {
    const shown = this.#overlays.get(execution);
    if (!shown) return;
    for (const [name, now] of overlaysIn(risks)) {
      const before = shown.get(name);
      if (before === undefined || before === now) continue;
      throw new Failure(
        'guard-refused',
        `somebody else is changing the overlay ${name}: it would become ${now}, and the course that was shown said ${before}`,
        { hint: 'find out who; then run the playbook again: it shows the course anew' },
      );
    }
  }
}

/** What overlays become by risks, as text; of each the last. */
export function overlaysIn(risks: readonly Risk[]): Map<string, string> {
  return new Map(
    risks.flatMap(risk => (risk.kind === 'configuration' ? [[risk.overlay, stateText(risk.becomes)] as const] : [])),
  );
}

function stateText(state: OverlayState | undefined): string {
  if (!state) return 'removed';
  const { priority, allHeadNodes, nodes, categories, roles } = state;
  const list = (words: readonly string[]) => (words.length === 0 ? 'none' : [...words].sort().join(','));
  const options = roles.flatMap(role => role.options.map(option => `${role.name} ${option}`));
  return [
    `nodes ${list(nodes)}`,
    `categories ${list(categories)}`,
    `head nodes ${allHeadNodes ? 'yes' : 'no'}`,
    `priority ${priority}`,
    `options ${list(options)}`,
  ].join('; ');
}
