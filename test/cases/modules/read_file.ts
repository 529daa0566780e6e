import type { ModuleCase } from '../../../src/testing/module-case.ts';

const path = '/cm/shared/note.json';
const on = (files: Record<string, string | Uint8Array>) => ({ hosts: { node001: { files } } });

export const cases: readonly ModuleCase[] = [
  {
    name: 'what stands in it',
    params: { path },
    ...on({ [path]: '{"a": 1}\n' }),
    expect: { result: { path, exists: true, text: '{"a": 1}\n' } },
  },
  { name: 'one that is not there', params: { path }, ...on({}), expect: { result: { path, exists: false, text: '' } } },
  {
    name: 'one that is no text',
    params: { path },
    ...on({ [path]: Uint8Array.from([0xff, 0xfe, 0x00]) }),
    expect: { failure: { code: 'task-failed', message: /note\.json on node001 is no text$/ } },
  },
  {
    name: 'a way round is not taken',
    params: { path: '/cm/../etc/shadow' },
    expect: { failure: { code: 'invalid-value' } },
  },
];
