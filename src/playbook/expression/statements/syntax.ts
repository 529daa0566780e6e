import type { Node, Word } from '../syntax.ts';

/** A parameter of a macro. */
export interface MacroParameter {
  readonly name: Word;
  /** Absent: it must be given. */
  readonly default: Node | undefined;
}

export interface MacroStatement {
  readonly kind: 'macro';
  readonly name: Word;
  readonly parameters: readonly MacroParameter[];
  readonly body: Body;
}

export interface ForStatement {
  readonly kind: 'for';
  /** Several: each item is a list that is taken apart. */
  readonly targets: readonly Word[];
  readonly over: Node;
  /** Only items for which it is true are met, and counted. */
  readonly filter: Node | undefined;
  readonly body: Body;
  /** Where there was no item. */
  readonly otherwise: Body;
}

export interface IfStatement {
  readonly kind: 'if';
  readonly branches: readonly { readonly condition: Node; readonly body: Body }[];
  readonly otherwise: Body;
}

/** A statement of a template file, or what stands between statements. */
export type Statement =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly of: Node }
  | IfStatement
  | ForStatement
  | { readonly kind: 'set'; readonly targets: readonly Word[]; readonly value: Node }
  /** `{% set ns.found = true %}`, for what `{% set ns = namespace(…) %}` made. */
  | { readonly kind: 'set-member'; readonly of: Word; readonly member: Word; readonly value: Node }
  /** `{% set text %}…{% endset %}`. `filtered`: an expression over `BODY`. */
  | { readonly kind: 'set-block'; readonly target: Word; readonly filtered: Node; readonly body: Body }
  | { readonly kind: 'filter'; readonly filtered: Node; readonly body: Body }
  | {
      readonly kind: 'with';
      readonly bindings: readonly { readonly name: Word; readonly value: Node }[];
      readonly body: Body;
    }
  | MacroStatement;

export type Body = readonly Statement[];

/** The name of what a block of text became, in the expression that filters it. Nobody can write it. */
export const BODY = '\u0001body';
