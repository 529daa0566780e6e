import { unreachable } from '../../core/event.ts';
import { Failure } from '../../core/failure.ts';
import type { ControlModule } from '../../core/module.ts';
import type { Json } from '../../core/value.ts';
import type { Performed } from '../result.ts';
import type { Trial } from '../trial.ts';

/** Does what a module asks of the runner. */
export function performControl(module: ControlModule, trial: Trial): Performed {
  const texts: string[] = [];
  let result: { readonly [key: string]: Json } = {};
  for (const effect of module.control(trial.params)) {
    switch (effect.kind) {
      case 'set-facts':
        for (const [name, value] of Object.entries(effect.facts))
          trial.session.foundOn(trial.where.host).set(name, value);
        result = { ...result, ...effect.facts };
        break;
      case 'show':
        texts.push(effect.text);
        break;
      case 'check':
        if (!effect.that)
          throw new Failure('condition-not-met', effect.message, effect.hint ? { hint: effect.hint } : {});
        break;
      default:
        return unreachable(effect);
    }
  }
  const text = texts.join('\n');
  return { kind: 'done', changed: false, changes: [], result, ...(text === '' ? {} : { text }) };
}
