import type { MembershipView, Standing } from '../core/guard.ts';
import { table } from './columns.ts';
import { type Paint, unpainted } from './paint.ts';
import { count, oneLine } from './words.ts';

/**
 * The members, one a line, and below them what the cluster can stand. Ends with a newline. `lags`: by ID, how many entries a
 * member is behind the leader; without it there is no such column.
 */
export function renderMembership(
  view: MembershipView,
  paint: Paint = unpainted,
  lags?: ReadonlyMap<string, number>,
): string {
  const lag = (text: string) => (lags ? [text] : []);
  const rows = inOrder(view).map(member => [
    oneLine(member.name) || '(not started)',
    member.role,
    paint(healthStyle[member.health], member.health),
    member.leader ? 'leader' : '',
    ...lag(String(lags?.get(member.id) ?? '-')),
    member.id,
    oneLine(member.peerUrl),
  ]);
  const head = ['NAME', 'ROLE', 'HEALTH', 'LEADER', ...lag('LAG'), 'ID', 'PEER URL'].map(title => paint('dim', title));
  return `${[...table([head, ...rows], lags ? [4] : []), standingLine(view.standing, paint)].join('\n')}\n`;
}

/** `3 voters, 0 learners; quorum 2; fault tolerance 1`, and who of them is healthy where not all are. */
export function standingLine(standing: Standing, paint: Paint = unpainted): string {
  const { voters, healthy, learners, quorum, margin } = standing;
  const sick = healthy === voters ? '' : paint('red', ` (${healthy} healthy)`);
  const stands = margin < 0 ? paint('red', 'no quorum') : `fault tolerance ${margin}`;
  return `${count(voters, 'voter')}${sick}, ${count(learners, 'learner')}; quorum ${quorum}; ${stands}`;
}

/** One line: `node001 (leader), node002, node003 (learner)`. */
export function memberNames(view: MembershipView): string {
  return inOrder(view)
    .map(member => {
      const notes = [
        ...(member.leader ? ['leader'] : []),
        ...(member.role === 'learner' ? ['learner'] : []),
        ...(member.health === 'healthy' ? [] : [member.health]),
      ];
      const name = oneLine(member.name) || `(not started, ${member.id})`;
      return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
    })
    .join(', ');
}

/** By name, as people look for them; those that never started, and so have none, at the end. */
function inOrder(view: MembershipView): MembershipView['members'] {
  return view.members.toSorted(
    (a, b) => Number(a.name === '') - Number(b.name === '') || a.name.localeCompare(b.name, 'en'),
  );
}

const healthStyle = { healthy: 'green', unhealthy: 'red', unknown: 'yellow' } as const;
