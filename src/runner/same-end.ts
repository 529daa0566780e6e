import { executionKey } from '../core/event.ts';
import type { MembershipView, Risk } from '../core/guard.ts';
import type { SimulationFinding } from '../core/simulation.ts';
import { overlaysIn } from './foreseen.ts';
import type { SimulatedPass } from './simulated-pass.ts';

const ONCE =
  'use the module that looks first (etcdctl_member, cmsh_overlay, systemd_service), or give the command a `creates`';
const LOOK = 'let the conditions around it ask what is there, not what an earlier task changed';

type Found = Omit<SimulationFinding, 'killed' | 'times'>;

/** How a run that was killed and gone on with ended. `untold`: it can't be told whether it ended as it should. */
export interface Comparison {
  readonly found: readonly Found[];
  readonly untold: boolean;
}

/**
 * Compares the end of a run that was killed with that of an undisturbed one: how it ended, what was done twice or never, what
 * is at the end. A run that was begun `anew` may do again what is no change of the membership.
 */
export function compareEnds(undisturbed: SimulatedPass, pass: SimulatedPass, anew: boolean): Comparison {
  if (pass.outcome !== 'done') {
    const { outcome, message, hint } = pass;
    return { found: [{ kind: 'stops', outcome, message, ...(hint === undefined ? {} : { hint }) }], untold: false };
  }
  const done = counted(pass.made);
  const wanted = counted(undisturbed.made);
  const again = beyond(done, wanted);
  // That it is done already would be seen on the host, which the model does not have.
  if (anew && again.some(({ risk }) => risk.kind === 'service')) return { found: [], untold: true };
  const twice = again.filter(it => it.risk.kind === 'membership' || (!anew && !isRepeatable(it.risk)));
  const leftOut = anew ? [] : beyond(wanted, done);
  const found: Found[] = twice.map(({ text }) => ({
    kind: 'twice',
    message: `it would do twice: ${text}`,
    hint: ONCE,
  }));
  if (dependsOnMore(undisturbed, pass)) return { found, untold: found.length === 0 };
  const because = unforeseen(undisturbed, pass);
  found.push(
    ...leftOut.map(({ text }) => ({
      kind: 'left out' as const,
      message: `it would never do: ${text}${because}`,
      hint: LOOK,
    })),
  );
  if (found.length === 0) found.push(...otherEnds(undisturbed, pass, because));
  return { found, untold: false };
}

interface Counted {
  readonly risk: Risk;
  readonly text: string;
  readonly times: number;
}

function counted(risks: readonly Risk[]): ReadonlyMap<string, Counted> {
  const all = new Map<string, Counted>();
  for (const risk of risks) {
    // A lead may move by itself at any time; who leads in the end is compared.
    if (risk.kind === 'leadership') continue;
    const text = riskText(risk);
    all.set(text, { risk, text, times: (all.get(text)?.times ?? 0) + 1 });
  }
  return all;
}

const beyond = (some: ReadonlyMap<string, Counted>, others: ReadonlyMap<string, Counted>): readonly Counted[] =>
  [...some.values()].filter(({ text, times }) => times > (others.get(text)?.times ?? 0));

/** What is done again without a question was declared repeatable. */
const isRepeatable = ({ kind }: Risk): boolean => kind === 'opaque';

function riskText(risk: Risk): string {
  switch (risk.kind) {
    case 'membership': {
      const { name, peerUrl, id } = risk.member;
      return `${risk.change} ${peerUrl ?? name ?? id}`;
    }
    case 'service':
      return `${risk.effect} etcd on ${[...risk.hosts].sort().join(', ')}`;
    case 'configuration':
      return [...overlaysIn([risk])].map(([name, state]) => `overlay ${name} → ${state}`).join();
    case 'leadership':
      return `leadership to ${risk.to}`;
    case 'opaque':
      return risk.command;
  }
}

function otherEnds(undisturbed: SimulatedPass, pass: SimulatedPass, because: string): readonly Found[] {
  const end = (what: string, is: string, was: string): readonly Found[] =>
    is === was
      ? []
      : [
          {
            kind: 'other end',
            message: `${what} would be ${is || 'none'}, not ${was || 'none'}${because}`,
            hint: LOOK,
          },
        ];
  const overlays = (made: readonly Risk[]) =>
    [...overlaysIn(made)]
      .map(([name, state]) => `${name}: ${state}`)
      .sort()
      .join(' | ');
  return [
    ...end('the members', membersText(pass.members), membersText(undisturbed.members)),
    ...end('the overlays', overlays(pass.made), overlays(undisturbed.made)),
  ];
}

function membersText(view: MembershipView | undefined): string {
  const told = view?.members.map(
    ({ name, peerUrl, role, health, leader }) => `${name || peerUrl} (${role}, ${health}${leader ? ', leads' : ''})`,
  );
  return told?.sort().join(', ') ?? '';
}

/** True where something depends on what is not known, and did not in the undisturbed run. */
function dependsOnMore(undisturbed: SimulatedPass, pass: SimulatedPass): boolean {
  const open = (of: SimulatedPass) =>
    of.log.flatMap(entry => (entry.kind === 'ended' && entry.open && !isUnforeseen(entry.text) ? [keyOf(entry)] : []));
  const known = new Set(open(undisturbed));
  return open(pass).some(key => !known.has(key));
}

/** Why a change could not be foreseen that was in the undisturbed run: most likely it would fail. */
function unforeseen(undisturbed: SimulatedPass, pass: SimulatedPass): string {
  const known = new Set(
    undisturbed.log.flatMap(entry => (entry.kind === 'ended' && isUnforeseen(entry.text) ? [keyOf(entry)] : [])),
  );
  const first = pass.log.find(entry => entry.kind === 'ended' && isUnforeseen(entry.text) && !known.has(keyOf(entry)));
  return first?.kind === 'ended' ? `; “${first.record.where.name}” ${first.text}` : '';
}

const isUnforeseen = (text: string | undefined): boolean => text?.startsWith('cannot be foreseen: ') === true;
const keyOf = (entry: { record: { where: Parameters<typeof executionKey>[0] } }): string =>
  executionKey(entry.record.where);
