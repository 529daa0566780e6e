import type { ClusterAccess, Risk, ServiceRisk } from '../core/guard.ts';
import { readCommand } from '../core/read-command.ts';
import { holdsSpool } from '../etcd/spool.ts';
import { partsOf, splitWords } from './command-words.ts';

/** How etcdctl is reached where the command doesn't say. */
const USUAL_ACCESS: ClusterAccess = { module: 'etcd/kube-default' };

/** Programs that touch neither etcd nor a service, whatever their arguments. */
const HARMLESS = new Set(
  'true false echo printf sleep uptime uname whoami which env printenv nproc free ps ss mkdir touch sync logger grep head tail wc'.split(
    ' ',
  ),
);

/** Of these, what leaves nothing behind. What reads files is in the list of reading commands. */
const LEAVES_NOTHING = new Set('true false echo printf sleep uptime uname whoami which nproc free ps ss'.split(' '));

/** Programs that run the command that follows them, and how many words of their own stand before it (options aside). */
const WRAPPERS: Readonly<Record<string, number>> = {
  sudo: 0,
  nohup: 0,
  nice: 0,
  ionice: 0,
  setsid: 0,
  exec: 0,
  timeout: 1,
  // Of a shell's own words: `if systemctl stop etcd; then`.
  ...Object.fromEntries(['if', 'then', 'else', 'elif', 'do', 'while', 'until', 'time', '!', '{', '('].map(w => [w, 0])),
};

/** etcdctl's flags that take a value, so that `--endpoints URL member remove ID` is read right. */
const ETCDCTL_FLAGS_WITH_VALUE =
  /^(--(endpoints|cacert|cert|key|user|password|peer-urls|command-timeout|dial-timeout|write-out|discovery-srv)|-w)$/;

/** The hosts of a risk are the one that the command runs on. */
type Place = { readonly host: string };

/**
 * What running `argv` on `host` could cost. Known commands are named for what they do; one that only looks, or a harmless
 * one, costs nothing; any other is opaque.
 */
export function commandRisks(argv: readonly string[], host: string): readonly Risk[] {
  if (onlyLooks(argv)) return [];
  const opaque: Risk = { kind: 'opaque', command: argv.join(' ') };
  const unwrapped = unwrap(argv);
  if (scriptOf(unwrapped) === undefined) return known(unwrapped, { host }) ?? [opaque];
  // A script is not understood, but what is plain in it is named as well.
  return [...commandsIn(argv).flatMap(words => known(words, { host }) ?? []), opaque];
}

/** The commands that `argv` comes to: itself without what only runs it, or those that are plain in a shell's text. */
export function commandsIn(argv: readonly string[]): readonly (readonly string[])[] {
  const unwrapped = unwrap(argv);
  const script = scriptOf(unwrapped);
  if (script === undefined) return [unwrapped];
  return partsOf(script).flatMap(part => {
    const split = splitWords(part);
    return 'words' in split ? [unwrap(split.words)] : [];
  });
}

function known(argv: readonly string[], place: Place): readonly Risk[] | undefined {
  const program = baseName(argv[0] ?? '');
  const words = argv.slice(1);
  if (onlyLooks(argv) || HARMLESS.has(program)) return [];
  switch (program) {
    case 'etcdctl':
      return etcdctlRisks(words);
    case 'systemctl':
      return systemctlRisks(words, place);
    case 'service':
      return unitName(words[0]) === 'etcd' ? serviceRisks(words[1] ?? '', place) : undefined;
    case 'kill':
    case 'pkill':
    case 'killall':
      return words.includes('etcd') ? [service('stop', place)] : undefined;
    case 'reboot':
      return [service('restart', place)];
    case 'poweroff':
    case 'halt':
    case 'shutdown':
      return [service(program === 'shutdown' && words.includes('-r') ? 'restart' : 'stop', place)];
    case 'rm':
    case 'rmdir':
    case 'unlink':
    case 'shred':
      return words.some(holdsSpool) ? [service('wipe', place)] : undefined;
    case 'mv':
      return words.slice(0, -1).some(holdsSpool) ? [service('wipe', place)] : undefined;
    default:
      return undefined;
  }
}

