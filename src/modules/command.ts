import { type Static, Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { Out } from '../core/host.ts';
import { act } from '../core/module.ts';
import { readCommand } from '../core/read-command.ts';
import { changesNothing, commandRisks, commandsIn } from './command-risks.ts';
import { shellWord, splitWords } from './command-words.ts';

const params = Type.Object(
  {
    cmd: Type.Optional(
      Type.String({ description: 'The command line. It is split into words as a shell does; no shell runs.' }),
    ),
    argv: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'The command as a list of words, taken as they are.' }),
    ),
    chdir: Type.Optional(Type.String({ description: 'The directory to run in.' })),
    creates: Type.Optional(Type.String({ description: 'A path; where it exists, the command is not run.' })),
    removes: Type.Optional(Type.String({ description: 'A path; where it does not exist, the command is not run.' })),
    stdin: Type.Optional(Type.String({ description: "The command's input." })),
    stdin_add_newline: Type.Boolean({ default: true, description: 'End the input with a line end.' }),
    environment: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Variables added to the environment.' }),
    ),
    repeatable: Type.Boolean({
      default: false,
      description: 'It may run twice without harm, so that `retries`, `until` and a resume may repeat it.',
    }),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  cmd: Type.Array(Type.String(), { description: 'The words that were run.' }),
  rc: Type.Integer({ description: 'The exit status; 128 + n where signal n ended it.' }),
  stdout: Type.String({ description: 'Line ends at its end are left out.' }),
  stderr: Type.String(),
  stdout_lines: Type.Array(Type.String()),
  stderr_lines: Type.Array(Type.String()),
  delta: Type.Number({ description: 'Seconds it took.' }),
});

type Params = Static<typeof params>;

