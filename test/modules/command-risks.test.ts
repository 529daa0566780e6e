// What is seen of the commands in a shell's text: by lint, which knows modules for some, and by the guard, which names what is plain in it.
import { describe, expect, test } from 'vitest';
import { commandRisks, commandsIn } from '../../src/modules/command-risks.ts';

describe("the commands in a shell's text", () => {
  /** Of each command the words, with `·` between them. */
  test.each<[string, string[]]>([
    ['a; b && c | d & e', ['a', 'b', 'c', 'd', 'e']],
    ['cmsh -c "device; use node001; status"', ['cmsh·-c·device; use node001; status']],
    ["sh -c 'a; b' || c", ['sh·-c·a; b', 'c']],
    ['x=$(etcdctl member list)\necho "$x"', ['x=$(etcdctl·member·list)', 'echo·$x', 'etcdctl·member·list']],
    ['kill $(pidof etcd; true)', ['kill·$(pidof·etcd;·true)', 'pidof·etcd', 'true']],
    ['echo "$(etcdctl member remove 1)"', ['echo·$(etcdctl member remove 1)', 'etcdctl·member·remove·1']],
    ["echo `date` '$(no)'", ['echo·`date`·$(no)', 'date']],
    ['A=1 ETCDCTL_API="3" etcdctl member list; B=2', ['etcdctl·member·list', 'B=2']],
    ['(cd / && ls)', ['cd·/', 'ls']],
    ['if sudo systemctl stop etcd; then true; fi', ['systemctl·stop·etcd', 'true', 'fi']],
    ['a \\\n  b \\; c', ['a·b·;·c']],
    // No shell runs this: what can be read of it is.
    ["echo it's; b", ['b']],
  ])('%s', (script, wanted) => {
    expect(commandsIn(['sh', '-c', script]).map(words => words.join('·'))).toEqual(wanted);
  });

  test('are named by what they cost, wherever they stand in it; as a whole it is not understood', () => {
    const found = commandRisks(['bash', '-c', 'echo "a; b $(etcdctl member remove 8e9e05c52164694d)"'], 'node001');
    expect(found.map(({ kind }) => kind)).toEqual(['membership', 'opaque']);
  });
});
