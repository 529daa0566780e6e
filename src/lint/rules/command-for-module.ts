import { has, programOf } from '../deeds.ts';
import { hasHole } from '../known.ts';
import type { Site } from '../program.ts';
import { type Rule, sitesOf } from '../rule.ts';

/** A module looks first, is weighed by the guard, can be foreseen by a plan and gone on with; a command is none of that. */
export const commandForModule: Rule = {
  code: 'command-for-module',
  severity: 'warning',
  afterOthers: true,
  *check(program) {
    for (const site of sitesOf(program)) {
      const found = moduleFor(site);
      if (!found) continue;
      const { what, module } = found;
      yield {
        site,
        message: `\`${what}\` is run as a command, and there is a module for it: ${module}`,
        hint: `use ${module}: plans, guards and resumes know what it does (\`quorate doc ${module}\`)`,
      };
    }
  },
};

interface Found {
  readonly what: string;
  readonly module: string;
}

function moduleFor(site: Site): Found | undefined {
  const commands = site.commands;
  for (const words of commands) {
    const found = ofEtcd(words) ?? ofSystemd(words, site) ?? ofCmsh(words);
    if (found) return found;
  }
  const [only, another] = commands;
  // What a shell would read in another way, modules do not.
  if (!only || another || only.some(word => /[*?$~<>`[\]{}]/.test(word))) return undefined;
  return site.params.stdin === undefined && site.params.chdir === undefined ? ofFiles(only) : undefined;
}

const etcdModules: readonly (readonly [verb: readonly string[], module: string])[] = [
  [['member', 'add'], 'etcdctl_member'],
  [['member', 'promote'], 'etcdctl_member'],
  [['member', 'remove'], 'etcdctl_member'],
  [['member', 'list'], 'etcd_status'],
  [['endpoint', 'status'], 'etcd_status'],
  [['endpoint', 'health'], 'etcd_health'],
  [['snapshot', 'save'], 'etcd_snapshot'],
  [['snapshot', 'status'], 'etcd_snapshot_check'],
  [['snapshot', 'restore'], 'etcd_restore'],
  [['move-leader'], 'etcd_move_leader'],
];

function ofEtcd(words: readonly string[]): Found | undefined {
  const program = programOf(words);
  if (program !== 'etcdctl' && program !== 'etcdutl') return undefined;
  const found = etcdModules.find(([verb]) => has(words, ...verb));
  return found && { what: `${program} ${found[0].join(' ')}`, module: found[1] };
}

function ofSystemd(words: readonly string[], { task }: Site): Found | undefined {
  const program = programOf(words);
  const plain = words.slice(1).filter(word => !word.startsWith('-'));
  const verb = program === 'service' ? plain[1] : program === 'systemctl' && plain.length === 2 ? plain[0] : undefined;
  if (verb === undefined) return undefined;
  const what = `${program} ${verb}`;
  if (/^(start|stop|restart|reload|enable|disable)$/.test(verb)) return { what, module: 'systemd_service' };
  // Whoever asks in what state a unit is, whichever that be, has no module for it: systemd_check fails where it is not in the wanted one.
  const mayBeEither = task.failedWhen !== undefined || task.ignoreErrors !== undefined;
  return /^(status|is-active)$/.test(verb) && !mayBeEither ? { what, module: 'systemd_check' } : undefined;
}

function ofCmsh(words: readonly string[]): Found | undefined {
  if (programOf(words) !== 'cmsh') return undefined;
  const text = words.join(' ');
  if (/\bconfigurationoverlay\b.*\b(use|append|removefrom|set|clone)\b/.test(text))
    return { what: 'cmsh … configurationoverlay', module: 'cmsh_overlay' };
  return /\bdevice\b.*\b(?:next)?installmode\b/.test(text)
    ? { what: 'cmsh … device', module: 'cmsh_device' }
    : undefined;
}

function ofFiles(words: readonly string[]): Found | undefined {
  const program = programOf(words);
  const flags = words.slice(1).filter(word => word.startsWith('-'));
  const paths = words.slice(1).filter(word => !word.startsWith('-'));
  const [first = ''] = paths;
  const local = paths.length === 2 && paths.every(path => path.startsWith('/') && !path.includes(':'));
  switch (program) {
    case 'rsync':
      return local && first.endsWith('/') ? { what: 'rsync', module: 'rsync_dir' } : undefined;
    case 'cp':
      if (!local || first.endsWith('/')) return undefined;
      return flags.some(flag => /^-[a-z]*[rRa]|^--(recursive|archive)/.test(flag))
        ? undefined
        : { what: 'cp', module: 'copy' };
    case 'mkdir':
      return paths.length === 1 && first.startsWith('/') && flags.every(flag => /^(-p|--parents)$/.test(flag))
        ? { what: 'mkdir', module: 'directory' }
        : undefined;
    case 'cat':
      return paths.length === 1 && flags.length === 0 && !hasHole(first)
        ? { what: 'cat', module: 'read_file' }
        : undefined;
    default:
      return undefined;
  }
}