export const command = act({
  name: 'command',
  summary: 'Runs a command on the host, without a shell.',
  description: [
    'Fails where the exit status is not 0, unless `failed_when` says otherwise. Nothing is expanded: `$HOME`, `*`, `|` and `>`',
    "are passed on as they are; where a shell is wanted, write `argv: [bash, -c, '…']`.",
    '',
    'A command is taken for something that must happen once, so neither `retries`, `until` nor a resume repeats it, unless',
    '`repeatable: true` says that it may, or it is known only to look (`etcdctl member list`, `systemctl show`, `cat` …).',
    '',
    'Guards know commands that change a membership or stop a member: `etcdctl member add|remove|promote`, `systemctl',
    'stop|restart etcd`, `reboot`, `rm` of the spool and the like, also behind `sudo`, `env`, `timeout` and in the text of `sh -c`.',
    "Any other is opaque to them: the membership is compared before and after it. Prefer etcd's own modules.",
  ].join('\n'),
  params,
  returns,
  freeForm: 'cmd',
  failureKeeps: true,
  examples: [
    { title: 'A plain command', yaml: '- command: uname -r\n  register: kernel' },
    {
      title: 'As a list, only where its result is not there yet',
      yaml: [
        '- command:',
        '    argv: [tar, -xf, /cm/shared/etcd tools.tar, -C, /opt/etcd]',
        '    creates: /opt/etcd/etcdctl',
      ].join('\n'),
    },
    {
      title: 'One that may be repeated, until its answer is the wanted one',
      yaml: [
        '- command:',
        '    cmd: curl -sS http://localhost:8080/ready',
        '    repeatable: true',
        '  register: ready',
        "  until: ready.stdout == 'ok'",
        '  retries: 5',
      ].join('\n'),
    },
  ],
  weighed: false,
  lint(given) {
    if ('cmd' in given && 'argv' in given) {
      return [
        { at: ['argv'], severity: 'error', message: 'command takes either cmd or argv', hint: 'leave one of them out' },
      ];
    }
    if (!('cmd' in given) && !('argv' in given)) {
      const hint = 'write the command as cmd or argv';
      return [{ at: [], severity: 'error', message: 'command is given nothing to run', hint }];
    }
    if (typeof given.cmd !== 'string') return [];
    const split = splitWords(given.cmd);
    if ('problem' in split) {
      return [{ at: ['cmd'], severity: 'error', message: `the command line cannot be split: ${split.problem}` }];
    }
    const word = shellWord(given.cmd);
    if (word === undefined) return [];
    return [
      {
        at: ['cmd'],
        severity: 'warning',
        message: `no shell runs, so \`${word}\` is passed to ${split.words[0]} as an argument`,
        hint: "where a shell is wanted, write argv: [bash, -c, '…']",
      },
    ];
  },
  repeat: given => (given.repeatable || commandRisks(wordsOf(given), '').length === 0 ? 'safe' : 'never'),
  async done(probe, given) {
    const exists = async (path: string): Promise<boolean> => {
      const out = await probe.read(readCommand(['test', '-e', path]));
      return out.code === 0;
    };
    const { creates, removes } = given;
    if (creates !== undefined && (await exists(creates))) return notRun(given, `${creates} exists`);
    if (removes !== undefined && !(await exists(removes))) return notRun(given, `${removes} does not exist`);
    return undefined;
  },
  byHand(given, { host }) {
    const set = Object.entries(given.environment ?? {}).map(([name, value]) => `${name}=${typed([value])} `);
    const run = `${set.join('')}${typed(wordsOf(given))}`;
    const fed =
      given.stdin === undefined ? run : `printf %s ${typed([inputOf(given.stdin, given.stdin_add_newline)])} | ${run}`;
    return [{ host, command: given.chdir === undefined ? fed : `cd ${typed([given.chdir])} && ${fed}` }];
  },
  onlyLooks: given => changesNothing(wordsOf(given)),
  risks: (given, host) => commandRisks(wordsOf(given), host),
  commands: given => commandsIn(wordsOf(given)),
  async apply(host, given) {
    const argv = wordsOf(given);
    const out = await host.run(argv, {
      ...(given.stdin === undefined ? {} : { input: inputOf(given.stdin, given.stdin_add_newline) }),
      ...(given.chdir === undefined ? {} : { cwd: given.chdir }),
      ...(given.environment === undefined ? {} : { environment: given.environment }),
    });
    const result = resultOf(argv, out);
    if (out.code === 0) return result;
    throw new Failure('command-failed', `${argv[0]} ended with status ${out.code}${lastWords(result)}`, { result });
  },
});

function wordsOf({ cmd, argv }: Params): readonly string[] {
  if (argv !== undefined && cmd !== undefined) throw new Failure('invalid-value', 'command takes either cmd or argv');
  if (argv !== undefined) return argv;
  if (cmd === undefined) throw new Failure('missing-parameter', 'command needs cmd or argv');
  const split = splitWords(cmd);
  if ('problem' in split) throw new Failure('invalid-value', `the command line cannot be split: ${split.problem}`);
  return split.words;
}

function inputOf(stdin: string, addNewline: boolean): string {
  return addNewline && !stdin.endsWith('\n') ? `${stdin}\n` : stdin;
}

function resultOf(argv: readonly string[], out: Out): Static<typeof returns> {
  const stdout = out.stdout.replace(/[\r\n]+$/, '');
  const stderr = out.stderr.replace(/[\r\n]+$/, '');
  return {
    cmd: [...argv],
    rc: out.code,
    stdout,
    stderr,
    stdout_lines: linesOf(stdout),
    stderr_lines: linesOf(stderr),
    delta: out.durationMs / 1000,
  };
}

function notRun(given: Params, why: string): Static<typeof returns> {
  return resultOf(wordsOf(given), { code: 0, stdout: `not run: ${why}`, stderr: '', durationMs: 0 });
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/\r?\n/));

function lastWords({ stdout_lines, stderr_lines }: Static<typeof returns>): string {
  const line = stderr_lines.at(-1) ?? stdout_lines.at(-1);
  return line === undefined ? '' : `: ${line}`;
}
