import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import { observe } from '../core/module.ts';
import { PATH, pathRefusal } from './paths.ts';

const params = Type.Object(
  { path: Type.String({ ...PATH, description: 'The file; an absolute path.' }) },
  { additionalProperties: false },
);

const returns = Type.Object({
  path: Type.String(),
  exists: Type.Boolean(),
  text: Type.String({ description: "All that stands in it, as UTF-8; '' where there is no such file." }),
});

export const readFile = observe<typeof params, typeof returns>({
  name: 'read_file',
  foresees: false,
  summary: 'Reads a small text file of the host.',
  description: [
    'Unlike `command: cat` it is known to change nothing, so that check mode and the rehearsal of a run know what stands in the file. A',
    'file that is not there is no failure; one that is no UTF-8 is.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'What an earlier run noted',
      yaml: ['- read_file:', '    path: /cm/shared/backup/etcd/note.json', '  register: note'].join('\n'),
    },
  ],
  async observe(probe, { path }) {
    const wrong = pathRefusal(path, false);
    if (wrong !== undefined) throw new Failure('invalid-value', wrong);
    const bytes = await probe.readFile(path);
    if (bytes === undefined) return { path, exists: false, text: '' };
    try {
      return { path, exists: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    } catch {
      throw new Failure('task-failed', `${path} on ${probe.name} is no text`);
    }
  },
});
