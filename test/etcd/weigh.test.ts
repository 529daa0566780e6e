import { describe, expect, test } from 'vitest';
import { standingOf } from '../../src/etcd/standing.ts';
import { weigh } from '../../src/etcd/weigh.ts';
import { membersIn, rowsOf, stepIn } from './notation.ts';

// Margin: healthy voters beyond the quorum, before → at the worst moment of the step.
const table = `
  members          | step                  | snapshot | verdict    | grounds         | margin
  -----------------|-----------------------|----------|------------|-----------------|--------
  V+               | add-learner           | no       | safe       | no-vote         | 0 → 0
  V+ V+ V+         | add-learner           | no       | safe       | no-vote         | 1 → 1
  V+ V+ V-         | add-learner           | no       | refused    | voters-down     | 0 → 0
  V+               | add-voter             | no       | refused    | quorum-lost     | 0 → -1
  V+ V+            | add-voter             | no       | safe       | no-loss         | 0 → 0
  V+ V+ V+         | add-voter             | no       | fragile    | falls-to-zero   | 1 → 0
  V+ L+            | promote b             | no       | safe       | no-loss         | 0 → 0
  V+ L-            | promote b             | no       | refused    | learner-down    | 0 → -1
  V+ L?            | promote b             | no       | refused    | learner-down    | 0 → -1
  V+ V+ L+         | promote c             | no       | safe       | no-loss         | 0 → 1
  V+ V- L+         | promote c             | no       | refused    | voters-down     | -1 → 0
  V+ V+ V+ L-      | promote d             | no       | refused    | learner-down    | 1 → 0
  V+ V+ V+ L+      | promote d             | no       | safe       | no-loss         | 1 → 1
  V+ V+            | promote b             | no       | safe       | no-vote         | 0 → 0
  V+               | remove a              | no       | refused    | last-voter      | 0 → -1
  V+ V+            | remove b              | no       | safe       | no-loss         | 0 → 0
  V+ V-            | remove b              | no       | safe       | no-loss         | -1 → 0
  V+ V-            | remove a              | no       | refused    | voters-down     | -1 → -1
  V+ V+ V+         | remove c              | no       | fragile    | falls-to-zero   | 1 → 0
  V+ V+ V-         | remove c              | no       | safe       | no-loss         | 0 → 0
  V+ V+ V-         | remove a              | no       | refused    | quorum-lost     | 0 → -1
  V+ V- V-         | remove c              | no       | safe       | lost-already    | -1 → -1
  V+ V+ V+ L-      | remove d              | no       | safe       | no-vote         | 1 → 1
  V+ V+ V- L+      | remove d              | no       | safe       | no-vote         | 0 → 0
  V+ V+ V+ V+ V+   | remove e              | no       | safe       | no-loss         | 2 → 1
  V+               | restart a             | no       | refused    | no-snapshot     | 0 → -1
  V+               | restart a             | yes      | interrupts | heals-by-itself | 0 → -1
  V+ V+            | restart a,b together  | yes      | interrupts | heals-by-itself | 0 → -2
  V+ V+ V+         | restart a,b,c together| yes      | interrupts | heals-by-itself | 1 → -2
  V+ V+ V+         | restart a,b,c together| no       | refused    | no-snapshot     | 1 → -2
  V+ V+ V-         | restart a,b,c together| yes      | refused    | voters-down     | 0 → -2
  V+ V+ V+         | restart a,b,c         | no       | fragile    | falls-to-zero   | 1 → 0
  V+ V+ V+         | restart b             | no       | fragile    | falls-to-zero   | 1 → 0
  V+ V+ V-         | restart c             | no       | safe       | no-loss         | 0 → 0
  V+ V- V-         | restart b             | no       | safe       | lost-already    | -1 → -1
  V+ V+ L+         | restart c             | no       | safe       | no-vote         | 0 → 0
  V+ V+ V+         | stop c                | no       | fragile    | falls-to-zero   | 1 → 0
  V+ V+ V+         | stop b,c together     | yes      | refused    | quorum-lost     | 1 → -1
  V+               | stop a                | yes      | refused    | quorum-lost     | 0 → -1
  V+ V+            | stop b                | yes      | refused    | quorum-lost     | 0 → -1
  V+ V+ V-         | stop c                | no       | safe       | no-loss         | 0 → 0
  V+ V+ V+ V+ V+   | stop e                | no       | safe       | no-loss         | 2 → 1
  V+ V+ V-         | stop a                | no       | refused    | quorum-lost     | 0 → -1
  V+ V+ V-         | restart a             | yes      | refused    | voters-down     | 0 → -1
  V+ V+ V+ V+ V-   | stop a                | no       | refused    | voters-down     | 1 → 0
  V+ V+ V+         | wipe c                | no       | fragile    | falls-to-zero   | 1 → 0
  V+ V+ V-         | wipe c                | no       | safe       | no-loss         | 0 → 0
  V+ V- V-         | wipe c                | no       | refused    | only-copy       | -1 → -1
  V+ V- V- L-      | wipe d                | no       | safe       | no-vote         | -1 → -1
  V+ V- V-         | restore b             | no       | safe       | lost-already    | -1 → -1
  V+ V- V-         | restore a             | no       | refused    | quorum-lost     | -1 → -2
  V+ V+ V-         | restore c             | no       | refused    | has-quorum      | 0 → 0
  V+ V- V-         | restore z             | no       | safe       | no-vote         | -1 → -1
  V+ V+ V+         | stop z                | no       | safe       | no-vote         | 1 → 1
`;

describe('weigh', () => {
  test.each(rowsOf(table))(
    '%s: %s, snapshot %s → %s',
    (members = '', step = '', snapshot, verdict, grounds, margin) => {
      const w = weigh(membersIn(members), stepIn(step), { snapshotFresh: snapshot === 'yes' });
      expect([w.kind, w.grounds, `${w.before.margin} → ${w.after.margin}`]).toEqual([verdict, grounds, margin]);
    },
  );
});

describe('standing', () => {
  test.each(
    rowsOf(`
      members             | voters | healthy | learners | quorum | margin
      V+                  | 1      | 1       | 0        | 1      | 0
      V+ V+               | 2      | 2       | 0        | 2      | 0
      V+ V+ V+            | 3      | 3       | 0        | 2      | 1
      V+ V+ V- L?         | 3      | 2       | 1        | 2      | 0
      V+ V+ V+ V+         | 4      | 4       | 0        | 3      | 1
      V+ V+ V? V- V+      | 5      | 3       | 0        | 3      | 0
    `),
  )('%s', (members = '', ...numbers) => {
    const s = standingOf(membersIn(members));
    expect([s.voters, s.healthy, s.learners, s.quorum, s.margin].map(String)).toEqual(numbers);
  });
});
