import type { Json } from '../core/value.ts';
import type { Inputs } from '../playbook/inputs.ts';
import { faultOf, fromText } from '../playbook/param-schema.ts';
import type { Playbook } from '../playbook/read-playbook.ts';
import { ask, canAsk } from './ask.ts';
import type { Io } from './io.ts';

/**
 * The inputs with those that the playbook needs and nobody gave, asked for one by one until each is as its schema wants it. As they are
 * where there is no terminal. Throws `Cancelled` at Ctrl-C and at the end of the input.
 */
export async function withAsked(io: Io, { plays }: Playbook, inputs: Inputs): Promise<Inputs> {
  if (!canAsk(io)) return inputs;
  const values: Record<string, Json> = { ...inputs.values };
  for (const param of plays.flatMap(play => play.params)) {
    if (param.default || Object.hasOwn(values, param.name)) continue;
    const { name, description, secret, schema } = param;
    const about = [description, secret ? 'secret: it is not shown' : ''].filter(Boolean).join('; ');
    for (;;) {
      const typed = await ask(io, `${name}${about === '' ? '' : ` (${about})`}: `, { secret });
      if (typed === undefined) return inputs;
      const value = fromText(schema, typed);
      const fault = typed === '' ? 'is needed' : faultOf(schema, value);
      if (fault === undefined) {
        values[name] = value;
        break;
      }
      io.out.write(`  ${name} ${secret && typed !== '' ? 'is not as its schema wants it' : fault}\n`);
    }
  }
  return { ...inputs, values };
}
