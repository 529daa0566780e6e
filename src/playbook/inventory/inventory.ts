import { hasErrors, type Outcome } from '../../core/diagnostic.ts';
import type { Inventory } from '../../core/inventory.ts';
import type { Source } from '../../core/source.ts';
import type { Validate } from '../../core/validate.ts';
import { startOf } from '../document.ts';
import { Findings } from '../findings.ts';
import { type GivenVars, lay } from './lay.ts';
import { readWritten } from './read.ts';

/** Reads an inventory, with the vars that are `given` beside it and beside the playbook. Never throws. */
export function readInventory(
  source: Source,
  validate: Validate,
  given: readonly GivenVars[] = [],
): Outcome<Inventory> {
  const found = new Findings();
  const written = readWritten(source, validate, found);
  const inventory = written && lay(written, given, found);
  if (inventory?.hosts.size === 0 && !hasErrors(found.diagnostics)) {
    found.error(
      'invalid-inventory',
      { ...startOf(source), end: source.text.trimEnd().length },
      `${source.name} has no hosts`,
      {
        hint: 'a group has `hosts:`, and below it a name a line',
      },
    );
  }
  const { diagnostics } = found;
  return inventory && !hasErrors(diagnostics) ? { value: inventory, diagnostics } : { diagnostics };
}
