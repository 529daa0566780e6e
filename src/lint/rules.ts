import type { Diagnostic } from '../core/diagnostic.ts';
import type { Task } from '../core/plan.ts';
import type { Program } from './program.ts';
import { diagnosticOf, type Rule } from './rule.ts';
import { blindRetry } from './rules/blind-retry.ts';
import { commandForModule } from './rules/command-for-module.ts';
import { ignoredFailure } from './rules/ignored-failure.ts';
import { overlayLeft } from './rules/overlay-left.ts';
import { parallelChange } from './rules/parallel-change.ts';
import { removedBeforeAdded } from './rules/removed-before-added.ts';
import { secretInCommand } from './rules/secret-in-command.ts';
import { lateSnapshot, learnerSnapshot } from './rules/snapshots.ts';
import { uncheckedDelete } from './rules/unchecked-delete.ts';
import { unguardedStop } from './rules/unguarded-stop.ts';
import { unverifiedChange } from './rules/unverified-change.ts';
import { unwatchedPromotion } from './rules/unwatched-promotion.ts';
import { voterAdded } from './rules/voter-added.ts';

/** Every rule there is, in the order in which they are asked. */
export const rules: readonly Rule[] = [
  voterAdded,
  unwatchedPromotion,
  unverifiedChange,
  parallelChange,
  removedBeforeAdded,
  ignoredFailure,
  blindRetry,
  unguardedStop,
  lateSnapshot,
  learnerSnapshot,
  overlayLeft,
  uncheckedDelete,
  secretInCommand,
  commandForModule,
];

export function checkRules(program: Program): readonly Diagnostic[] {
  const told = new Set<Task>();
  return rules.flatMap(rule => {
    const found = [...rule.check(program)].filter(({ site }) => !(rule.afterOthers && told.has(site.task)));
    for (const { site } of found) told.add(site.task);
    return found.map(finding => diagnosticOf(rule, finding));
  });
}
