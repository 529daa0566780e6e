import { Argument, Command, CommanderError, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { exit, type Io } from './io.ts';
import { packageVersion } from './package.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `--forks 5`: a whole number of at least 1. */
function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}

/** `--keep 0`. */
function amount(text: string): number {
  return text === '0' ? 0 : count(text);
}

const lintFormats = ['human', 'json', 'sarif', 'junit', 'github'] as const;

/** An option that may be given several times. */
const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];

/** `--tags a,b --tags c`: likewise, and each may hold several. */
const collectNames = (value: string, before: readonly string[] | undefined) => [
  ...(before ?? []),
  ...value.split(',').flatMap(name => name.trim() || []),
];

/** `-i` again would silently put another file in the place of the first. */
function once(value: string, before: string | undefined): string {
  if (before === undefined) return value;
  throw new InvalidArgumentError(
    `There is one inventory a run, and ${before} is given already; put all hosts into one.`,
  );
}

const inventoryOption = () =>
  new Option('-i, --inventory <file>', 'hosts and groups from a file (on a head node: from cmsh)').argParser(once);
const allowOption = () =>
  new Option('--allow <risk>', 'accept a refused step of this kind; the refusal names it').argParser(collect);
const modulesOption = () =>
  new Option('--modules <folder>', 'modules of your own, besides those in modules/ beside the playbook').argParser(
    collect,
  );
const diffOption = () =>
  new Option('-D, --diff', 'show what is changed in files, overlays and the membership, line by line');
const forksOption = () => new Option('-f, --forks <n>', 'hosts worked on at once').argParser(count).default(50);

/** `run` tells something instead: these go together, and with nothing that says how it is run. */
const insteadOfRun = <const Flag extends string>(flag: Flag, about: string) =>
  new Option(flag, about).conflicts(['check', 'diff', 'yes', 'json', 'allow']);

/** The options of each command that goes through a playbook: which of it, where, and what is accepted. */
const playbookCommand = (command: Command) =>
  command
    .argument('<playbook>')
    .addOption(inventoryOption())
    .option('-e, --extra-vars <name=value>', 'set a param of the playbook; @FILE reads them from YAML or JSON', collect)
    .option('-l, --limit <pattern>', 'only these of the hosts; @FILE reads patterns from a file')
    .addOption(modulesOption())
    .option('-t, --tags <names>', 'only tasks with these tags', collectNames)
    .option('--skip-tags <names>', 'no tasks with these tags', collectNames)
    .addOption(allowOption())
    .addOption(forksOption());

/**
 * The command line: reads `argv` (without node and script), runs the command, gives its exit code. Each command's own
 * code is loaded only when it is asked for, so that `quorate --version` stays as quick as an empty program.
 */
