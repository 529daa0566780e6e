import { type Static, type TSchema, Type } from 'typebox';
import { converge } from '../core/module.ts';
import { copy } from './copy.ts';

const {
  content: _content,
  src: _src,
  remote_src: _where,
  ...shared
}: Readonly<Record<string, TSchema>> = copy.params.properties;

const params = Type.Object(
  {
    src: Type.String({
      pattern: '^[^\\n\\r]+$',
      description: 'The template: a file of this machine, in `templates/` beside the playbook or beside it.',
    }),
    ...shared,
    trim_blocks: Type.Boolean({ default: true, description: 'The line break behind a statement goes with it.' }),
    lstrip_blocks: Type.Boolean({
      default: false,
      description: 'So does the white space before a statement that stands first on its line.',
    }),
    content: Type.Optional(
      Type.String({ 'x-quorate-made': true, description: 'What the template renders to; made of `src`.' }),
    ),
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

export const template = converge<typeof params, typeof copy.returns, unknown>({
  name: 'template',
  summary: 'Writes a file that a template of this machine renders to.',
  description: [
    'The template has the expressions of playbooks and Jinja’s statements `if`, `for`, `set`, `macro`, `filter`, `with` and `raw`',
    '([templates](expressions.md#templates)). It is a part of the playbook: it is checked with it, names and types too, and a resume says',
    'where it has changed since. So its name is written out, or is one of a few: of a `loop` that is written out, of the `enum` of a param.',
    '',
    'All else is as `copy`: content, mode and owner are compared, the file is replaced whole, and `backup` keeps the old one. To guards,',
    'writing into `/var/lib/etcd`, or into the data of a member elsewhere, wipes a member.',
  ].join('\n'),
  params,
  returns: copy.returns,
  examples: [
    {
      title: 'templates/etcd.conf.j2 beside the playbook',
      yaml: ['- template:', '    src: etcd.conf.j2', '    dest: /etc/etcd.conf', "    mode: '0600'"].join('\n'),
    },
  ],
  weighed: copy.weighed,
  rendered: { from: 'src', into: 'content' },
  lint: ({ dest }) => copy.lint?.({ dest: dest ?? null, content: '' }) ?? [],
  observe: (probe, given, applied) => copy.observe(probe, asCopy(given), applied),
  risks: (given, state) => copy.risks(asCopy(given), state),
  apply: (host, given, state) => copy.apply(host, asCopy(given), state),
  byHand: (given, place, state) => copy.byHand?.(asCopy(given), place, state) ?? [],
  settleMs: given => copy.settleMs(asCopy(given)),
});

/** What it comes to once the template is rendered. */
function asCopy(given: Params) {
  const { src: _name, trim_blocks: _trims, lstrip_blocks: _strips, content = '', ...rest } = given;
  return { ...rest, content, remote_src: false };
}
