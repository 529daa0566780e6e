import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withFileLock } from '../lock.ts';
import { type Machine, must } from '../machine.ts';
import { LabProblem } from '../problem.ts';
import { type ImageChange, imageChanges } from './files.ts';
import { containedArgv, mmdebstrapArgv, reachOptions, recipeHash, sourcesOfSuite } from './recipe.ts';

/** The one read-only tree below all hosts. */
export interface Image {
  readonly root: string;
  /** Such as `3.4.23`. */
  readonly etcdVersion: string;
  /** The directory whose bin/ has etcd's programs, where they are others than the image's. */
  readonly etcdPrograms?: string;
}

/** An image that is not whole has this in its name, until it is renamed. */
export const partialMark = '.partial';
export const imageLock = '/run/lock/quorate-image';

/** Makes the image unless it is there. It is shared by all labs and stays when they go. */
export async function ensureImage(machine: Machine, lab: string): Promise<Image> {
  const suite = await debianSuite();
  const directory = join(machine.cacheDir, `image-${recipeHash(suite)}`);
  const found = await readImage(directory);
  if (found !== undefined) return found;
  await mkdir(machine.cacheDir, { recursive: true });
  return withFileLock(imageLock, machine.signal, async () => {
    const meanwhile = await readImage(directory);
    if (meanwhile !== undefined) return meanwhile;
    await removePartialImages(machine.cacheDir);
    machine.say(`making the hosts’ image from Debian ${suite} (once, about 40 s)`);
    await build(machine, lab, suite, directory);
    const built = await readImage(directory);
    if (built === undefined) throw new LabProblem('failed', `the image ${directory} was made and is not there`);
    return built;
  });
}

/** Removes images that were never finished, unless one is being made right now. */
export async function clearPartialImages(machine: Machine): Promise<void> {
  const busy = new LabProblem('failed', 'an image is being made');
  await withFileLock(imageLock, busy, () => removePartialImages(machine.cacheDir)).catch(error => {
    if (error !== busy) throw error;
  });
}

async function removePartialImages(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir).catch(() => [])) {
    if (name.includes(partialMark)) await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}

async function build(machine: Machine, lab: string, suite: string, directory: string): Promise<void> {
  const partial = `${directory}${partialMark}`;
  const root = join(partial, 'root');
  await mkdir(partial);
  try {
    const sources = sourcesOfSuite(await aptSources(), suite);
    if (sources.length === 0) throw new LabProblem('missing', `no apt source of this machine names the suite ${suite}`);
    const aptOptions = reachOptions(
      await must(machine, ['apt-config', 'dump', '--format', '%F "%v";%n', 'Acquire'], { lab }),
    );
    const argv = containedArgv(mmdebstrapArgv({ suite, target: root, sources, aptOptions }));
    await must(machine, argv, { lab, cancellable: true });
    const version = await must(machine, ['chroot', root, 'etcd', '--version'], { lab });
    const etcdVersion = /etcd Version: (\S+)/.exec(version)?.[1];
    if (etcdVersion === undefined) throw new LabProblem('failed', 'the image’s etcd does not say its version');
    for (const change of imageChanges(etcdVersion)) await apply(root, change);
    await writeFile(join(partial, 'image.json'), `${JSON.stringify({ etcdVersion, suite })}\n`);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function apply(root: string, change: ImageChange): Promise<void> {
  if ('write' in change) {
    await mkdir(dirname(join(root, change.write)), { recursive: true });
    await writeFile(join(root, change.write), change.text, { mode: change.mode ?? 0o644 });
  } else if ('link' in change) {
    await mkdir(dirname(join(root, change.link)), { recursive: true });
    await rm(join(root, change.link), { force: true });
    await symlink(change.to, join(root, change.link));
  } else if ('directory' in change) {
    await mkdir(join(root, change.directory), { recursive: true, mode: change.mode ?? 0o755 });
  } else if ('move' in change) {
    await rename(join(root, change.move), join(root, change.to));
  } else {
    await rm(join(root, change.remove), { recursive: true, force: true });
  }
}

async function readImage(directory: string): Promise<Image | undefined> {
  const text = await readFile(join(directory, 'image.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { etcdVersion }: { etcdVersion: string } = JSON.parse(text);
  return { root: join(directory, 'root'), etcdVersion };
}

export async function debianSuite(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const suite = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1];
  if (suite === undefined) throw new LabProblem('missing', '/etc/os-release names no VERSION_CODENAME');
  return suite;
}

export async function aptSources(): Promise<{ path: string; text: string }[]> {
  const parts = '/etc/apt/sources.list.d';
  const names = (await readdir(parts).catch(() => [])).filter(name => /\.(list|sources)$/.test(name)).sort();
  const paths = ['/etc/apt/sources.list', ...names.map(name => join(parts, name))];
  const files = await Promise.all(
    paths.map(async path => ({ path, text: await readFile(path, 'utf8').catch(() => '') })),
  );
  return files.filter(file => file.text !== '');
}
