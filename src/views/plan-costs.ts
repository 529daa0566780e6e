// What a change costs besides its verdict. The times are gaps between acknowledged writes of a client with a time limit of
// 1 s, measured on the practice cluster and on one machine with default settings; a slow disk or a long way makes them longer.
import { unreachable } from '../core/event.ts';
import type { Verdict } from '../core/guard.ts';

/** Why there is no way back after this; undefined where there is one. */
export function noReturnOf({ risk }: Verdict): string | undefined {
  switch (risk.kind) {
    case 'membership': {
      const who = risk.member.name ?? risk.member.peerUrl ?? risk.member.id ?? 'the member';
      switch (risk.change) {
        case 'promote':
        case 'add-voter':
          return `from then on ${who} counts towards the quorum, and it takes a quorum to remove it again`;
        case 'remove':
          return `${who} can only come back as a new member, with an empty data directory`;
        case 'add-learner':
          return undefined;
        default:
          return unreachable(risk.change);
      }
    }
    case 'service':
      switch (risk.effect) {
        case 'wipe':
          return `the data of ${risk.hosts.join(', ')} is taken away, and can't be used again once the cluster went on without it`;
        case 'restore':
          return `what was written after the snapshot is not in the new cluster; the old data of ${risk.hosts.join(', ')} stays aside`;
        case 'stop':
        case 'restart':
          return undefined;
        default:
          return unreachable(risk.effect);
      }
    case 'opaque':
      return 'what the command does is not known';
    case 'configuration':
    case 'leadership':
      return undefined;
    default:
      return unreachable(risk);
  }
}

/** How long writes are expected to stop; undefined where they are not. */
export function interruptionOf({ kind, risk, before, after }: Verdict): string | undefined {
  switch (risk.kind) {
    case 'membership':
      return risk.change === 'remove' ? 'at most 0.2 s; leadership moves away first where it leads' : undefined;
    case 'service':
      if (kind === 'refused' && after !== undefined && after.margin < 0) return 'for good';
      // A learner, or a host without a member.
      if (before === undefined || before.healthy === after?.healthy) return undefined;
      if (kind !== 'interrupts') return 'at most 0.2 s, where it leads';
      return risk.hosts.length > 1
        ? `${risk.hosts.join(', ')} restart at the same moment: 1.4 to 6.6 s were measured`
        : `${risk.hosts.join(', ')} restarts: 1.4 to 2.9 s were measured`;
    case 'opaque':
    case 'configuration':
    case 'leadership':
      return undefined;
    default:
      return unreachable(risk);
  }
}
