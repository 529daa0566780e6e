import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is remembered of a campaign between its pieces. */
export interface Remembered {
  /** Boundaries at which a run was killed already, by scenario. */
  readonly covered: Record<string, readonly string[]>;
  kills: number;
  chains: number;
  failures: string[];
  longestGapMs: number;
  /** What was killed on the model, by scenario. */
  readonly simulated: Record<
    string,
    {
      readonly kills: number;
      readonly boundaries: number;
      readonly states: number;
      readonly asks: number;
      readonly untold: number;
    }
  >;
}

export const nothing = (): Remembered => ({
  covered: {},
  kills: 0,
  chains: 0,
  failures: [],
  longestGapMs: 0,
  simulated: {},
});

/** What earlier pieces of the campaign with this file did. */
export function remembered(path: string): Remembered {
  try {
    return { ...nothing(), ...JSON.parse(readFileSync(path, 'utf8')) };
  } catch {
    return nothing();
  }
}

export function remember(path: string, what: Remembered): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(what, undefined, 1)}\n`);
}
