// The practice cluster for end-to-end tests. Tests drive it as a user does, through the program.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe } from 'vitest';
import { labRequirements } from '../../src/lab/requirements.ts';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `quorate` with these words, to its end. */
async function quorate(words: readonly string[], input?: string): Promise<Finished> {
  const result = await execa('bin/quorate', words, {
    cwd: projectRoot,
    reject: false,
    // Longer than anything takes here (a run at the article's own delays takes four minutes); what hangs is said to, instead
    // of the test that waits for it.
    timeout: 600_000,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  return { exitCode: result.exitCode ?? 128, stdout: result.stdout, stderr: result.stderr };
}

/** A lab of a test file. */
export interface TestLab {
  readonly name: string;
  /** `quorate lab VERB --name NAME WORDS…` */
  lab(verb: string, ...words: string[]): Promise<Finished>;
  /** Runs a command on a host, as root. */
  exec(host: string, argv: readonly string[], input?: string): Promise<Finished>;
  /** The same, where it must succeed; answers its stdout. */
  must(host: string, argv: readonly string[], input?: string): Promise<string>;
  /** Runs etcdctl on a node as the article does, with the environment module; answers its stdout. */
  etcdctl(host: string, words: string): Promise<string>;
}

export function labNamed(name: string): TestLab {
  const exec: TestLab['exec'] = (host, argv, input) =>
    quorate(['lab', 'exec', '--name', name, host, '--', ...argv], input);
  const must: TestLab['must'] = async (host, argv, input) => {
    const { exitCode, stdout, stderr } = await exec(host, argv, input);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} on ${host} ended with ${exitCode}: ${stderr}${stdout}`);
    return stdout;
  };
  return {
    name,
    exec,
    must,
    lab: (verb, ...words) => quorate(['lab', verb, '--name', name, ...words]),
    etcdctl: (host, words) => must(host, ['bash', '--login', '-c', `module load etcd && etcdctl ${words}`]),
  };
}

/** Fails where a command of `quorate` did; answers what it printed. */
export function succeeded(finished: Finished): Finished {
  if (finished.exitCode !== 0) throw new Error(`ended with ${finished.exitCode}: ${finished.stderr}${finished.stdout}`);
  return finished;
}

const missing = await labRequirements({
  platform: process.platform,
  uid: process.getuid?.() ?? -1,
  path: process.env.PATH ?? '',
});

/**
 * A suite that needs the practice cluster. Where it cannot run here the suite is skipped, and its title says why; under
 * CI=true it fails instead, because there nobody would notice.
 */
export function describeOnLab(title: string, suite: () => void): void {
  if (missing.length === 0 || process.env.CI === 'true') describe(title, suite);
  else describe.skip(`${title} (no practice cluster here: lacks ${missing.map(one => one.what).join(', ')})`, suite);
}

/** Within a suite: a lab of this name is made before it, with what `up` is given besides, and removed after it. */
export function withLab(name: string, ...upOptions: string[]): TestLab {
  const lab = labNamed(name);
  beforeAll(async () => {
    if (missing.length > 0) throw new Error(`the practice cluster lacks ${missing.map(one => one.what).join(', ')}`);
    if (!existsSync(`${projectRoot}/dist/cmdaemon.js`)) throw new Error('dist/ is not built: npm run build');
    await lab.lab('down');
    succeeded(await lab.lab('up', ...upOptions));
  });
  afterAll(async () => {
    await lab.lab('down');
  });
  return lab;
}