export async function program(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === '--version' || argv[0] === '-V') {
    io.out.write(`quorate ${await packageVersion(io)}\n`);
    return exit.done;
  }
  let code: number = exit.done;
  const top = new Command('quorate')
    .description('Playbooks that change an etcd cluster under Bright Cluster Manager without ever costing it quorum')
    .helpCommand('help [command]', 'help for a command')
    .showHelpAfterError('(quorate --help lists the commands and their options)')
    .enablePositionalOptions()
    .configureOutput({ writeOut: text => io.out.write(text), writeErr: text => io.err.write(text) })
    .exitOverride();
  top
    .option('-V, --version', 'the version of quorate')
    .addHelpText(
      'after',
      '\nExit codes: 0 done · 1 a defect of quorate · 2 usage · 3 invalid playbook or inventory · 4 a task failed ·' +
        '\n5 a host was unreachable and nothing failed · 6 a guard refused · 7 another run holds the lock · 130 interrupted',
    );

  playbookCommand(top.command('run'))
    .description('run a playbook: a path, or the name of a shipped one')
    .option('-C, --check', 'change nothing; say what would be changed')
    .addOption(diffOption())
    .option('-y, --yes', 'accept the course that is shown, its fragile and interrupting steps included')
    .option('--json', 'events as JSON lines')
    .addOption(insteadOfRun('--list-hosts', 'run nothing: the hosts of each play'))
    .addOption(insteadOfRun('--list-tasks', 'run nothing: the tasks of each play, and its handlers'))
    .addOption(insteadOfRun('--list-tags', 'run nothing: the tags of each play'))
    .addOption(insteadOfRun('--syntax-check', 'run nothing: what is wrong with the playbook'))
    .action(async (playbook, options) => {
      if (options.listHosts || options.listTasks || options.listTags || options.syntaxCheck) {
        const { listCommand } = await import('./list.ts');
        code = await listCommand(io, playbook, options);
        return;
      }
      const { runCommand } = await import('./run.ts');
      code = await runCommand(io, playbook, options);
    });

  top
    .command('resume')
    .description('go on with an interrupted or failed run: RUN, or the newest one that is not done')
    .argument('[run]')
    .option('-e, --extra-vars <name=value>', 'a secret input again; the others are as they were', collect)
    .addOption(diffOption())
    .option('-y, --yes', 'accept the course that remains')
    .addOption(allowOption())
    .option('--accept-changes', 'go on by the playbook and the hosts as they are now')
    .option('--assume-done <task>', 'what must happen once and was under way was done', collect)
    .option('--repeat <task>', 'what must happen once and was under way is done again', collect)
    .option('--json', 'events as JSON lines')
    .action(async (name, options) => {
      const { resumeCommand } = await import('./resume.ts');
      code = await resumeCommand(io, name, options);
    });

  const runs = top
    .command('runs')
    .description('past runs; `runs show RUN` explains one, `runs prune` forgets old ones');
  runs
    .command('list', { isDefault: true })
    .description('the runs that are remembered, the newest first')
    .option('--json', 'as JSON')
    .action(async options => {
      const { listRuns } = await import('./runs.ts');
      code = await listRuns(io, options);
    });
  runs
    .command('show')
    .description('each step of a run: who, when, how long, what was changed')
    .argument('<run>')
    .option('--json', 'as JSON')
    .action(async (name, options) => {
      const { showRun } = await import('./runs.ts');
      code = await showRun(io, name, options);
    });
  runs
    .command('prune')
    .description('forget old runs; those that are not done only when told to')
    .option('--keep <n>', 'keep the newest of them', amount)
    .option('--older-than <days>', 'only those that ended longer ago', amount)
    .option('--unfinished', 'also runs that did not come to their goal')
    .option('--json', 'as JSON')
    .action(async options => {
      const { pruneRuns } = await import('./runs.ts');
      code = await pruneRuns(io, options);
    });

  playbookCommand(top.command('plan'))
    .description('what a run would do: every step, and the membership after each; changes nothing')
    .option('--commands', 'the same as commands to type, host by host')
    .addOption(
      new Option('--simulate', 'kill the run anywhere, on the model alone, and go on with it').conflicts('commands'),
    )
    .addOption(
      new Option('--kills <n>', 'and so many times more, at random').argParser(count).implies({ simulate: true }),
    )
    .addOption(new Option('--seed <n>', 'the same random kills again').argParser(amount))
    .option('--json', 'as JSON')
    .action(async (playbook, options) => {
      const { planCommand } = await import('./plan.ts');
      code = await planCommand(io, playbook, options);
    });

  top
    .command('lint')
    .description('check playbooks; touches no host')
    .argument('<path...>', 'playbooks, inventories, files of vars, folders of them, globs, or - for stdin')
    .addOption(inventoryOption())
    .addOption(modulesOption())
    .option('--config <file>', 'instead of the quorate.yml that lies here or above')
    .addOption(
      new Option('--format <format>', 'how findings are printed').choices(lintFormats).default('human' as const),
    )
    .option('--output <file>', 'write them to a file in that format, and show them here for people')
    .addOption(new Option('--max-warnings <n>', 'end with 3 where there are more warnings').argParser(amount))
    .option('--baseline <file>', 'findings that are known, and do not count')
    .option('--write-baseline', 'take all that is found now for known')
    .addOption(new Option('--fix', 'mend what is mechanical, in the files').conflicts('writeBaseline'))
    .addOption(new Option('--diff', 'with --fix: show what it would change, and change nothing').implies({ fix: true }))
    .option('--stdin-filename <name>', 'what the text of - is called', 'stdin.yml')
    .action(async (paths, options) => {
      const { lintCommand } = await import('./lint.ts');
      code = await lintCommand(io, paths, options);
    });

  top
    .command('doc')
    .description('the reference of modules, shipped playbooks, keywords, filters, tests, lookups …')
    .argument('[kind]', 'where a name alone does not tell: `doc test lower`; `doc filters` lists those of a kind')
    .argument('[name]', 'of anything that is documented, or the path of a playbook')
    .addOption(modulesOption())
    .option('--snippet', 'of a module a task to paste, of a playbook a command line')
    .addOption(
      new Option('--format <format>', 'how it is printed')
        .choices(['terminal', 'markdown'] as const)
        .default('terminal' as const),
    )
    .action(async (kind, name, options) => {
      const { docCommand } = await import('./doc.ts');
      code = await docCommand(
        io,
        [kind, name].flatMap(word => word ?? []),
        options,
      );
    });

  const make = top
    .command('new')
    .description('begin something of your own: `new playbook NAME`, `new role`, `new module`');
  make
    .command('playbook')
    .description('a playbook that runs as it is')
    .argument('<name>')
    .option('--folder <folder>', 'where it is written', '.')
    .action(async (name, options) => {
      const { newPlaybook } = await import('./new-playbook.ts');
      code = await newPlaybook(io, name, options.folder);
    });
  make
    .command('role')
    .description('a role with tasks, handlers, defaults and argument specs')
    .argument('<name>')
    .option('--folder <folder>', 'where it is written', 'roles')
    .action(async (name, options) => {
      const { newRole } = await import('./new-role.ts');
      code = await newRole(io, name, options.folder);
    });
  make
    .command('module')
    .description('a module that works, with its cases and the test that runs them')
    .argument('<name>')
    .option('--folder <folder>', 'where it is written', 'modules')
    .action(async (name, options) => {
      const { newModule } = await import('./new-module.ts');
      code = await newModule(io, name, options.folder);
    });

  top
    .command('test')
    .description('run the tests of modules of your own')
    .argument('[path...]', 'tests, or folders of them', ['modules'])
    .action(async paths => {
      const { testCommand } = await import('./test.ts');
      code = await testCommand(io, paths);
    });

  top
    .command('schema')
    .description('a JSON Schema for an editor, with modules of your own: of playbooks, tasks, inventories …')
    .argument('[name]', 'which; --list names them', 'playbook')
    .addOption(modulesOption())
    .option('--list', 'those there are')
    .action(async (name, options) => {
      const { schemaCommand } = await import('./schema.ts');
      code = await schemaCommand(io, name, options);
    });

  top
    .command('status')
    .description('the cluster now: members, leader, health, lag, quorum, and what to type next')
    .addOption(inventoryOption())
    .option('--etcd-cluster <name>', "BCM's name of the etcd cluster", 'kube-default')
    .option('-w, --watch', 'again every two seconds, until Ctrl-C')
    .option('--json', 'as JSON; with --watch, a line each time')
    .action(async options => {
      const { statusCommand } = await import('./status.ts');
      code = await statusCommand(io, options);
    });

  top
    .command('inventory')
    .description('the hosts and groups that would be used')
    .addOption(inventoryOption())
    .option('--json', 'as JSON')
    .action(async options => {
      const { inventoryCommand } = await import('./inventory.ts');
      code = await inventoryCommand(io, options);
    });

  top
    .command('lab')
    .description('the practice cluster: up, down, status, shell, exec, fault, checkpoint, restore, writer')
    .argument('[words...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async words => {
      const { labCommand } = await import('./lab.ts');
      code = await labCommand(io, words);
    });

  top
    .command('completion')
    .description('a script for your shell, so that TAB completes: source <(quorate completion bash)')
    .addArgument(new Argument('<shell>').choices(shells))
    .action(async shell => {
      const { completionCommand } = await import('./completion.ts');
      code = completionCommand(io, shell);
    });

  top
    .command('complete', { hidden: true })
    .argument('[words...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async words => {
      const { completeCommand } = await import('./complete.ts');
      code = await completeCommand(io, top, words);
    });

  try {
    await top.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
    throw error;
  }
  return code;
}