function etcdctlRisks(words: readonly string[]): readonly Risk[] | undefined {
  const { plain, flags } = readFlags(words);
  const [noun, verb, target] = plain;
  if (noun !== 'member' || target === undefined) return undefined;
  const access = accessFrom(flags);
  const peerUrl = flags.get('--peer-urls');
  switch (verb) {
    case 'add': {
      const change = flags.has('--learner') ? 'add-learner' : 'add-voter';
      const member = { name: target, ...(peerUrl === undefined ? {} : { peerUrl }) };
      return [{ kind: 'membership', change, member, access }];
    }
    case 'promote':
    case 'remove':
      return [{ kind: 'membership', change: verb, member: { id: target }, access }];
    default:
      return undefined;
  }
}

function readFlags(words: readonly string[]): { plain: string[]; flags: Map<string, string> } {
  const plain: string[] = [];
  const flags = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      plain.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    if (equals > 0) flags.set(word.slice(0, equals), word.slice(equals + 1));
    else if (ETCDCTL_FLAGS_WITH_VALUE.test(word)) {
      at += 1;
      flags.set(word, words[at] ?? '');
    } else flags.set(word, '');
  }
  return { plain, flags };
}

function accessFrom(flags: ReadonlyMap<string, string>): ClusterAccess {
  const [endpoints, cacert, cert, key] = ['--endpoints', '--cacert', '--cert', '--key'].map(flag => flags.get(flag));
  if (endpoints === undefined) return USUAL_ACCESS;
  return {
    endpoints: endpoints.split(','),
    ...(cacert === undefined ? {} : { cacert }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function systemctlRisks(words: readonly string[], place: Place): readonly Risk[] | undefined {
  const [verb = '', ...units] = words.filter(word => !word.startsWith('-'));
  if (verb === 'reboot' || verb === 'kexec') return [service('restart', place)];
  if (verb === 'poweroff' || verb === 'halt' || verb === 'rescue' || verb === 'isolate')
    return [service('stop', place)];
  if (verb === 'daemon-reload' || verb === 'enable' || verb === 'status') return [];
  if (!units.some(unit => /^etcd([*?[].*)?$/.test(unitName(unit)))) return undefined;
  const stopsNow = words.includes('--now') && (verb === 'disable' || verb === 'mask');
  return stopsNow ? [service('stop', place)] : serviceRisks(verb, place);
}

function serviceRisks(verb: string, place: Place): readonly Risk[] | undefined {
  if (/^(stop|kill|freeze)$/.test(verb)) return [service('stop', place)];
  if (/restart|reload/.test(verb)) return [service('restart', place)];
  return verb === 'start' || verb === 'disable' || verb === 'status' ? [] : undefined;
}

function service(effect: ServiceRisk['effect'], { host }: Place): ServiceRisk {
  return { kind: 'service', effect, hosts: [host], together: false, access: USUAL_ACCESS };
}

/** Whole in one word: of `x=$(etcdctl member list)` only what is run is a command, and a part of its own. */
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=(?!.*(?:\$\(|`))/;

function unwrap(argv: readonly string[]): readonly string[] {
  let rest = argv;
  for (;;) {
    // `ETCDCTL_API=3 etcdctl …` of a shell.
    while (rest.length > 1 && ASSIGNMENT.test(rest[0] ?? '')) rest = rest.slice(1);
    const program = baseName(rest[0] ?? '');
    const own = program === 'env' && rest.length > 1 ? 0 : WRAPPERS[program];
    if (own === undefined) return rest;
    let at = 1;
    while (rest[at]?.startsWith('-') || ASSIGNMENT.test(rest[at] ?? '')) at += 1;
    if (rest[at + own] === undefined) return rest;
    rest = rest.slice(at + own);
  }
}

/** The text after `-c` of a shell, ssh's or pdsh's remote command. */
function scriptOf(argv: readonly string[]): string | undefined {
  if (!/^(ba|da|z|k)?sh$/.test(baseName(argv[0] ?? ''))) return undefined;
  const at = argv.findIndex(word => /^-[a-z]*c$/.test(word));
  return at < 0 ? '' : (argv[at + 1] ?? '');
}

/** True where it changes nothing at all, by all that is known of the program. */
export function changesNothing(argv: readonly string[]): boolean {
  return onlyLooks(argv) || LEAVES_NOTHING.has(baseName(argv[0] ?? ''));
}

function onlyLooks(argv: readonly string[]): boolean {
  try {
    readCommand(argv);
    return true;
  } catch {
    return false;
  }
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const unitName = (unit: string | undefined): string => (unit ?? '').replace(/\.service$/, '');
