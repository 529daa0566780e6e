import type { ModuleCase } from '../../../src/testing/module-case.ts';

const link = 'readlink /etc/localtime';

export const cases: readonly ModuleCase[] = [
  {
    name: 'as it is wanted already',
    params: { name: 'Etc/UTC' },
    hosts: { node001: { answers: { [link]: '/usr/share/zoneinfo/Etc/UTC\n' } } },
    expect: { changes: 'same', result: { name: 'Etc/UTC' } },
  },
  {
    name: 'changed, and seen to be changed',
    params: { name: 'Europe/Amsterdam' },
    hosts: {
      node001: {
        answers: {
          [link]: {
            stdout: '../usr/share/zoneinfo/Etc/UTC\n',
            later: [{ stdout: '/usr/share/zoneinfo/Europe/Amsterdam\n' }],
          },
          'ln -sfn /usr/share/zoneinfo/Europe/Amsterdam /etc/localtime': '',
        },
      },
    },
    expect: {
      changes: [{ what: 'time zone', before: 'Etc/UTC', after: 'Europe/Amsterdam' }],
      runs: ['node001: ln -sfn /usr/share/zoneinfo/Europe/Amsterdam /etc/localtime'],
    },
  },
  {
    name: 'not guessed where it cannot be seen',
    params: { name: 'Etc/UTC' },
    hosts: { node001: { answers: { [link]: { code: 1 } } } },
    expect: { changes: 'unknown' },
  },
];
