import { type Static, type TSchema, Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import type { Risk } from '../core/guard.ts';
import { INPUT_FILE, type LocalFile, type LocalFiles } from '../core/host.ts';
import { act } from '../core/module.ts';
import type { Json } from '../core/value.ts';
import { command } from './command.ts';
import { commandRisks } from './command-risks.ts';
import { splitWords } from './command-words.ts';

const {
  cmd: _line,
  argv: _words,
  stdin: _input,
  stdin_add_newline: _end,
  ...shared
}: Readonly<Record<string, TSchema>> = command.params.properties;

const params = Type.Object(
  {
    cmd: Type.String({
      minLength: 1,
      description:
        'The script, a file beside the playbook or in `files/` there, and its arguments; split as `command` does.',
    }),
    executable: Type.Optional(
      Type.String({
        pattern: '^/\\S+$',
        description: 'What runs it; an absolute path. Default: what its first line names after `#!`, else /bin/sh.',
      }),
    ),
    ...shared,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

export const script = act<typeof params, typeof command.returns>({
  name: 'script',
  summary: 'Runs a script of this machine on the host.',
  description: [
    'The script goes to the host as a temporary file that only its user can read, and is gone with the job, however that ends. It',
    'is run by its interpreter, so it need not be executable, and `/tmp` need not allow that. Its input is empty. Otherwise it is as',
    '`command`; `creates` and `removes` name files of the host.',
    '',
    'Arguments can be seen by everybody on the host: pass secrets in `environment`.',
    '',
    'To guards it is opaque, as `shell` is: the membership is compared before and after it, and what is plain in its text',
    '(`etcdctl member remove …`, `systemctl stop etcd`) is named.',
  ].join('\n'),
  params,
  returns: command.returns,
  freeForm: 'cmd',
  failureKeeps: true,
  examples: [
    {
      title: 'A script in files/ beside the playbook, only where its result is not there yet',
      yaml: ['- script:', '    cmd: prepare.sh --spool /var/lib/etcd', '    creates: /var/lib/etcd'].join('\n'),
    },
    {
      title: 'Run by Python',
      yaml: ['- script:', '    cmd: report.py', '    executable: /usr/bin/python3', '  register: report'].join('\n'),
    },
  ],
  weighed: false,
  lint({ cmd }) {
    const split = typeof cmd === 'string' ? splitWords(cmd) : undefined;
    if (!split || 'words' in split) return [];
    return [{ at: ['cmd'], severity: 'error', message: `the command line cannot be split: ${split.problem}` }];
  },
  localFiles({ cmd }): Readonly<Record<string, string>> {
    const split = typeof cmd === 'string' ? splitWords(cmd) : undefined;
    const [name] = split && 'words' in split ? split.words : [];
    return name === undefined ? {} : { cmd: name };
  },
  repeat({ cmd: _cmd, executable: _executable, ...rest }) {
    return command.repeat({ ...rest, argv: ['/bin/sh', INPUT_FILE] });
  },
  done: async (probe, given) => named(await command.done?.(probe, asCommand(given, probe.files)), given),
  risks(given, host, files): readonly Risk[] {
    const known = commandRisks(['sh', '-c', textOf(fileOf(given, files))], host).filter(risk => risk.kind !== 'opaque');
    return [...known, { kind: 'opaque', command: `script ${given.cmd}` }];
  },
  async apply(host, given) {
    try {
      return named(await command.apply(host, asCommand(given, host.files)), given);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'command-failed') throw error;
      const message = error.message.replace(/^\S+ ended/, `${wordsOf(given)[0]} ended`);
      throw new Failure(error.code, message, { result: named(error.result, given) });
    }
  },
});

function asCommand(given: Params, files: LocalFiles): Readonly<Record<string, Json>> {
  const { cmd: _cmd, executable, ...rest } = given;
  const text = textOf(fileOf(given, files));
  const [, ...args] = wordsOf(given);
  const interpreter = executable === undefined ? interpreterIn(text) : [executable];
  return { ...rest, argv: [...interpreter, INPUT_FILE, ...args], stdin: text, stdin_add_newline: true };
}

/** The result with the words of the playbook instead of those that were run: the path of the temporary file says nothing. */
function named<R>(result: R, given: Params): R {
  return result === undefined ? result : { ...result, cmd: [...wordsOf(given)] };
}

function wordsOf({ cmd }: Params): readonly string[] {
  const split = splitWords(cmd);
  if ('problem' in split) throw new Failure('invalid-value', `the command line cannot be split: ${split.problem}`);
  return split.words;
}

function fileOf({ cmd }: Params, files: LocalFiles): LocalFile {
  const file = files.get('cmd');
  if (!file) throw new Failure('file-not-found', `there is no script ${cmd} on this machine`);
  return file;
}

/** Throws Failure `invalid-value` for a program: only what an interpreter reads can be run this way. */
function textOf({ path, bytes }: LocalFile): string {
  const text = bytes.includes(0) ? undefined : decoded(bytes);
  if (text !== undefined && text.trim() !== '') return text;
  throw new Failure('invalid-value', `${path} is ${text === undefined ? 'not a text' : 'empty'}, so it is no script`, {
    hint: 'a program is put there with `copy` and run with `command`',
  });
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** As Linux reads a first line of `#! program argument`: what follows the program is one argument. */
function interpreterIn(text: string): readonly string[] {
  const line = /^#!\s*(\S+)(?:[ \t]+(.*?))?\s*$/m.exec(text.split('\n', 1)[0] ?? '');
  if (!line?.[1]) return ['/bin/sh'];
  return line[2] ? [line[1], line[2]] : [line[1]];
}
