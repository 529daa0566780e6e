import { Failure } from '../core/failure.ts';
import type { Loop } from '../core/plan.ts';
import type { Value } from '../core/value.ts';
import { isList, Unknown } from '../core/value.ts';
import { type Names, valuesLayer } from './scope.ts';
import { textOf } from './values.ts';

/** One round of a loop: the names it sees, and what it is called. Without a loop there is one round without a label. */
export interface Round {
  readonly names: Names;
  readonly label?: string;
  readonly item?: Value;
}

/** The rounds of a loop; Unknown where its list is not known. Throws Failure where it is no list. */
export function roundsOf(loop: Loop, names: Names): readonly Round[] | Unknown {
  const over = loop.over.render(names);
  if (over instanceof Unknown) return over;
  if (!isList(over)) {
    throw new Failure('type-mismatch', `a loop needs a list, not ${textOf(over)}`, {
      span: loop.over.span,
      hint:
        typeof over === 'string' ? "a text of several items becomes a list by `| split(',')`" : 'write `[…]` around it',
    });
  }
  return over.map((item, index) => {
    const own = { [loop.variable]: item, ...(loop.indexVariable === undefined ? {} : { [loop.indexVariable]: index }) };
    const inner = names.with(valuesLayer('handed', own));
    return { names: inner, item, label: textOf(loop.label?.render(inner) ?? item) };
  });
}
