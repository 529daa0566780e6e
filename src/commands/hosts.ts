import { access, constants, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { deviceQuestions, effectiveRolesQuestion, type Question, winningRole } from '../bcm/devices.ts';
import { problemIn } from '../bcm/output.ts';
import { invocation, scriptText } from '../bcm/script.ts';
import { type Diagnostic, hasErrors, type Outcome } from '../core/diagnostic.ts';
import { INPUT_FILE } from '../core/host.ts';
import type { Inventory } from '../core/inventory.ts';
import { readCommand } from '../core/read-command.ts';
import type { Connection } from '../core/transport.ts';
import { Findings } from '../playbook/findings.ts';
import { writtenByDevices } from '../playbook/inventory/devices.ts';
import { lay } from '../playbook/inventory/lay.ts';
import { varsBeside } from '../playbook/inventory/vars-beside.ts';
import type { Written } from '../playbook/inventory/written.ts';
import type { Io } from './io.ts';
import { varsFolders } from './vars-folders.ts';

const CMSH = '/cm/local/apps/cmd/bin/cmsh';
const TIMEOUT_MS = 30_000;

/**
 * The hosts: from the file that was named, or else, on a head node, from cmsh; with the vars that lie in `group_vars` and
 * `host_vars` beside that file and beside the playbook (a path), where there is one. Diagnostics `file-not-found`,
 * `invalid-inventory`, `bcm-refused`, and what is wrong with those vars.
 */
export async function loadInventory(io: Io, file: string | undefined, playbook?: string): Promise<Outcome<Inventory>> {
  const found = new Findings();
  const folders = varsFolders(io);
  const given = playbook === undefined ? [] : await varsBeside(posix.dirname(playbook), 'playbook', folders, found);
  if (file !== undefined) {
    const { readInventory } = await import('../playbook/inventory/inventory.ts');
    const { validators } = await import('../generated/validators.js');
    const text = await readFile(resolve(io.cwd, file), 'utf8').catch(() => undefined);
    if (text === undefined) {
      const hint = (await folders.list(file)) ? { hint: 'it is a folder: name one of the inventories in it' } : {};
      return fault('file-not-found', `there is no inventory ${file} that can be read`, hint);
    }
    given.unshift(...(await varsBeside(posix.dirname(file), 'inventory', folders, found)));
    const { value, diagnostics } = readInventory({ name: file, text }, validators.inventory, given);
    return outcome(value, [...diagnostics, ...found.diagnostics]);
  }
  const cmsh = await findCmsh(io);
  if (cmsh !== undefined) {
    const { value: written, diagnostics } = await writtenByCmsh(io, cmsh);
    const inventory = written && lay(written, given, found);
    return outcome(inventory, [...diagnostics, ...found.diagnostics]);
  }
  return fault('invalid-inventory', 'there is no inventory, and this is no head node: cmsh is not here', {
    hint: 'name one with -i FILE, or run quorate on the head node',
  });
}

function outcome(value: Inventory | undefined, diagnostics: readonly Diagnostic[]): Outcome<Inventory> {
  return value && !hasErrors(diagnostics) ? { value, diagnostics } : { diagnostics };
}

function fault(
  code: 'file-not-found' | 'invalid-inventory' | 'bcm-refused',
  message: string,
  more: { hint?: string } = {},
) {
  return { diagnostics: [{ code, severity: 'error' as const, message, ...more }] };
}

/** Where cmsh is on this machine; undefined where it is no head node. */
export async function findCmsh(io: Io): Promise<string | undefined> {
  const onPath = (io.env.PATH ?? '').split(':').map(folder => join(folder, 'cmsh'));
  for (const path of [CMSH, ...onPath]) {
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

async function writtenByCmsh(io: Io, cmsh: string): Promise<Outcome<Written>> {
  // Only here is a process started: lint, which never comes here, need not load what starts them.
  const { openLocal } = await import('../transports/local.ts');
  const connection = await openLocal({ name: hostname() }, `inventory-${io.random(4)}`, {
    clock: io.clock,
    environment: io.env,
  });
  const signal = new AbortController().signal;
  try {
    const devices = await ask('devices', connection, cmsh, deviceQuestions, signal);
    if (typeof devices === 'string')
      return fault('bcm-refused', `cmsh does not tell the devices: ${devices}`, downHint);
    const nodes = devices.filter(device => device.kind === 'node').map(device => device.name);
    const roles = await ask('roles', connection, cmsh, [effectiveRolesQuestion(nodes)], signal);
    if (typeof roles === 'string') return fault('bcm-refused', `cmsh does not tell the roles: ${roles}`, downHint);
    const etcd = nodes.filter(node => winningRole(roles.get(node) ?? [], 'Etcd::Host') !== undefined);
    return {
      value: writtenByDevices(devices, etcd, { origin: `cmsh on ${hostname()}`, local: hostname() }),
      diagnostics: [],
    };
  } finally {
    await connection.close();
  }
}

const downHint = {
  hint: 'look at it: systemctl status cmd; cmsh -c "device; list". Or name an inventory with -i FILE',
};

/** The first understood answer; a text says why there is none. */
async function ask<T>(
  name: string,
  connection: Connection,
  cmsh: string,
  questions: readonly Question<T>[],
  signal: AbortSignal,
): Promise<T | string> {
  let why = 'its answer is not understood';
  for (const [i, question] of questions.entries()) {
    const command = readCommand(invocation(INPUT_FILE, cmsh), {
      input: scriptText(question.commands),
      timeoutMs: TIMEOUT_MS,
    });
    const out = await connection.execute({ ...command, id: `${name}-${i}`, signal });
    const problem = problemIn(out);
    const answer = problem ? undefined : question.parse(out.stdout);
    if (answer !== undefined) return answer;
    why = problem?.message ?? why;
  }
  return why;
}
