import type { TObject, TSchema } from 'typebox';
import {
  type ActModule,
  act,
  type ControlModule,
  type ConvergeModule,
  control,
  converge,
  type Module,
  type ObserveModule,
  observe,
} from '../core/module.ts';

/** A module as it is written, of one of the four kinds. `S` is the state that a converging one finds. */
export type Definition<P extends TObject, R extends TSchema, S> =
  | ObserveModule<P, R>
  | ConvergeModule<P, R, S>
  | ActModule<P, R>
  | ControlModule<P, R>;

/**
 * A module of the user's own: the default export of `modules/NAME.ts` (or .mts, .js, .mjs). The types of its parameters and of
 * its result come from its schemas.
 */
export function defineModule<P extends TObject, R extends TSchema, S>(definition: Definition<P, R, S>): Module {
  switch (definition.kind) {
    case 'observe':
      return observe(definition);
    case 'converge':
      return converge(definition);
    case 'act':
      return act(definition);
    case 'control':
      return control(definition);
  }
}
