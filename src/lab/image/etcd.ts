import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from '../lock.ts';
import { type Machine, must } from '../machine.ts';
import { LabProblem } from '../problem.ts';
import { aptSources, debianSuite, type Image, imageLock, partialMark } from './image.ts';
import { containedArgv, extractArgv, reachOptions } from './recipe.ts';

/** Versions of etcd that a lab can have besides the image's own, and the suite of Debian that has them. */
const suites = { '3.5': 'trixie' } as const;

export type EtcdChoice = keyof typeof suites;

/** Programs of etcd to be bound into the hosts. */
interface EtcdPrograms {
  readonly directory: string;
  readonly version: string;
}

/** The image with the programs of another etcd, which are made unless they are there, and kept like the image. */
export async function withEtcd(machine: Machine, lab: string, image: Image, choice: EtcdChoice): Promise<Image> {
  const suite = suites[choice];
  const directory = join(machine.cacheDir, `etcd-${suite}`);
  const programs =
    (await readPrograms(directory)) ??
    (await withFileLock(imageLock, machine.signal, async () => {
      machine.say(`fetching etcd ${choice} from Debian ${suite} (once, about 10 s)`);
      return (await readPrograms(directory)) ?? extract(machine, lab, suite, directory);
    }));
  return { root: image.root, etcdVersion: programs.version, etcdPrograms: programs.directory };
}

async function extract(machine: Machine, lab: string, suite: string, directory: string): Promise<EtcdPrograms> {
  const partial = `${directory}${partialMark}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, 'bin'), { recursive: true });
  try {
    const stanzas = sourcesMovedTo(await aptSources(), await debianSuite(), suite);
    if (stanzas === '') throw new LabProblem('missing', 'no apt source of this machine names its own suite of Debian');
    const sources = join(partial, 'suite.sources');
    await writeFile(sources, stanzas);
    const dump = await must(machine, ['apt-config', 'dump', '--format', '%F "%v";%n', 'Acquire'], { lab });
    const root = join(partial, 'root');
    const argv = containedArgv(extractArgv({ suite, target: root, sources, aptOptions: reachOptions(dump) }));
    await must(machine, argv, { lab, cancellable: true });
    const bin = join(partial, 'bin');
    for (const program of ['etcd', 'etcdctl', 'etcdutl']) {
      await copyFile(join(root, 'usr/bin', program), join(bin, program));
    }
    await rm(root, { recursive: true, force: true });
    const said = await must(machine, [join(bin, 'etcd'), '--version'], { lab });
    const version = /etcd Version: (\S+)/.exec(said)?.[1];
    if (version === undefined) throw new LabProblem('failed', `the etcd of Debian ${suite} does not say its version`);
    await writeFile(join(partial, 'etcd.json'), `${JSON.stringify({ version })}\n`);
    await rename(partial, directory);
    return { directory, version };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function readPrograms(directory: string): Promise<EtcdPrograms | undefined> {
  const text = await readFile(join(directory, 'etcd.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { version }: { version: string } = JSON.parse(text);
  return { directory, version };
}

/**
 * The machine's apt sources of its own suite, as those of another suite of the same mirrors with the same keys, in apt's
 * format of stanzas; '' where there are none. Updates and security of the own suite are left out.
 */
export function sourcesMovedTo(files: readonly { path: string; text: string }[], own: string, other: string): string {
  const stanzas = files.flatMap(({ path, text }) => (path.endsWith('.sources') ? inStanzas(text) : inLines(text)));
  const names = (field: string): boolean => field.split(/\s+/).includes(own);
  return stanzas
    .filter(stanza => names(fieldOf(stanza, 'Suites')) && /\bdeb\b/.test(fieldOf(stanza, 'Types')))
    .map(stanza => `${stanza.replace(/^Suites:.*$/im, `Suites: ${other}`).replace(/^Types:.*$/im, 'Types: deb')}\n`)
    .join('\n');
}

function inStanzas(text: string): string[] {
  const uncommented = text.replace(/^#.*\n?/gm, '');
  return uncommented.split(/\n\s*\n/).map(stanza => stanza.trim());
}

/** `deb [signed-by=…] URI suite component …` */
function inLines(text: string): string[] {
  return text.split('\n').flatMap(line => {
    const parts = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim());
    if (parts === null) return [];
    const [, options = '', uri, suite, components] = parts;
    const key = /signed-by=(\S+)/i.exec(options)?.[1];
    const lines = ['Types: deb', `URIs: ${uri}`, `Suites: ${suite}`, `Components: ${components}`];
    return [[...lines, ...(key === undefined ? [] : [`Signed-By: ${key}`])].join('\n')];
  });
}

function fieldOf(stanza: string, name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(stanza)?.[1]?.trim() ?? '';
}
