import { expect } from 'vitest';
import { succeeded, type TestLab } from '../../support/lab.ts';
import {
  addByHand,
  isActive,
  leaderOf,
  removeByHand,
  replaceDisk,
  runPlaybook,
  startByHand,
  startLearnerByHand,
  until,
} from '../../support/runs.ts';
import type { Scenario } from './scenario.ts';

export type MemberCount = 1 | 3 | 5;

const node = (number: number): string => `node00${number}`;
const nodes = (count: number): string[] => Array.from({ length: count }, (_, i) => node(i + 1));
const without = (all: readonly string[], one: string): string[] => all.filter(name => name !== one);

/** What a single member allows none of: it is the last that there is. */
const refusedOnOne = (says: RegExp): Pick<Scenario, 'seconds' | 'voters' | 'end' | 'gap'> => ({
  seconds: 10,
  voters: nodes(1),
  end: { exit: 4, says },
  gap: 'calm',
});

function snapshot(members: MemberCount): Scenario {
  return {
    seconds: 15,
    inputs: ['keep=1'],
    voters: nodes(members),
    end: 'changes',
    // Each run takes new ones; `keep` leaves the newest of each member.
    again: 'changes',
    gap: 'calm',
    after: async lab => {
      const files = await lab.must('headnode', ['ls', '/cm/shared/backup/etcd']);
      expect(files.match(/node\d{3}/g)?.sort()).toEqual(nodes(members));
    },
  };
}

function moveLeader(members: MemberCount): Scenario {
  if (members === 1)
    return { ...refusedOnOne(/no healthy voter but node001 could lead/), inputs: ['away_from=node001'] };
  let led = '';
  return {
    seconds: 20,
    before: async lab => {
      led = await leaderOf(lab, node(1));
      return [`away_from=${led}`];
    },
    voters: nodes(members),
    end: 'changes',
    gap: 'calm',
    after: async lab => expect(await leaderOf(lab, node(1))).not.toBe(led),
  };
}

function removeMember(members: MemberCount): Scenario {
  if (members === 1) return { ...refusedOnOne(/node001 is the only voter/), inputs: ['node=node001'] };
  const gone = members === 3 ? node(3) : node(2);
  return {
    seconds: 45,
    inputs: [`node=${gone}`],
    voters: without(nodes(members), gone),
    end: 'changes',
    gap: 'calm',
    aside: [gone],
    after: async lab => expect(await isActive(lab, gone)).toBe(false),
  };
}

function addMember(members: MemberCount): Scenario {
  // An even number must be asked for; with 3 and 5 the node is one whose old data is still there.
  if (members === 1)
    return {
      seconds: 75,
      inputs: ['node=node002', 'even=true'],
      voters: nodes(2),
      end: 'changes',
      gap: 'all voters restart',
    };
  const added = node(members);
  return {
    seconds: 85,
    before: async lab => void (await removeByHand(lab, added, node(1))),
    inputs: [`node=${added}`],
    voters: nodes(members),
    end: 'changes',
    gap: 'all voters restart',
    aside: [added],
  };
}

function cancelAdd(members: MemberCount): Scenario {
  const stuck = node(members + 1);
  return {
    seconds: 45,
    // With three members BCM has started the learner, in the others nobody has.
    before: async lab => {
      await addByHand(lab, stuck, node(1));
      if (members === 3) await startLearnerByHand(lab, stuck, nodes(3));
    },
    inputs: [`node=${stuck}`],
    voters: nodes(members),
    end: 'changes',
    gap: 'calm',
    ...(members === 3 ? { aside: [stuck] } : {}),
    after: async lab => expect(await isActive(lab, stuck)).toBe(false),
  };
}

function extendToThree(members: MemberCount): Scenario {
  const wanted = members === 1 ? 3 : 5;
  return {
    seconds: members === 5 ? 90 : 135,
    // Five that lack one in the middle.
    ...(members === 5 ? { before: async (lab: TestLab) => void (await removeByHand(lab, node(4), node(1))) } : {}),
    inputs: [`nodes=${nodes(wanted).join(',')}`],
    voters: nodes(wanted),
    end: 'changes',
    gap: 'all voters restart',
    ...(members === 5 ? { aside: [node(4)] } : {}),
  };
}

