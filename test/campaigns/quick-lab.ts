import process from 'node:process';
import { runIn } from '../../src/lab/hosts.ts';
import { thisMachine } from '../../src/lab/machine.ts';
import { type LabPaths, labPaths } from '../../src/lab/paths.ts';
import { LabProblem } from '../../src/lab/problem.ts';
import { hostOf, mustReadRecord } from '../../src/lab/record.ts';
import { labNamed, projectRoot, type TestLab } from '../support/lab.ts';

export interface QuickLab extends TestLab {
  /** Where its things lie on this machine. */
  readonly paths: LabPaths;
}

/** The same lab, whose commands on hosts are run without a process of quorate for each: a campaign looks at hosts some hundred times an hour. */
export function quickLab(name: string): QuickLab {
  const slow = labNamed(name);
  const machine = thisMachine({
    packageRoot: projectRoot,
    environment: process.env,
    signal: new AbortController().signal,
    say: () => undefined,
  });
  const paths = labPaths(machine.stateDir, name);
  const exec: TestLab['exec'] = async (hostName, argv, input) => {
    try {
      const record = await mustReadRecord(paths, name);
      const options = input === undefined ? {} : { input };
      return await runIn({ machine, paths, record }, hostOf(record, hostName), argv, options);
    } catch (error) {
      if (error instanceof LabProblem) return { exitCode: 4, stdout: '', stderr: error.message };
      throw error;
    }
  };
  const must: TestLab['must'] = async (host, argv, input) => {
    const { exitCode, stdout, stderr } = await exec(host, argv, input);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} on ${host} ended with ${exitCode}: ${stderr}${stdout}`);
    return stdout;
  };
  const etcdctl: TestLab['etcdctl'] = (host, words) =>
    must(host, ['bash', '--login', '-c', `module load etcd && etcdctl ${words}`]);
  return { ...slow, paths, exec, must, etcdctl };
}
