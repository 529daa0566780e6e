import { unreachable } from '../../core/event.ts';
import { Failure } from '../../core/failure.ts';
import type { ControlModule } from '../../core/module.ts';
import type { Json } from '../../core/value.ts';
import { factsHost } from '../facts.ts';
import { includeVars } from '../included.ts';
import type { Performed } from '../result.ts';
import type { Trial } from '../trial.ts';

/** Does what a module asks of the runner. */
export async function performControl(module: ControlModule, trial: Trial): Promise<Performed> {
  const texts: string[] = [];
  let result: { readonly [key: string]: Json } = {};
  let facts: { readonly [key: string]: Json } | undefined;
  for (const effect of module.control(trial.params)) {
    switch (effect.kind) {
      case 'set-facts':
        for (const [name, value] of Object.entries(effect.facts))
          trial.session.foundOn(factsHost(trial.task, trial.where)).set(name, value);
        result = { ...result, ...effect.facts };
        facts = { ...facts, ...effect.facts };
        break;
      case 'include-vars':
        includeVars(trial.task, factsHost(trial.task, trial.where), effect.file, trial.session);
        result = { ...result, ansible_included_var_files: [effect.file] };
        break;
      case 'show':
        texts.push(effect.text);
        break;
      case 'wait':
        await wait(effect.ms, trial);
        break;
      case 'ask':
        if (!trial.probe.check) result = { ...result, user_input: await ask(effect.text, trial) };
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
  return {
    kind: 'done',
    changed: false,
    changes: [],
    result,
    ...(facts ? { facts } : {}),
    ...(text === '' ? {} : { text }),
  };
}

/** In check mode there is nothing to wait for. */
async function wait(ms: number, { probe }: Trial): Promise<void> {
  if (probe.check) return;
  probe.progress({ text: `waiting ${ms / 1000} s` });
  await probe.clock.sleep(ms, probe.signal);
}

/** The first host asks, and the others go on with its answer. */
async function ask(text: string, { session, where }: Trial): Promise<string> {
  const { consent } = session.deps;
  if (!consent.prompt) {
    throw new Failure('task-failed', `somebody at a terminal is to be asked, and there is none: ${text}`, {
      hint: 'run it at a terminal, or give `pause` a time',
    });
  }
  const key = JSON.stringify([where.task, where.within, where.item]);
  const typed = session.typed.get(key) ?? consent.prompt(text);
  session.typed.set(key, typed);
  return await typed;
}
