interface Base {
  /** Offsets in the text that holds the expression; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** A word of an expression with its place: the name of a filter, an attribute, an argument. */
export interface Word extends Base {
  readonly text: string;
}

export interface NamedArgument {
  readonly name: Word;
  readonly value: Node;
}

export interface Arguments {
  readonly positional: readonly Node[];
  readonly named: readonly NamedArgument[];
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

type LiteralNode = Base & {
  readonly kind: 'literal';
  readonly value: null | boolean | number | string;
  /** Written with a point or an exponent: `2.0`. */
  readonly decimal: boolean;
};
type NameNode = Base & { readonly kind: 'name'; readonly name: string };
type ListNode = Base & { readonly kind: 'list'; readonly items: readonly Node[] };
export type MapNode = Base & { readonly kind: 'map'; readonly entries: readonly (readonly [Node, Node])[] };
export type AttributeNode = Base & { readonly kind: 'attribute'; readonly of: Node; readonly name: Word };
export type IndexNode = Base & { readonly kind: 'index'; readonly of: Node; readonly index: Node };
type SliceNode = Base & {
  readonly kind: 'slice';
  readonly of: Node;
  readonly from: Node | undefined;
  readonly to: Node | undefined;
  readonly step: Node | undefined;
};
/** `range(3)`. */
export type CallNode = Base & { readonly kind: 'call'; readonly name: Word; readonly args: Arguments };
/** `text.split(',')`. */
export type MethodNode = Base & {
  readonly kind: 'method';
  readonly of: Node;
  readonly name: Word;
  readonly args: Arguments;
};
export type FilterNode = Base & {
  readonly kind: 'filter';
  readonly of: Node;
  readonly name: Word;
  readonly args: Arguments;
};
export type TestNode = Base & {
  readonly kind: 'test';
  readonly of: Node;
  readonly name: Word;
  readonly args: Arguments;
  readonly negated: boolean;
};
type SignNode = Base & { readonly kind: 'sign'; readonly operator: '-' | '+'; readonly of: Node };
type NotNode = Base & { readonly kind: 'not'; readonly of: Node };
export type LogicNode = Base & {
  readonly kind: 'logic';
  readonly operator: 'and' | 'or';
  readonly left: Node;
  readonly right: Node;
};
type ArithmeticNode = Base & {
  readonly kind: 'arithmetic';
  readonly operator: ArithmeticOperator;
  readonly left: Node;
  readonly right: Node;
};
/** `a ~ b ~ c`. */
type JoinNode = Base & { readonly kind: 'join'; readonly items: readonly Node[] };
/** `1 < a <= 3`: each operand is compared with the one before it. */
export type CompareNode = Base & {
  readonly kind: 'compare';
  readonly first: Node;
  readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Node }[];
};
export type TernaryNode = Base & {
  readonly kind: 'ternary';
  readonly condition: Node;
  readonly value: Node;
  /** Absent: the value is undefined where the condition is false. */
  readonly otherwise: Node | undefined;
};

export type Node =
  | LiteralNode
  | NameNode
  | ListNode
  | MapNode
  | AttributeNode
  | IndexNode
  | SliceNode
  | CallNode
  | MethodNode
  | FilterNode
  | TestNode
  | SignNode
  | NotNode
  | LogicNode
  | ArithmeticNode
  | JoinNode
  | CompareNode
  | TernaryNode;

/** `a`, `a.b`, `a['b']` and `a.0` as one text, by which tests for being defined are matched with uses. */
export function pathOf(node: Node): string | undefined {
  switch (node.kind) {
    case 'name':
      return node.name;
    case 'attribute': {
      const base = pathOf(node.of);
      return base === undefined ? undefined : `${base}.${node.name.text}`;
    }
    case 'index': {
      const base = pathOf(node.of);
      if (base === undefined || node.index.kind !== 'literal' || node.index.value === null) return undefined;
      return `${base}.${String(node.index.value)}`;
    }
    default:
      return undefined;
  }
}

/** The paths, with all that lead to them, that are surely defined where a condition came out as `outcome`. */
export function definedWhere(node: Node, outcome: boolean): readonly string[] {
  switch (node.kind) {
    case 'not':
      return definedWhere(node.of, !outcome);
    case 'logic':
      if ((node.operator === 'and') !== outcome) return [];
      return [...definedWhere(node.left, outcome), ...definedWhere(node.right, outcome)];
    case 'test': {
      if (node.name.text !== 'defined' && node.name.text !== 'undefined') return [];
      const defined = (node.name.text === 'defined') !== node.negated;
      return defined === outcome ? pathsTo(node.of) : [];
    }
    default:
      return [];
  }
}

/** What is true as a whole where a condition came out as `outcome`: each `and`ed part of it, or the opposite of each `or`ed one. */
export function partsWhere(node: Node, outcome: boolean): readonly Node[] {
  if (node.kind === 'not') return partsWhere(node.of, !outcome);
  if (node.kind === 'logic' && (node.operator === 'and') === outcome) {
    return [...partsWhere(node.left, outcome), ...partsWhere(node.right, outcome)];
  }
  return [outcome ? node : { kind: 'not', of: node, start: node.start, end: node.end }];
}

/** The same for expressions that differ in nothing but how they are written. */
export function identityOf(node: Node): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'start' || key === 'end' ? undefined : value));
}

function pathsTo(node: Node): readonly string[] {
  const path = pathOf(node);
  if (path === undefined) return [];
  return node.kind === 'attribute' || node.kind === 'index' ? [...pathsTo(node.of), path] : [path];
}
