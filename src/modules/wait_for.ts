import { type Static, Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import { type ModuleFinding, observe } from '../core/module.ts';
import { PORT_OPEN, readCommand } from '../core/read-command.ts';
import type { Json } from '../core/value.ts';
import { fileStatus } from './file-status.ts';
import { PATH } from './paths.ts';

const seconds = (fallback: number, description: string) => Type.Number({ minimum: 0, default: fallback, description });

const params = Type.Object(
  {
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: 'A TCP port.' })),
    host: Type.String({
      default: '127.0.0.1',
      pattern: '^[A-Za-z0-9.:_%][A-Za-z0-9.:_%-]*$',
      description: 'Whose port; it is asked from the host of the task.',
    }),
    path: Type.Optional(Type.String({ ...PATH, description: 'A file on the host of the task.' })),
    search_regex: Type.Optional(
      Type.String({ minLength: 1, description: 'What must stand in the file; `^` and `$` match at its lines.' }),
    ),
    state: Type.Enum(['started', 'present', 'stopped', 'absent'], {
      default: 'started',
      description: '`started` and `present`: the port is open, the file is there. `stopped` and `absent`: it is not.',
    }),
    timeout: seconds(300, 'Seconds to wait in all; 0 looks once.'),
    delay: seconds(0, 'Seconds before the first look.'),
    sleep: Type.Number({ exclusiveMinimum: 0, default: 1, description: 'Seconds between looks.' }),
    connect_timeout: Type.Number({ exclusiveMinimum: 0, default: 5, description: 'Seconds for one try at the port.' }),
    msg: Type.Optional(
      Type.String({ description: 'What is said in place of the usual words where it does not come.' }),
    ),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  state: Type.String({ description: 'As it was wanted.' }),
  elapsed: Type.Number({ description: 'Seconds it took.' }),
  match_groups: Type.Array(Type.String(), { description: 'What the groups of `search_regex` stand for.' }),
  match_groupdict: Type.Record(Type.String(), Type.String(), { description: 'Of groups with a name.' }),
});

type Params = Static<typeof params>;

/** Undefined: not as it is wanted yet. */
type Match = { readonly groups: readonly string[]; readonly named: Readonly<Record<string, string>> } | undefined;
const PLAIN: Match = { groups: [], named: {} };

export const waitFor = observe<typeof params, typeof returns>({
  name: 'wait_for',
  summary: 'Waits for a port, a file, or a text in a file.',
  description: [
    "A port counts as open where it takes a connection; bash's `/dev/tcp` tries it on the host of the task. A text is searched for",
    "in the whole file, with JavaScript's regular expressions. To wait for some time only, use `pause`; for a unit, `systemd_check`;",
    'for etcd, `etcd_health`: an open port says nothing of a member.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: "etcd's port is open",
      yaml: ['- wait_for:', '    port: 2379', '    timeout: 60'].join('\n'),
    },
    {
      title: 'A line in a log',
      yaml: ['- wait_for:', '    path: /var/log/messages', "    search_regex: 'ready to serve (\\w+)'"].join('\n'),
    },
  ],
  lint: findings,
  foresees: false,
  async observe(probe, given) {
    const [wrong] = findings(given);
    if (wrong !== undefined) throw new Failure('invalid-value', wrong.message);
    const startedMs = probe.clock.now();
    const elapsed = (): number => (probe.clock.now() - startedMs) / 1000;
    const what = wanted(given);
    if (given.delay > 0) await probe.clock.sleep(given.delay * 1000, probe.signal);
    for (;;) {
      const match = await look(probe, given);
      if (match !== undefined) {
        const { groups, named } = match;
        return { state: given.state, elapsed: elapsed(), match_groups: [...groups], match_groupdict: { ...named } };
      }
      if (elapsed() >= given.timeout) {
        const after = given.timeout === 0 ? '' : ` within ${given.timeout} s`;
        throw new Failure('timed-out', given.msg ?? `on ${probe.name}: ${what} did not come about${after}`, {
          result: { state: given.state, elapsed: elapsed() },
        });
      }
      probe.progress({ text: `waiting: ${what}`, fraction: Math.min(elapsed() / given.timeout, 1) });
      const leftMs = (given.timeout - elapsed()) * 1000;
      await probe.clock.sleep(Math.min(given.sleep * 1000, leftMs), probe.signal);
    }
  },
});

const away = ({ state }: Params): boolean => state === 'stopped' || state === 'absent';

async function look(probe: Probe, given: Params): Promise<Match> {
  const { port, path, search_regex } = given;
  if (port !== undefined) return (await isOpen(probe, given, port)) === away(given) ? undefined : PLAIN;
  if (path === undefined) return undefined;
  if (search_regex !== undefined) {
    const found = await search(probe, path, search_regex);
    if (away(given)) return found === undefined ? PLAIN : undefined;
    return found;
  }
  const status = await fileStatus(probe, path, true);
  if (status !== undefined && 'why' in status) throw new Failure('task-failed', status.why);
  return (status === undefined) === away(given) ? PLAIN : undefined;
}

async function isOpen(probe: Probe, { host, connect_timeout }: Params, port: number): Promise<boolean> {
  const argv = ['timeout', String(connect_timeout), 'bash', '-c', PORT_OPEN, 'port', host, String(port)];
  const out = await probe.read(readCommand(argv));
  return out.code === 0;
}

async function search(probe: Probe, path: string, regex: string): Promise<Match> {
  const bytes = await probe.readFile(path);
  const found = bytes && new RegExp(regex, 'm').exec(new TextDecoder().decode(bytes));
  if (!found) return undefined;
  const named = Object.entries(found.groups ?? {}).map(([name, text]) => [name, text ?? '']);
  return { groups: found.slice(1).map(text => text ?? ''), named: Object.fromEntries(named) };
}

function wanted(given: Params): string {
  const { host, port, path, search_regex } = given;
  if (port !== undefined) return `port ${port} of ${host} ${away(given) ? 'closed' : 'open'}`;
  if (search_regex !== undefined) return `${away(given) ? 'no ' : ''}${search_regex} in ${path}`;
  return `${path} ${away(given) ? 'gone' : 'there'}`;
}

function findings({ port, path, search_regex }: Readonly<Record<string, Json>>): readonly ModuleFinding[] {
  if (port !== undefined && path !== undefined) {
    return [{ at: ['path'], severity: 'error', message: 'wait_for takes either port or path' }];
  }
  if (port === undefined && path === undefined) {
    const hint = 'to wait for some time only, use `pause`';
    return [{ at: [], severity: 'error', message: 'wait_for is given nothing to wait for', hint }];
  }
  if (search_regex === undefined) return [];
  const wrong = (message: string): readonly ModuleFinding[] => [{ at: ['search_regex'], severity: 'error', message }];
  if (port !== undefined) return wrong('`search_regex` goes with `path`');
  return isPattern(String(search_regex)) ? [] : wrong(`${search_regex} is not a regular expression`);
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'm') instanceof RegExp;
  } catch {
    return false;
  }
}
