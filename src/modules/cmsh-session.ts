// Processes of cmsh on a host. What can't be read is an `Unreadable`, which callers turn into "not known".
import {
  type Device,
  deviceQuestions,
  type EffectiveRole,
  effectiveRolesQuestion,
  type Provisioning,
  type Question,
  statusQuestion,
} from '../bcm/devices.ts';
import { type CmshOutput, cleanLines, problemIn } from '../bcm/output.ts';
import type { Overlay, OverlayRole } from '../bcm/overlay.ts';
import {
  devicePath,
  type ObjectPath,
  overlayPath,
  parseTogether,
  readOne,
  readTogether,
  rolePath,
  type Values,
} from '../bcm/reading.ts';
import { invocation, scriptText } from '../bcm/script.ts';
import { readInteger, readNames, readNodes, readYesNo } from '../bcm/values.ts';
import { Failure } from '../core/failure.ts';
import type { Host, Probe, RunOptions } from '../core/host.ts';
import { INPUT_FILE } from '../core/host.ts';
import { readCommand } from '../core/read-command.ts';

/** Where BCM installs cmsh: not on the PATH of a session that is no login. */
const INSTALLED = '/cm/local/apps/cmd/bin/cmsh';

/** A process of cmsh takes part of a second; CMDaemon under load can take many. */
const READ_LIMIT_MS = 60_000;
const COMMIT_LIMIT_MS = 180_000;

/** cmsh could not be asked, or its answer not be understood. */
export class Unreadable extends Error {}

/** Runs commands that only look; an object that does not exist is `missing`, any other problem `Unreadable`. */
async function ask(probe: Probe, cmsh: string, commands: readonly string[]): Promise<string | undefined> {
  const path = await pathOf(probe, cmsh);
  const options: RunOptions = { input: scriptText(commands), timeoutMs: READ_LIMIT_MS };
  const out = await probe.read(readCommand(invocation(INPUT_FILE, path), options));
  const problem = problemIn(out);
  if (problem === undefined) return out.stdout;
  if (problem.kind === 'missing') return undefined;
  throw new Unreadable(complaint(probe.name, problem));
}

/** Runs commands that change something. Throws Failure `bcm-refused`; then nothing was committed. */
export async function change(
  host: Host,
  cmsh: string,
  commands: readonly string[],
  timeoutMs = COMMIT_LIMIT_MS,
): Promise<void> {
  const path = await pathOf(host, cmsh);
  const out = await host.run(invocation(INPUT_FILE, path), { input: scriptText(commands), timeoutMs });
  const problem = problemIn(out);
  if (problem === undefined) return;
  throw new Failure('bcm-refused', complaint(host.name, problem), {
    hint: 'nothing was committed; look at it in cmsh, then run the playbook again',
    result: { commands: [...commands] },
  });
}

function complaint(host: string, problem: ReturnType<typeof problemIn> & object): string {
  switch (problem.kind) {
    case 'no-cmsh':
      return `there is no cmsh on ${host}; this module runs on the active head node`;
    case 'not-connected':
      return `cmsh on ${host} can't reach CMDaemon: ${problem.message}`;
    default:
      return `cmsh on ${host}: ${problem.message}`;
  }
}

/** Where `cmsh` isn't on the PATH, where BCM installs it. */
function pathOf(probe: Probe, cmsh: string): Promise<string> {
  if (cmsh !== 'cmsh') return Promise.resolve(cmsh);
  return probe.memo('path of cmsh', async () => {
    const installed: CmshOutput = await probe.read(readCommand(['test', '-x', INSTALLED]));
    return installed.code === 0 ? INSTALLED : cmsh;
  });
}

/** Undefined: there is no such object. Every property is in the map. */
async function readObject(
  probe: Probe,
  cmsh: string,
  path: ObjectPath,
  properties: readonly string[],
): Promise<Values | undefined> {
  const together = await ask(probe, cmsh, readTogether(path, properties));
  if (together === undefined) return undefined;
  const values = parseTogether(path, properties, together);
  if (values !== undefined) return values;
  const singly = new Map<string, readonly string[]>();
  for (const property of properties) {
    const answer = await ask(probe, cmsh, readOne(path, property));
    if (answer === undefined) return undefined;
    singly.set(property, cleanLines(answer));
  }
  return singly;
}

