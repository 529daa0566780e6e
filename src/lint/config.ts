import { matchesGlob } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Severity } from './config-schema.ts';

export interface Rule {
  /** Absent: as it is found. */
  readonly severity?: Severity;
  readonly exclude: readonly string[];
}

/** What a team decided. Paths are as messages show them; globs stay relative to the configuration's folder. */
export interface Config {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly exclude: readonly string[];
  readonly modules: readonly string[];
  readonly inventory?: string;
  readonly maxWarnings?: number;
  readonly baseline?: string;
}

export const BASELINE = 'quorate-baseline.json';

export const noConfig: Config = { rules: new Map(), exclude: [], modules: [] };

/** What the configuration makes of a finding; undefined where the rule is off there. `path`: of a file, from the configuration's folder. */
export function configured(config: Config, finding: Diagnostic, path: string): Diagnostic | undefined {
  const rule = config.rules.get(finding.code);
  if (!rule) return finding;
  if (rule.severity === 'off' || matchesAny(path, rule.exclude)) return undefined;
  return rule.severity === undefined ? finding : { ...finding, severity: rule.severity };
}

/** A glob without a star that names a folder stands for all that is in it. */
export function matchesAny(path: string, globs: readonly string[]): boolean {
  return globs.some(glob => matchesGlob(path, glob) || matchesGlob(path, `${glob.replace(/\/$/, '')}/**`));
}
