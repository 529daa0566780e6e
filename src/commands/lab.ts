import { Argument, Command, CommanderError, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { execa } from 'execa';
import { checkpoint, restore } from '../lab/checkpoint.ts';
import { faults, inflict, isFault, setProfile, setStandInFault } from '../lab/faults.ts';
import { type Lab, leaderOf } from '../lab/hosts.ts';
import { inHostArgv } from '../lab/in-host.ts';
import { type Machine, thisMachine, thisProcess } from '../lab/machine.ts';
import { checkCheckpointName, checkLabName } from '../lab/names.ts';
import { labPaths } from '../lab/paths.ts';
import { LabProblem } from '../lab/problem.ts';
import { hostOf, labNames, mustReadRecord, readRecord } from '../lab/record.ts';
import { installMissing, labRequirements, requirementsProblem } from '../lab/requirements.ts';
import type { Profile } from '../lab/standin/state.ts';
import { type LabStatus, labStatus, statusText, unfinishedStatus } from '../lab/status.ts';
import { down, locked, up } from '../lab/up.ts';
import { checkWriter, foundText, startWriter, stopWriter, writtenText } from '../lab/writing.ts';
import { exit, type Io } from './io.ts';

const profiles = ['strict', 'lax', 'silent'] as const satisfies readonly Profile[];
/** The article's delays would make a practice run wait minutes; this keeps their order and proportions. */
const quickScale = 0.05;

const nameOption = () => new Option('--name <name>', 'which lab').default('default').argParser(checkLabName);

/** `quorate lab …`; `words` are what stands after `lab`. Answers the exit code. */
export async function labCommand(io: Io, words: readonly string[]): Promise<number> {
  const { stop } = interruptible(words) ? io.catchInterrupts() : { stop: new AbortController().signal };
  const { lab, code } = labProgram(io, stop);
  try {
    await lab.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
    if (stop.aborted) return exit.interrupted;
    if (!(error instanceof LabProblem)) throw error;
    io.err.write(`lab: ${error.message}\n${error.hint === undefined ? '' : `lab: next: ${error.hint}\n`}`);
    return error.kind === 'failed' ? exit.failed : exit.usage;
  }
  return code();
}

/** The command line below `lab`; `code`: the exit code, once a command of it has run. */
export function labProgram(io: Io, stop: AbortSignal) {
  let code: number = exit.done;
  const machine = thisMachine({
    packageRoot: io.packageRoot,
    environment: io.env,
    signal: stop,
    say: line => io.err.write(`lab: ${line}\n`),
  });
  const requirements = () => labRequirements({ ...thisProcess, path: io.env.PATH ?? '' });

  const lab = new Command('quorate lab')
    .description(
      'the practice cluster: real hosts and a real etcd on this machine, with CMDaemon and cmsh stood in for',
    )
    .configureOutput({ writeOut: text => io.out.write(text), writeErr: text => io.err.write(text) })
    .showHelpAfterError('(quorate lab --help lists the commands)')
    .exitOverride()
    .enablePositionalOptions();

  lab.hook('preAction', (_, action) => {
    // `up` says all that is missing, not only this.
    if (action.name() !== 'up' && (thisProcess.platform !== 'linux' || thisProcess.uid !== 0)) {
      throw new LabProblem('missing', 'the practice cluster needs Linux and root');
    }
  });

  lab
    .command('up')
    .description('make a lab and wait until its etcd serves')
    .addOption(nameOption())
    .option('--nodes <n>', 'nodes beside the head node, 1 to 7', wholeNumber, 5)
    .addOption(
      new Option('--members <n>', 'nodes that are etcd members at first').choices(['1', '3', '5']).default('1'),
    )
    .addOption(
      new Option('--profile <profile>', 'how cmsh answers errors').choices(profiles).default('strict' as const),
    )
    .addOption(new Option('--realtime', "CMDaemon's delays as in the vendor's article").conflicts('scale'))
    .option('--scale <x>', "factor on the delays of the vendor's article", positiveNumber, quickScale)
    .addOption(new Option('--etcd <version>', "etcd's version; default: Debian 12's").choices(['3.4', '3.5'] as const))
    .option('--install', 'install the Debian packages that are missing')
    .action(async ({ etcd, ...options }) => {
      const missing = await requirements();
      const left = options.install ? await installMissing(machine, missing) : missing;
      if (left.length > 0) throw requirementsProblem(left);
      const members = options.members === '5' ? 5 : options.members === '3' ? 3 : 1;
      const scale = options.realtime ? 1 : options.scale;
      await up(machine, { ...options, members, scale, ...(etcd === '3.5' ? { etcd } : {}) });
    });

  lab
    .command('down')
    .description('remove a lab whole; the image of its hosts stays for the next one')
    .addOption(nameOption())
    .action(async ({ name }) => {
      const found = await down(machine, name);
      machine.say(found ? `lab "${name}" is removed` : `there is no lab "${name}"`);
    });

  lab
    .command('status')
    .description('the hosts of a lab, or of all labs')
    .option('--name <name>', 'which lab; all where it is not said', checkLabName)
    .option('--json', 'as JSON')
    .action(async ({ name, json }) => {
      const names = name === undefined ? await labNames(machine.stateDir) : [name];
      const found = await Promise.all(names.map(one => statusOf(machine, one)));
      if (json) io.out.write(`${JSON.stringify(found)}\n`);
      else io.out.write(`${found.length === 0 ? 'there is no lab' : found.map(statusText).join('\n')}\n`);
    });

  lab
    .command('shell')
    .description('a login shell on a host, as root')
    .addOption(nameOption())
    .argument('<host>')
    .action(async (host, { name }) => {
      code = await runInHost(io, await openLab(machine, name), host, ['bash', '--login']);
    });

  lab
    .command('exec')
    .description('run a command on a host, as root; its exit status becomes ours')
    .addOption(nameOption())
    .argument('<host>')
    .argument('<command...>', 'after "--": the command and its arguments')
    .passThroughOptions()
    .action(async (host, command, { name }) => {
      // Options after the host are the command's, and so is a first "--" to commander; not to us.
      const argv = command[0] === '--' ? command.slice(1) : command;
      code = await runInHost(io, await openLab(machine, name), host, argv);
    });

  lab
    .command('fault')
    .description(
      `harm a host, or undo it: ${faults.join(', ')} HOST; or: cmsh-profile ${profiles.join('|')}; or: cmdaemon SWITCH=VALUE`,
    )
    .addOption(nameOption())
    .argument('<fault>')
    .argument('<host>')
    .action(async (fault, target, { name }) => {
      const change = changeFor(fault, target);
      machine.say(await locked(machine, name, async () => change(await openLab(machine, name))));
    });

  lab
    .command('checkpoint')
    .description('copy all disks, to come back to; the hosts are off meanwhile')
    .addOption(nameOption())
    .argument('<checkpoint>', 'its name', checkCheckpointName)
    .action(async (checkpointName, { name }) => {
      await locked(machine, name, async () => checkpoint(await openLab(machine, name), checkpointName));
      machine.say(`checkpoint "${checkpointName}" is made`);
    });

  lab
    .command('restore')
    .description('put all disks back to a checkpoint, and switch all hosts on')
    .addOption(nameOption())
    .argument('<checkpoint>', 'its name', checkCheckpointName)
    .action(async (checkpointName, { name }) => {
      await locked(machine, name, async () => restore(await openLab(machine, name), checkpointName));
      machine.say(`lab "${name}" is as it was at "${checkpointName}"`);
    });

  lab
    .command('writer')
    .description(
      'a client that writes to etcd all the time: start it, stop it, or check that nothing it wrote was lost',
    )
    .addOption(nameOption())
    .addArgument(new Argument('<what>').choices(['start', 'stop', 'check'] as const))
    .option('--json', 'as JSON')
    .action(async (what, { name, json }) => {
      const opened = await openLab(machine, name);
      if (what === 'start') {
        machine.say(await startWriter(opened));
        return;
      }
      const written = await stopWriter(opened);
      const found = what === 'check' ? await checkWriter(opened) : undefined;
      const text = [writtenText(written), ...(found === undefined ? [] : [foundText(found)])].join('\n');
      io.out.write(`${json ? JSON.stringify({ ...written, ...found }) : text}\n`);
      if (found !== undefined && (found.lost > 0 || !found.hashesEqual)) code = exit.failed;
    });

  return { lab, code: () => code };
}

async function statusOf(machine: Machine, name: string): Promise<LabStatus> {
  const paths = labPaths(machine.stateDir, name);
  const record = await readRecord(paths);
  // What an interrupted `up` left is listed, so that it can be found and removed.
  if (record?.phase !== 'made' && (await labNames(machine.stateDir)).includes(name)) return unfinishedStatus(name);
  return labStatus({ machine, paths, record: await mustReadRecord(paths, name) });
}

/** In `exec` and `shell`, Ctrl-C is meant for what runs on the host. */
const interruptible = (words: readonly string[]): boolean => !words.includes('exec') && !words.includes('shell');

async function openLab(machine: Machine, name: string): Promise<Lab> {
  const paths = labPaths(machine.stateDir, name);
  return { machine, paths, record: await mustReadRecord(paths, name) };
}

async function runInHost(io: Io, lab: Lab, hostName: string, command: readonly string[]): Promise<number> {
  const leader = await leaderOf(lab, hostOf(lab.record, hostName));
  // Where the output goes into a pipe or a file, a terminal would only put carriage returns into it.
  const terminal = io.input.isTTY && io.out.isTTY ? (io.env.TERM ?? 'dumb') : undefined;
  const [file = '', ...args] = inHostArgv(leader, command, terminal);
  // The host's processes share this process's control group only until the host ends: then they end with it.
  const result = await execa(file, args, { stdio: 'inherit', reject: false, env: { ...io.env }, extendEnv: false });
  if (result.exitCode !== undefined) return result.exitCode;
  return result.signal === undefined ? exit.failed : 128 + signalNumber(result.signal);
}

function changeFor(fault: string, target: string): (lab: Lab) => Promise<string> {
  if (isFault(fault)) return lab => inflict(lab, fault, target);
  if (fault === 'cmdaemon') return lab => setStandInFault(lab, target);
  const profile = profiles.find(one => one === target);
  if (fault === 'cmsh-profile' && profile !== undefined) return lab => setProfile(lab, profile);
  throw new LabProblem(
    'usage',
    fault === 'cmsh-profile' ? `cmsh has no profile "${target}"` : `there is no fault "${fault}"`,
    `quorate lab fault ${faults.join('|')} HOST, or quorate lab fault cmsh-profile ${profiles.join('|')}, or cmdaemon SWITCH=VALUE`,
  );
}

function signalNumber(signal: string): number {
  const numbers: Readonly<Record<string, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGKILL: 9,
    SIGPIPE: 13,
    SIGTERM: 15,
  };
  return numbers[signal] ?? 0;
}

function wholeNumber(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}
