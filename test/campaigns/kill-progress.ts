/** What is remembered of a campaign of kills between its pieces. */
export interface KillProgress {
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

export const nothing = (): KillProgress => ({
  covered: {},
  kills: 0,
  chains: 0,
  failures: [],
  longestGapMs: 0,
  simulated: {},
});
