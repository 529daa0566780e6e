import type { Health } from '../../src/etcd/cluster.ts';
import type { Weight } from '../../src/etcd/standing.ts';
import type { Step } from '../../src/etcd/weigh.ts';

/** `V+ V- L?` are members a, b, c: voters and learners, healthy (+), unhealthy (-) or unknown (?). */
export function membersIn(text: string): readonly Weight[] {
  const health: Readonly<Record<string, Health>> = { '+': 'healthy', '-': 'unhealthy', '?': 'unknown' };
  return text
    .split(' ')
    .filter(Boolean)
    .map((word, i) => ({
      id: 'abcdefgh'.charAt(i),
      role: word[0] === 'V' ? 'voter' : 'learner',
      health: health[word[1] ?? ''] ?? 'unknown',
    }));
}

/** `promote d`, `restart a,b together`, `add-learner`. */
export function stepIn(text: string): Step {
  const [kind = '', ids = '', how] = text.split(' ');
  switch (kind) {
    case 'add-learner':
    case 'add-voter':
      return { kind };
    case 'promote':
    case 'remove':
      return { kind, id: ids };
    case 'stop':
    case 'restart':
    case 'wipe':
    case 'restore':
      return { kind, ids: ids.split(','), together: how === 'together' };
    default:
      throw new Error(`no such step: ${text}`);
  }
}

/** The rows of a table: cells between bars, without its head and its rules. */
export function rowsOf(table: string): readonly (readonly string[])[] {
  const rows = table
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^[-| ]+$/.test(line))
    .map(line => line.split('|').map(cell => cell.trim()));
  return rows.slice(1);
}
