import type { ModuleCase } from '../../../src/testing/module-case.ts';

const ask = (path: string, follow = ''): string =>
  `stat ${follow}--format=%f %a %U %G %u %g %s %i %d %h %X %Y %Z -- ${path}`;
const on = (answers: Record<string, string | { code: number; stderr: string }>): NonNullable<ModuleCase['hosts']> => ({
  node001: { answers },
});
const numbers = '0 0 5 12 34 1 100 200 300\n';
const sum = 'a'.repeat(64);

export const cases: readonly ModuleCase[] = [
  {
    name: 'a file, with its checksum',
    params: { path: '/a', get_checksum: true },
    hosts: on({ [ask('/a')]: `81a4 644 root adm ${numbers}`, 'sha256sum -- /a': `${sum}  /a\n` }),
    expect: {
      result: {
        stat: {
          exists: true,
          path: '/a',
          mode: '0644',
          isreg: true,
          isdir: false,
          islnk: false,
          ischr: false,
          isblk: false,
          isfifo: false,
          issock: false,
          size: 5,
          uid: 0,
          gid: 0,
          pw_name: 'root',
          gr_name: 'adm',
          inode: 12,
          dev: 34,
          nlink: 1,
          atime: 100,
          mtime: 200,
          ctime: 300,
          checksum: sum,
        },
      },
    },
  },
  {
    name: 'a directory has no checksum',
    params: { path: '/d', get_checksum: true, follow: true },
    hosts: on({ [ask('/d', '-L ')]: `41ed 755 root root ${numbers}` }),
    expect: { result: { stat: { exists: true, isdir: true, isreg: false, mode: '0755' } } },
  },
  {
    name: 'a link, and where it leads',
    params: { path: '/l' },
    hosts: on({
      [ask('/l')]: `a1ff 777 root root ${numbers}`,
      'readlink -n -- /l': '../b',
      'readlink -n -m -- /l': '/b',
    }),
    expect: { result: { stat: { islnk: true, lnk_target: '../b', lnk_source: '/b' } } },
  },
  {
    name: 'nothing there',
    params: { path: '/n' },
    hosts: on({ [ask('/n')]: { code: 1, stderr: "stat: cannot statx '/n': No such file or directory\n" } }),
    expect: { result: { stat: { exists: false } } },
  },
  {
    name: 'what may not be looked at is not taken for absent',
    params: { path: '/root/x' },
    hosts: on({ [ask('/root/x')]: { code: 1, stderr: "stat: cannot statx '/root/x': Permission denied\n" } }),
    expect: { failure: { code: 'task-failed', message: /Permission denied/ } },
  },
];
