/** Files that are linted: their texts, by path, and those that are named to lint. */
export interface Input {
  readonly files: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** There must be an error. */
  readonly isBroken?: true;
}
