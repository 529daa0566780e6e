import { hostname } from 'node:os';
import { relative, resolve } from 'node:path';
import type { Inventory } from '../core/inventory.ts';
import type { Plan } from '../core/plan.ts';
import type { Json } from '../core/value.ts';
import type { About } from '../journal/format.ts';
import type { Inputs } from '../playbook/inputs.ts';
import type { Playbook } from '../playbook/read-playbook.ts';
import { Mask } from '../runner/mask.ts';
import type { Io } from './io.ts';
import { packageVersion } from './package.ts';
import type { RunCommandOptions } from './run.ts';

/** A plan with all that it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly playbook: Playbook;
  readonly inventory: Inventory;
  readonly inputs: Inputs;
  /** Texts of the playbook and of what it includes, by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** What a journal says of its run: enough to make the same plan again. No secret is in it. */
export async function aboutRun(
  io: Io,
  playbook: string,
  { inventory: file, limit, tags, skipTags, modules, allow, forks }: RunCommandOptions,
  { plan, inventory, inputs, files }: Planned,
): Promise<About> {
  const mask = maskOf(plan);
  const secret = new Set(plan.plays.flatMap(play => play.secretParams));
  const given = Object.entries(inputs.values);
  return {
    version: await packageVersion(io),
    user: io.user,
    host: hostname(),
    cwd: io.cwd,
    playbook,
    options: {
      ...(file === undefined ? {} : { inventory: file }),
      ...(limit === undefined ? {} : { limit }),
      ...(tags === undefined ? {} : { tags }),
      ...(skipTags === undefined ? {} : { skipTags }),
      ...(modules === undefined ? {} : { modules }),
      ...(allow === undefined ? {} : { allow }),
      forks,
    },
    inputs: Object.fromEntries(given.filter(([name]) => !secret.has(name))),
    secrets: given.map(([name]) => name).filter(name => secret.has(name)),
    files: Object.fromEntries([...files].map(([path, text]) => [lastingPath(io, path), mask.apply(text)])),
    inventory: mask.apply(inventoryOf(inventory)),
  };
}

/** Masks what the plan's secret params are. */
export function maskOf(plan: Plan): Mask {
  const mask = new Mask();
  for (const play of plan.plays) for (const name of play.secretParams) mask.add(play.params[name] ?? null);
  return mask;
}

/** A path that is the same from another working directory, and for a shipped playbook on another machine. */
export function lastingPath(io: Io, path: string): string {
  const whole = resolve(io.cwd, path);
  const within = relative(io.packageRoot, whole);
  return within.startsWith('playbooks/') ? within : whole;
}

export function inventoryOf({ origin, hosts, groups }: Inventory): About['inventory'] {
  const fields = ({
    name,
    address,
    connection,
    user,
    port,
    identityFile,
    vars,
  }: NonNullable<ReturnType<typeof hosts.get>>) => ({
    name,
    address,
    connection,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(identityFile === undefined ? {} : { identity_file: identityFile }),
    vars: vars satisfies Readonly<Record<string, Json>>,
  });
  return { origin, hosts: [...hosts.values()].map(fields), groups: Object.fromEntries(groups) };
}