function replaceFailed(members: MemberCount): Scenario {
  if (members === 1)
    return { seconds: 40, inputs: ['node=node001'], voters: nodes(1), end: 'nothing to do', gap: 'calm' };
  if (members === 3)
    return {
      seconds: 110,
      // BCM starts its etcd on the empty disk, and it dies.
      before: async lab => {
        await replaceDisk(lab, node(3));
        const log = ['sh', '-c', 'journalctl -u etcd | grep -q "has already been bootstrapped"'];
        await until('etcd says why it dies', async () => (await lab.exec(node(3), log)).exitCode === 0);
        return undefined;
      },
      inputs: ['node=node003'],
      voters: nodes(3),
      end: 'changes',
      gap: 'all voters restart',
    };
  return {
    seconds: 110,
    before: async lab => void succeeded(await lab.lab('fault', 'power-off', node(5))),
    inputs: ['node=node005', 'replacement=node006'],
    voters: [...nodes(4), node(6)],
    end: 'changes',
    gap: 'all voters restart',
  };
}

function migrate(members: MemberCount): Scenario {
  // The only member, or the first that quorate asks, goes away.
  const from = members === 5 ? node(4) : node(1);
  const to = node(members + 1);
  return {
    seconds: 105,
    inputs: [`from=${from}`, `to=${to}`],
    voters: [...without(nodes(members), from), to],
    end: 'changes',
    gap: 'all voters restart',
    aside: [from],
    after: async lab => expect(await isActive(lab, from)).toBe(false),
  };
}

function replaceOnline(members: MemberCount): Scenario {
  if (members === 1) return { ...refusedOnOne(/node001 is the only voter/), inputs: ['node=node001'] };
  const renewed = members === 3 ? node(3) : node(2);
  let boot = '';
  const bootOf = async (lab: TestLab) => (await lab.must(renewed, ['cat', '/proc/sys/kernel/random/boot_id'])).trim();
  return {
    seconds: 120,
    before: async lab => {
      boot = await bootOf(lab);
      return [`boot=${boot}`];
    },
    inputs: [`node=${renewed}`],
    voters: nodes(members),
    end: 'changes',
    gap: 'all voters restart',
    after: async lab => expect(await bootOf(lab)).not.toBe(boot),
  };
}

function backup(members: MemberCount): Scenario {
  if (members === 1) return { ...refusedOnOne(/no healthy voter but node001 could lead/), inputs: ['node=node001'] };
  const stopped = members === 3 ? node(3) : node(1);
  return {
    seconds: 50,
    inputs: [`node=${stopped}`],
    voters: nodes(members),
    inOverlay: without(nodes(members), stopped),
    end: 'changes',
    gap: 'calm',
    after: async lab => {
      expect(await isActive(lab, stopped)).toBe(false);
      await startByHand(lab, stopped, nodes(members));
    },
  };
}

function restore(members: MemberCount): Scenario {
  if (members === 1)
    return { seconds: 30, inputs: ['node=node001'], voters: nodes(1), end: 'nothing to do', gap: 'calm' };
  const back = members === 3 ? node(3) : node(5);
  return {
    seconds: 70,
    before: async lab => {
      expect(await runPlaybook(lab, ['backup-member', '-e', `node=${back}`])).toMatchObject({ exitCode: 0 });
      await lab.must(back, ['rm', '-rf', '/var/lib/etcd/member']);
      return undefined;
    },
    inputs: [`node=${back}`, '--allow voters-down'],
    voters: nodes(members),
    end: 'changes',
    gap: 'all voters restart',
  };
}

/** Each playbook, for each number of members that a cluster has at first. One node more than that is there, or two. */
export const scenarios: Readonly<Record<string, (members: MemberCount) => Scenario>> = {
  preflight: members => ({ seconds: 20, voters: nodes(members), end: 'nothing to do', gap: 'calm' }),
  verify: members => ({ seconds: 25, voters: nodes(members), end: 'nothing to do', gap: 'calm' }),
  snapshot,
  'move-leader': moveLeader,
  'remove-member': removeMember,
  'add-member': addMember,
  'cancel-add': cancelAdd,
  'extend-to-three': extendToThree,
  'replace-failed-member': replaceFailed,
  'migrate-member': migrate,
  'replace-online-member': replaceOnline,
  'backup-member': backup,
  'restore-member': restore,
};
