import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import { observe } from '../core/module.ts';
import { readCommand } from '../core/read-command.ts';
import { type FileStatus, fileStatus } from './file-status.ts';
import { PATH } from './paths.ts';

const params = Type.Object(
  {
    path: Type.String({ ...PATH, description: 'What to look at; an absolute path.' }),
    follow: Type.Boolean({ default: false, description: 'Of a symbolic link, look at what it leads to.' }),
    get_checksum: Type.Boolean({ default: false, description: 'Read a regular file whole for its SHA-256.' }),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  stat: Type.Object({
    exists: Type.Boolean({ description: 'All other fields are there only where it exists.' }),
    path: Type.Optional(Type.String()),
    mode: Type.Optional(Type.String({ description: "Four octal digits: '0644'." })),
    isreg: Type.Optional(Type.Boolean()),
    isdir: Type.Optional(Type.Boolean()),
    islnk: Type.Optional(Type.Boolean()),
    ischr: Type.Optional(Type.Boolean()),
    isblk: Type.Optional(Type.Boolean()),
    isfifo: Type.Optional(Type.Boolean()),
    issock: Type.Optional(Type.Boolean()),
    size: Type.Optional(Type.Integer({ description: 'Bytes.' })),
    uid: Type.Optional(Type.Integer()),
    gid: Type.Optional(Type.Integer()),
    pw_name: Type.Optional(Type.String({ description: 'The name of its user.' })),
    gr_name: Type.Optional(Type.String({ description: 'The name of its group.' })),
    inode: Type.Optional(Type.Integer()),
    dev: Type.Optional(Type.Integer()),
    nlink: Type.Optional(Type.Integer()),
    atime: Type.Optional(Type.Number({ description: 'Seconds since the epoch, as the two below.' })),
    mtime: Type.Optional(Type.Number()),
    ctime: Type.Optional(Type.Number()),
    lnk_target: Type.Optional(Type.String({ description: 'What stands in a link.' })),
    lnk_source: Type.Optional(Type.String({ description: 'Where a link leads in the end.' })),
    checksum: Type.Optional(Type.String({ description: 'SHA-256, hex; with `get_checksum`, of a regular file.' })),
  }),
});

export const stat = observe<typeof params, typeof returns>({
  name: 'stat',
  summary: 'Looks whether a file is there, and at what it is.',
  description: [
    "Fields are those of Ansible's `stat`. The checksum is left out unless `get_checksum` asks for it, and is a SHA-256.",
    'What may not be looked at is a failure, not a file that does not exist.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Only where the spool was moved aside',
      yaml: [
        '- stat:',
        '    path: /var/lib/etcd.aside',
        '  register: aside',
        '- debug:',
        '    msg: there is an old spool',
        '  when: aside.stat.exists',
      ].join('\n'),
    },
  ],
  foresees: false,
  async observe(probe, { path, follow, get_checksum }) {
    const found = await fileStatus(probe, path, follow);
    if (found === undefined) return { stat: { exists: false } };
    if ('why' in found) throw new Failure('task-failed', found.why);
    return {
      stat: {
        exists: true,
        path,
        ...fields(found),
        ...(found.type === 'link' ? await linkFields(probe, path) : {}),
        ...(get_checksum && found.type === 'file' ? { checksum: await sha256Of(probe, path) } : {}),
      },
    };
  },
});

function fields(found: FileStatus) {
  const { type, mode, size, uid, gid, inode, atime, mtime, ctime } = found;
  return {
    mode: mode.padStart(4, '0'),
    isreg: type === 'file',
    isdir: type === 'directory',
    islnk: type === 'link',
    ischr: type === 'character',
    isblk: type === 'block',
    isfifo: type === 'fifo',
    issock: type === 'socket',
    ...{ size, uid, gid, inode, atime, mtime, ctime },
    pw_name: found.owner,
    gr_name: found.group,
    dev: found.device,
    nlink: found.links,
  };
}

async function linkFields(probe: Probe, path: string) {
  const target = await probe.read(readCommand(['readlink', '-n', '--', path]));
  const source = await probe.read(readCommand(['readlink', '-n', '-m', '--', path]));
  return { lnk_target: target.stdout, lnk_source: source.stdout };
}

/** Throws Failure `task-failed` where it can't be read. */
export async function sha256Of(probe: Probe, path: string): Promise<string> {
  const out = await probe.read(readCommand(['sha256sum', '--', path]));
  // An odd name makes it begin with a backslash.
  const sum = /^\\?([0-9a-f]{64}) /.exec(out.stdout)?.[1];
  if (out.code === 0 && sum !== undefined) return sum;
  throw new Failure('task-failed', `${path} on ${probe.name} cannot be read: ${out.stderr.trim()}`);
}
