import { digest } from '../../core/digest.ts';
import { imageChanges } from './files.ts';

const packages = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'openssh-client',
  'rsync',
  'etcd-server',
  'etcd-client',
  'iproute2',
  'iputils-ping',
  'procps',
  'curl',
  'environment-modules',
  'pdsh',
  'python3-minimal',
  'openssl',
] as const;

/**
 * What mmdebstrap is told; `sources` are files with apt sources of this machine, whatever mirror they name, and
 * `aptOptions` what apt needs here to reach it.
 */
export function mmdebstrapArgv(options: {
  suite: string;
  target: string;
  sources: readonly string[];
  aptOptions: readonly string[];
}): string[] {
  return [
    'mmdebstrap',
    '--quiet',
    '--mode=root',
    '--format=directory',
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    '--aptopt=Acquire::Languages "none"',
    ...options.aptOptions.map(option => `--aptopt=${option}`),
    '--dpkgopt=path-exclude=/usr/share/man/*',
    '--dpkgopt=path-exclude=/usr/share/doc/*',
    '--dpkgopt=path-exclude=/usr/share/locale/*',
    options.suite,
    options.target,
    ...options.sources,
  ];
}

/** Fetches and unpacks etcd's packages of another suite, without setting anything up. */
export function extractArgv(options: {
  suite: string;
  target: string;
  sources: string;
  aptOptions: readonly string[];
}): string[] {
  return [
    ...['mmdebstrap', '--quiet', '--mode=root', '--format=directory', '--variant=extract'],
    '--include=etcd-server,etcd-client',
    '--aptopt=Acquire::Languages "none"',
    ...options.aptOptions.map(option => `--aptopt=${option}`),
    options.suite,
    options.target,
    options.sources,
  ];
}

/**
 * Runs it where its processes and mounts vanish with it: when it is killed, nothing of it goes on.
 */
export function containedArgv(argv: readonly string[]): string[] {
  return ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--', ...argv];
}

/** Names the image after everything that goes into it but the packages' versions. */
export function recipeHash(suite: string): string {
  const recipe = {
    format: 1,
    mmdebstrap: mmdebstrapArgv({ suite, target: '', sources: [], aptOptions: [] }),
    changes: imageChanges('VERSION'),
  };
  return digest('sha256', JSON.stringify(recipe)).toString('hex').slice(0, 12);
}

/** Of the machine's apt sources (path and text), those that have to do with its own suite. */
export function sourcesOfSuite(files: readonly { path: string; text: string }[], suite: string): string[] {
  const word = new RegExp(`^(?!\\s*#).*\\b${suite}\\b`, 'm');
  return files.filter(file => word.test(file.text)).map(file => file.path);
}

/** Of `apt-config dump`, the settings without which a site's mirror may be out of reach. */
export function reachOptions(dump: string): string[] {
  return dump.split('\n').filter(line => /^Acquire::\S*(proxy|cainfo|capath)\S* ".+";$/i.test(line));
}
