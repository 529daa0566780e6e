import { Fault } from './fault.ts';

const semantic = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Negative, zero or positive. Semantic versions by semver.org's rule 11 (so 3.5.0-rc.1 comes before 3.5.0), others part by part. */
export function compareVersions(left: string, right: string): number {
  const a = semantic.exec(left.trim());
  const b = semantic.exec(right.trim());
  if (!a || !b) return compareParts(looseParts(left), looseParts(right));
  const numbers = compareParts(a.slice(1, 4), b.slice(1, 4));
  if (numbers !== 0) return numbers;
  if (a[4] === b[4]) return 0;
  if (a[4] === undefined) return 1;
  if (b[4] === undefined) return -1;
  return compareParts(a[4].split('.'), b[4].split('.'));
}

function looseParts(version: string): readonly string[] {
  return (
    version
      .trim()
      .replace(/^v(?=\d)/, '')
      .match(/\d+|[a-zA-Z]+/g) ?? []
  );
}

/** Numbers by their value and before words; a version that goes on comes after one that ends. */
function compareParts(left: readonly string[], right: readonly string[]): number {
  for (const [i, a] of left.entries()) {
    const b = right[i];
    if (b === undefined) return 1;
    const digitsA = /^\d+$/.test(a);
    const digitsB = /^\d+$/.test(b);
    if (digitsA !== digitsB) return digitsA ? -1 : 1;
    const sign = digitsA ? Number(a) - Number(b) : a === b ? 0 : a < b ? -1 : 1;
    if (sign !== 0) return sign;
  }
  return left.length - right.length;
}

export const versionOperators = ['==', '=', 'eq', '!=', '<>', 'ne', '<', 'lt', '<=', 'le', '>', 'gt', '>=', 'ge'];

/** Throws `Fault` where the operator is none of `versionOperators`. */
export function versionHolds(left: string, operator: string, right: string): boolean {
  const sign = compareVersions(left, right);
  switch (operator) {
    case '==':
    case '=':
    case 'eq':
      return sign === 0;
    case '!=':
    case '<>':
    case 'ne':
      return sign !== 0;
    case '<':
    case 'lt':
      return sign < 0;
    case '<=':
    case 'le':
      return sign <= 0;
    case '>':
    case 'gt':
      return sign > 0;
    case '>=':
    case 'ge':
      return sign >= 0;
    default:
      throw new Fault(`versions cannot be compared by \`${operator}\``, versionOperators.join(' '));
  }
}
