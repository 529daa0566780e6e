import { Failure } from '../../core/failure.ts';
import type { Scope, Template } from '../../core/template.ts';
import type { Json, Value } from '../../core/value.ts';
import type { Findings } from '../findings.ts';
import { reachedBy } from './ansible-names.ts';
import type { Reached, Vars } from './written.ts';

interface HostVars {
  readonly values: Readonly<Record<string, Json>>;
  readonly templates: ReadonlyMap<string, Template>;
}

/** How Ansible's vars of a host say that it is reached; expressions in them see the host's own vars. */
export function reachedOf(host: string, vars: Vars, hostVars: HostVars, found: Findings): Reached {
  const reached: { -readonly [K in keyof Reached]: Reached[K] } = {};
  for (const [name, property] of Object.entries(reachedBy)) {
    const entry = vars.get(name);
    if (!entry) continue;
    const wrong = (message: string, hint: string) =>
      found.error('invalid-inventory', entry.value.span, message, { hint });
    const value = rendered(name, host, hostVars, wrong);
    if (value === undefined) continue;
    if (property === 'port') {
      const port = typeof value === 'string' ? Number(value) : value;
      if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536) reached.port = port;
      else wrong(`\`${name}\` must be a port, a number from 1 to 65535`, 'ssh uses 22 where none is given');
    } else if (property === 'connection') {
      const connection = value === 'smart' ? 'ssh' : value;
      if (connection === 'ssh' || connection === 'local') reached.connection = connection;
      else wrong(`\`${name}\` must be ssh or local`, 'hosts are reached by ssh, or are this machine');
    } else if (typeof value === 'string' && value !== '') reached[property] = value;
    else wrong(`\`${name}\` must be a text`, 'quote it');
  }
  return reached;
}

function rendered(
  name: string,
  host: string,
  { values, templates }: HostVars,
  wrong: (message: string, hint: string) => void,
): Value | undefined {
  const rendering = new Set<string>();
  const scope: Scope = {
    get: wanted => {
      if (wanted === 'inventory_hostname') return host;
      const template = templates.get(wanted);
      if (!template) return Object.hasOwn(values, wanted) ? values[wanted] : undefined;
      if (rendering.has(wanted)) return undefined;
      rendering.add(wanted);
      try {
        return template.render(scope);
      } finally {
        rendering.delete(wanted);
      }
    },
  };
  try {
    return scope.get(name);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    wrong(
      `\`${name}\` of ${host}: ${error.message}`,
      'how a host is reached is worked out from the vars of the inventory',
    );
    return undefined;
  }
}
