import { type Static, Type } from 'typebox';
import { Failure } from '../../../src/core/failure.ts';
import { noRisks } from '../../../src/core/guard.ts';
import { converge } from '../../../src/core/module.ts';
import { readCommand } from '../../../src/core/read-command.ts';

const params = Type.Object(
  { name: Type.String({ pattern: '^[A-Za-z0-9_+/-]+$', description: 'Such as `Europe/Amsterdam`.' }) },
  { additionalProperties: false },
);
const returns = Type.Object({ name: Type.String({ description: 'The time zone now.' }) });

export const timezone = converge<typeof params, typeof returns, { readonly name: string }>({
  name: 'timezone',
  summary: "Sets the host's time zone.",
  description: 'Changes the link `/etc/localtime`. Services that run already keep the time zone that they began with.',
  params,
  returns,
  examples: [{ title: 'Universal time', yaml: '- timezone:\n    name: Etc/UTC' }],
  weighed: false,

  async observe(probe, { name }) {
    const out = await probe.read(readCommand(['readlink', '/etc/localtime']));
    if (out.code !== 0) return { kind: 'unknown', why: `/etc/localtime on ${probe.name} is no link` };
    const now = out.stdout.trim().replace(/^.*\/zoneinfo\//, '');
    if (now === name) return { kind: 'same', state: { name }, result: { name } };
    return { kind: 'differs', state: { name: now }, changes: [{ what: 'time zone', before: now, after: name }] };
  },

  risks: noRisks,

  async apply(host, { name }: Static<typeof params>) {
    const out = await host.run(['ln', '-sfn', `/usr/share/zoneinfo/${name}`, '/etc/localtime']);
    if (out.code !== 0) throw new Failure('command-failed', `ln on ${host.name}: ${out.stderr.trim()}`);
    return undefined;
  },

  settleMs: () => 0,
});