/** An overlay with those of `roles` that it has; `etcdRole` among them names its etcd cluster. Undefined where there is no such overlay.. */
export async function readOverlay(
  probe: Probe,
  cmsh: string,
  name: string,
  roles: readonly string[],
  etcdRole: string,
): Promise<Overlay | undefined> {
  const values = await readObject(probe, cmsh, overlayPath(name), ['priority', 'allheadnodes', 'nodes', 'categories']);
  if (values === undefined) return undefined;
  const priority = readInteger(values.get('priority') ?? []);
  const allHeadNodes = readYesNo(values.get('allheadnodes') ?? []);
  const nodes = readNodes(values.get('nodes') ?? []);
  if (priority === undefined || allHeadNodes === undefined || nodes === undefined) {
    const shown = JSON.stringify(Object.fromEntries(values));
    throw new Unreadable(`what cmsh on ${probe.name} says of the overlay ${name} can't be read: ${shown}`);
  }
  const found = await Promise.all(roles.map(role => readRole(probe, cmsh, name, role, etcdRole)));
  return {
    name,
    priority,
    allHeadNodes,
    nodes,
    categories: readNames(values.get('categories') ?? []),
    roles: found.filter(role => role !== undefined),
  };
}

async function readRole(
  probe: Probe,
  cmsh: string,
  overlay: string,
  name: string,
  etcdRole: string,
): Promise<OverlayRole | undefined> {
  const isEtcd = name.toLowerCase() === etcdRole.toLowerCase();
  const properties = isEtcd ? ['options', 'etcdcluster'] : ['options'];
  const values = await readObject(probe, cmsh, rolePath(overlay, name.toLowerCase()), properties);
  if (values === undefined) return undefined;
  const etcdCluster = values.get('etcdcluster')?.[0]?.trim();
  const options = (values.get('options') ?? []).map(line => line.trim());
  return { name, options, ...(etcdCluster === undefined ? {} : { etcdCluster }) };
}

/** How a node boots, and its status. Undefined where BCM knows no such node. */
export async function readProvisioning(probe: Probe, cmsh: string, node: string): Promise<Provisioning | undefined> {
  const values = await readObject(probe, cmsh, devicePath(node), ['installmode', 'nextinstallmode', 'datanode']);
  if (values === undefined) return undefined;
  const dataNode = readYesNo(values.get('datanode') ?? []);
  const mode = (property: string): string => (values.get(property) ?? []).join(' ').trim();
  if (dataNode === undefined) {
    const shown = JSON.stringify(Object.fromEntries(values));
    throw new Unreadable(`what cmsh on ${probe.name} says of ${node} can't be read: ${shown}`);
  }
  const question = statusQuestion(node);
  const status = question.parse((await ask(probe, cmsh, question.commands)) ?? '') ?? '';
  return { status, installMode: mode('installmode'), nextInstallMode: mode('nextinstallmode'), dataNode };
}

/** Every head node and node that BCM knows. */
export function readDevices(probe: Probe, cmsh: string): Promise<readonly Device[]> {
  return askInTurn(probe, cmsh, deviceQuestions, 'the list of devices');
}

/** The roles in effect on each of `nodes`. */
export function readEffectiveRoles(
  probe: Probe,
  cmsh: string,
  nodes: readonly string[],
): Promise<ReadonlyMap<string, readonly EffectiveRole[]>> {
  return askInTurn(probe, cmsh, [effectiveRolesQuestion(nodes)], 'the roles in effect');
}

async function askInTurn<T>(probe: Probe, cmsh: string, questions: readonly Question<T>[], what: string): Promise<T> {
  let why = '';
  for (const { commands, parse } of questions) {
    try {
      const found = parse((await ask(probe, cmsh, commands)) ?? '');
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      why = `: ${error.message}`;
    }
  }
  throw new Unreadable(`${what} could not be read from cmsh on ${probe.name}${why}`);
}
