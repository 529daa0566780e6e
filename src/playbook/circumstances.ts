import type { Conjunct, TypedTemplate } from './expression/template.ts';

/** What holds for whatever stands in one place. */
interface Frame {
  /** By what is the same for all ways to write them. */
  readonly conditions: Map<string, Conjunct>;
  /** Results of which was asked how their tasks ended. */
  readonly asked: Set<string>;
  /** Only a run that asks for a tag of it comes here. */
  tagged: boolean;
}

/** The conditions under which a place is reached. */
export class Circumstances {
  readonly #frames: Frame[] = [];

  enter(): void {
    this.#frames.push({ conditions: new Map(), asked: new Set(), tagged: false });
  }

  leave(): void {
    this.#frames.pop();
  }

  /** `implied` gives what holds where a result's task was not skipped. */
  suppose({ conjuncts = [], asks = [] }: TypedTemplate, implied: (result: string) => readonly Conjunct[]): void {
    const frame = this.#frames.at(-1);
    if (!frame) return;
    for (const one of [...conjuncts, ...asks.flatMap(implied)]) frame.conditions.set(one.identity, one);
    for (const name of asks) frame.asked.add(name);
  }

  supposeTagged(): void {
    const frame = this.#frames.at(-1);
    if (frame) frame.tagged = true;
  }

  get conditions(): readonly Conjunct[] {
    return this.#frames.flatMap(({ conditions }) => [...conditions.values()]);
  }

  /** Those of the given conditions that do not hold here for sure. */
  missing(conditions: readonly Conjunct[]): readonly Conjunct[] {
    return conditions.filter(one => !this.#frames.some(frame => frame.conditions.has(one.identity)));
  }

  isAsked(name: string): boolean {
    return this.#frames.some(({ asked }) => asked.has(name));
  }

  get isTagged(): boolean {
    return this.#frames.some(({ tagged }) => tagged);
  }
}
