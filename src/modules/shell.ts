import { type Static, type TSchema, Type } from 'typebox';
import { act } from '../core/module.ts';
import type { Json } from '../core/value.ts';
import { command } from './command.ts';

/** A shell's command line is one word of a `command`, which does the rest. */
const { cmd: _line, argv: _words, ...shared }: Readonly<Record<string, TSchema>> = command.params.properties;

const params = Type.Object(
  {
    cmd: Type.String({ minLength: 1, description: "The shell's command line, or a script of several lines." }),
    executable: Type.String({ default: '/bin/sh', pattern: '^/\\S+$', description: 'The shell; an absolute path.' }),
    ...shared,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

export const shell = act<typeof params, typeof command.returns>({
  name: 'shell',
  summary: 'Runs a command line on the host through a shell.',
  description: [
    'As `command`, and with a shell: pipes, redirections, `$HOME` and `*` work. What stands in a variable of the playbook and goes',
    'into the line is read by the shell too: pass it in `environment`, or use `command` with `argv`.',
    '',
    'Guards name what is plain in the line (`etcdctl member remove …`, `systemctl stop etcd`), and take the rest for opaque: the',
    'membership is compared before and after it.',
  ].join('\n'),
  params,
  returns: command.returns,
  freeForm: 'cmd',
  failureKeeps: true,
  examples: [
    { title: 'A pipe', yaml: '- shell: df -P /var/lib/etcd | tail -1\n  register: space' },
    {
      title: "With bash's own features",
      yaml: ['- shell:', '    cmd: set -o pipefail; zcat /srv/x.gz | head', '    executable: /bin/bash'].join('\n'),
    },
  ],
  weighed: false,
  lint(given) {
    return typeof given.cmd === 'string' && given.cmd.trim() === ''
      ? [{ at: ['cmd'], severity: 'error', message: 'shell is given nothing to run' }]
      : [];
  },
  repeat: given => command.repeat(asCommand(given)),
  done: async (probe, given) => await command.done?.(probe, asCommand(given)),
  risks: (given, host, files) => command.risks(asCommand(given), host, files),
  commands: given => command.commands?.(asCommand(given)) ?? [],
  byHand: (given, place) => command.byHand?.(asCommand(given), place) ?? [],
  apply: async (host, given) => await command.apply(host, asCommand(given)),
});

function asCommand({ cmd, executable, ...rest }: Params): Readonly<Record<string, Json>> {
  return { ...rest, argv: [executable, '-c', cmd] };
}
