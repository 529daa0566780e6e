// What `cmdaemon --set` changes and `--get` prints: the stand-in's own switches, which the real CMDaemon doesn't have.
import type { Faults, Profile, State } from './state.ts';

type KeysOf<T, V> = { [K in keyof T]: T[K] extends V ? K : never }[keyof T];

interface Setting {
  readonly name: string;
  readonly wants: string;
  get(state: State): string | number | boolean;
  /** False where the text isn't a value for it. */
  set(state: State, text: string): boolean;
}

const PROFILES: readonly Profile[] = ['strict', 'lax', 'silent'];

const SETTINGS: readonly Setting[] = [
  {
    name: 'profile',
    wants: PROFILES.join(', '),
    get: state => state.profile,
    set: (state, text) => {
      const profile = PROFILES.find(name => name === text);
      if (profile !== undefined) state.profile = profile;
      return profile !== undefined;
    },
  },
  {
    name: 'scale',
    wants: 'a number, 0 or more',
    get: state => state.scale,
    set: (state, text) => {
      const scale = amount(text);
      if (scale !== undefined) state.scale = scale;
      return scale !== undefined;
    },
  },
  flag('notConnected'),
  flag('eventsInOutput'),
  number('slowdown'),
  flag('certificateNeverIssued'),
  text('peerStaysDown'),
  flag('commitLosesChange'),
  flag('collapsedRanges'),
  number('cellWidth'),
  flag('noHeaders'),
  text('otherEditor'),
];

/** Carries out `name=value` on `state`. Returns what is wrong with it, or undefined. */
export function applySetting(state: State, assignment: string): string | undefined {
  const [name, ...rest] = assignment.split('=');
  const setting = SETTINGS.find(candidate => candidate.name === name);
  if (setting === undefined) return `no setting ${name}; there are ${SETTINGS.map(s => s.name).join(', ')}`;
  return setting.set(state, rest.join('=')) ? undefined : `${name} takes ${setting.wants}`;
}

/** All settings, one `name=value` a line. */
export function formatSettings(state: State): string {
  return SETTINGS.map(setting => `${setting.name}=${setting.get(state)}`).join('\n');
}

function flag(key: KeysOf<Faults, boolean>): Setting {
  return {
    name: `fault.${key}`,
    wants: 'true or false',
    get: state => state.faults[key],
    set: (state, value) => {
      if (value !== 'true' && value !== 'false') return false;
      state.faults[key] = value === 'true';
      return true;
    },
  };
}

function number(key: KeysOf<Faults, number>): Setting {
  return {
    name: `fault.${key}`,
    wants: 'a number, 0 or more',
    get: state => state.faults[key],
    set: (state, value) => {
      const parsed = amount(value);
      if (parsed !== undefined) state.faults[key] = parsed;
      return parsed !== undefined;
    },
  };
}

function text(key: KeysOf<Faults, string>): Setting {
  return {
    name: `fault.${key}`,
    wants: 'a text',
    get: state => state.faults[key],
    set: (state, value) => {
      state.faults[key] = value;
      return true;
    },
  };
}

function amount(value: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
