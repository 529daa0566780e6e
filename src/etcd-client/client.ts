import { Cancelled, Failure, Unreachable } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Host, Out, Probe } from '../core/host.ts';
import { MODULE_ENVIRONMENT, readCommand } from '../core/read-command.ts';
import type { Member } from '../etcd/cluster.ts';

/** How etcdctl is called on one host: everything by flags, because a variable and its flag together are an error. */
export interface Client {
  readonly probe: Probe;
  readonly etcdctl: string;
  /** With an environment module, the endpoint of the host's own member. */
  readonly endpoints: readonly string[];
  readonly tls: { readonly cacert?: string; readonly cert?: string; readonly key?: string };
}

/** What modules take from their user (`accessParams`), as contracts have it. */
export interface AccessParams {
  readonly environment_module: string;
  readonly endpoints?: readonly string[];
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly etcdctl?: string;
  readonly via?: readonly string[];
}

export function accessOf(p: AccessParams): ClusterAccess {
  return {
    ...(p.endpoints ? { endpoints: p.endpoints } : { module: p.environment_module }),
    ...(p.cacert === undefined ? {} : { cacert: p.cacert }),
    ...(p.cert === undefined ? {} : { cert: p.cert }),
    ...(p.key === undefined ? {} : { key: p.key }),
    ...(p.etcdctl === undefined ? {} : { etcdctl: p.etcdctl }),
    ...(p.via === undefined ? {} : { via: p.via }),
  };
}

/**
 * How etcdctl is called on `probe`'s host. The environment module is loaded once a host and run, in a login shell, which
 * costs about 110 ms. Throws Failure `task-failed` where the module or etcdctl is not there, and what `read` throws.
 */
export function openClient(probe: Probe, access: ClusterAccess): Promise<Client> {
  if (access.endpoints) {
    const { endpoints, etcdctl = 'etcdctl' } = access;
    return Promise.resolve({ probe, etcdctl, endpoints, tls: tlsOf(access) });
  }
  const module = moduleOf(access);
  return probe
    .memo(`environment ${module}`, () => loadModule(probe, module))
    .then(environment => fromEnvironment(probe, access, module, environment));
}

async function loadModule(probe: Probe, module: string): Promise<ReadonlyMap<string, string>> {
  const out = await probe.read(readCommand(['bash', '-lc', MODULE_ENVIRONMENT, 'bash', module], { timeoutMs: 30_000 }));
  if (out.code !== 0) throw noModule(probe.name, module, lastLine(out.stderr));
  const pairs = out.stdout.split('\0').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
  });
  return new Map(pairs);
}

function fromEnvironment(
  probe: Probe,
  access: ClusterAccess,
  module: string,
  environment: ReadonlyMap<string, string>,
): Client {
  const endpoints = environment.get('ETCDCTL_ENDPOINTS')?.split(',').filter(Boolean) ?? [];
  if (endpoints.length === 0) throw noModule(probe.name, module, 'it sets no ETCDCTL_ENDPOINTS');
  const etcdctl = access.etcdctl ?? environment.get('QUORATE_ETCDCTL');
  if (!etcdctl) throw noModule(probe.name, module, 'it brings no etcdctl');
  const [cacert, cert, key] = ['CACERT', 'CERT', 'KEY'].map(name => environment.get(`ETCDCTL_${name}`));
  return {
    probe,
    etcdctl,
    endpoints,
    tls: tlsOf({
      ...(cacert ? { cacert } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
    }),
  };
}

function noModule(host: string, module: string, why: string): Failure {
  return new Failure('task-failed', `${host}: the environment module ${module} cannot be used: ${why}`, {
    hint: `see what there is with: ssh ${host} bash -lc 'module avail etcd'; or give endpoints, cacert, cert and key`,
  });
}

function tlsOf({ cacert, cert, key }: Client['tls']): Client['tls'] {
  return {
    ...(cacert === undefined ? {} : { cacert }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** An argv of etcdctl. `timeoutS` is left to etcdctl where absent. */
export function etcdctlArgv(
  client: Client,
  words: readonly string[],
  o: { readonly endpoints?: readonly string[]; readonly timeoutS?: number } = {},
): readonly string[] {
  const { cacert, cert, key } = client.tls;
  return [
    client.etcdctl,
    `--endpoints=${(o.endpoints ?? client.endpoints).join(',')}`,
    ...(cacert === undefined ? [] : [`--cacert=${cacert}`]),
    ...(cert === undefined ? [] : [`--cert=${cert}`]),
    ...(key === undefined ? [] : [`--key=${key}`]),
    ...(o.timeoutS === undefined ? [] : [`--command-timeout=${o.timeoutS}s`]),
    ...words,
  ];
}

/** Reads with etcdctl, as JSON. A non-zero status is the caller's to judge: some commands print what is there all the same. */
export function readEtcdctl(
  client: Client,
  words: readonly string[],
  o: { readonly endpoints?: readonly string[]; readonly timeoutS?: number } = {},
): Promise<Out> {
  const timeoutS = o.timeoutS ?? 5;
  const argv = etcdctlArgv(client, [...words, '--write-out=json'], { ...o, timeoutS });
  // etcdctl asks several endpoints in turn; it is ended where even that should have been over.
  return client.probe.read(
    readCommand(argv, { timeoutMs: (timeoutS * Math.max(1, o.endpoints?.length ?? 1) + 10) * 1000 }),
  );
}

/**
 * The hosts on which etcdctl may be run, in the order of preference. Never empty. The group `etcd` is as it was before the
 * run, which may have moved all members to other hosts since: those on which it last saw them come with it.
 */
export function candidates(probe: Probe, access: ClusterAccess): readonly string[] {
  if (access.via) return access.via;
  if (access.endpoints) return [probe.name];
  const group = probe.group('etcd');
  const seen = probe.sightings.members.get(moduleOf(access)) ?? [];
  return [...new Set([...(group.length > 0 ? group : [probe.name]), ...seen])];
}

/** Where a cluster was seen, for `candidates`. A member that is on no host of the inventory is left out. */
export function rememberMembers(probe: Probe, access: ClusterAccess, members: readonly Member[]): void {
  const hosts = members.flatMap(m => {
    const names = [m.name, ...[...m.clientUrls, ...m.peerUrls].map(url => URL.parse(url)?.hostname ?? '')];
    return names.map(name => probe.hostAt(name)).find(host => host !== undefined) ?? [];
  });
  probe.sightings.members.set(moduleOf(access), hosts);
}

const moduleOf = ({ module = 'etcd/kube-default' }: ClusterAccess): string => module;

/** `probe` itself for its own name: a host that is not in an inventory can still be looked at from itself. */
export function peerOf(probe: Host, host: string): Host;
export function peerOf(probe: Probe, host: string): Probe;
export function peerOf(probe: Probe, host: string): Probe {
  return host === probe.name ? probe : probe.peer(host);
}

/** A failure to see, as one line. What is no failure of a host (a cancellation, a defect of ours) is thrown on. */
export function whyNot(error: unknown): string {
  if (error instanceof Cancelled || !(error instanceof Failure)) throw error;
  return error instanceof Unreachable ? error.message.replace(`${error.host} is unreachable: `, '') : error.message;
}

/** The last line that says something: etcdctl logs warnings before its error. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map(line => line.trim());
  return (lines.filter(Boolean).at(-1) ?? 'it said nothing').replace(/^Error: /, '');
}
