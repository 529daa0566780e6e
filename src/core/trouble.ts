/** What is wrong somewhere, in words for people, and what to type to look into it. */
export interface Trouble {
  /** A clause. */
  readonly why: string;
  readonly hint: string;
}
