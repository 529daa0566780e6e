import { typed } from '../core/by-hand.ts';
import type { ClusterAccess } from '../core/guard.ts';

/** etcdctl and how it reaches the cluster, as it is typed; with an environment module, its name alone. */
export function etcdctlWord(access: ClusterAccess): string {
  const { endpoints, cacert, cert, key, etcdctl = 'etcdctl' } = access;
  return typed([
    etcdctl,
    ...(endpoints ? [`--endpoints=${endpoints.join(',')}`] : []),
    ...(cacert === undefined ? [] : [`--cacert=${cacert}`]),
    ...(cert === undefined ? [] : [`--cert=${cert}`]),
    ...(key === undefined ? [] : [`--key=${key}`]),
  ]);
}

/** A command of etcdctl as the article types it: the environment module first. */
export function etcdctlLine(access: ClusterAccess, words: string): string {
  const line = `${etcdctlWord(access)} ${words}`;
  return access.endpoints ? line : `module load ${typed([access.module ?? 'etcd/kube-default'])}; ${line}`;
}
