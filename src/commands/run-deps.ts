import { Failure } from '../core/failure.ts';
import type { Inventory } from '../core/inventory.ts';
import type { Module } from '../core/module.ts';
import type { Plan } from '../core/plan.ts';
import type { Recall } from '../core/recall.ts';
import { paramsOf } from '../core/validate.ts';
import type { Json } from '../core/value.ts';
import { etcdLock } from '../etcd-client/lock.ts';
import { validators } from '../generated/validators.js';
import { membershipGuard } from '../guards/membership.ts';
import type { Consent, RunDeps } from '../runner/deps.ts';
import type { Exit } from '../runner/exit.ts';
import { connector } from './connector.ts';
import { fullDisk } from './full-disk.ts';
import type { Io } from './io.ts';
import { readLocalFile } from './local-file.ts';
import { lockOwner } from './lock-owner.ts';
import { runsOver, stateDirectory } from './state.ts';

/** What is another in each command that runs a plan. */
export interface RunParts {
  readonly id: string;
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly exits: Exit;
  readonly interrupts: ReturnType<Io['catchInterrupts']>;
  readonly consent: Consent;
  readonly options: {
    readonly check?: boolean;
    readonly diff?: true;
    readonly forks: number;
    readonly allow?: readonly string[];
    readonly yes?: boolean;
    readonly assumeDone?: readonly string[];
    readonly repeat?: readonly string[];
  };
  /** What to type to run the same again. */
  readonly again: string;
  /** Of the journal that is kept; absent where none is. */
  readonly resume?: string;
  /** In a resume: what earlier processes did. */
  readonly recall?: Recall;
}

/** All that `run` of the runner needs of the outside, for every command that runs a plan, be it in check mode. */
export function runDeps(io: Io, parts: RunParts): RunDeps {
  const { id, plan, inventory, exits, interrupts, consent, options, again, resume, recall } = parts;
  const tell = (message: string) => exits.emit({ type: 'warning', message });
  const others = {
    over: runsOver(io),
    ...(recall ? { earlier: { signal: interrupts.stop, tell } } : {}),
  };
  return {
    run: id,
    inventory,
    connect: connector(io, id, others),
    guard: membershipGuard(),
    lock: etcdLock(lockOwner(io, id)),
    ownTrouble: async () => await fullDisk(stateDirectory(io), io.clock),
    access: { module: `etcd/${clusterName(plan)}` },
    localFile: (name, folders) => readLocalFile(io, name, folders),
    validate,
    emit: exits.emit,
    hide: exits.hide,
    derived: exits.derived,
    masked: exits.masked,
    clock: io.clock,
    ...interrupts,
    consent,
    options: {
      check: options.check === true,
      ...(options.diff ? { diff: true } : {}),
      forks: options.forks,
      allow: options.allow ?? [],
      yes: options.yes === true,
      assumeDone: options.assumeDone ?? [],
      repeat: options.repeat ?? [],
    },
    again,
    ...(resume === undefined ? {} : { resume }),
    ...(recall === undefined ? {} : { recall }),
  };
}

/** The shipped playbooks all take BCM's name of the cluster; one without it means the article's. */
function clusterName(plan: Plan): string {
  const given = plan.plays.map(play => play.params.etcd_cluster).find(value => typeof value === 'string');
  return given ?? 'kube-default';
}

function validate(module: Module, params: Json): Readonly<Record<string, Json>> {
  const filled = structuredClone(params);
  const [error] = paramsOf(module, validators)(filled);
  if (error) {
    const place = error.path.length > 0 ? `${module.name}: ${error.path.join('.')}` : module.name;
    throw new Failure('invalid-value', `${place} ${error.message}`, { hint: `quorate doc ${module.name}` });
  }
  // The module's schema, which it fulfils, is one of an object.
  return filled as Readonly<Record<string, Json>>;
}
