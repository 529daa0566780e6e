import type { Json } from '../core/value.ts';

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const MASK = '••••••';
/** Shorter ones are masked only where they are the whole value: "no" as a password must not blank every "node001". */
const SHORTEST_WITHIN = 4;

/** Fields whose values are words of ours, which views switch over. Below `result` and `inputs` names are a playbook's own. */
const WORDS = new Set([
  'type',
  'status',
  'outcome',
  'moment',
  'how',
  'kind',
  'code',
  'change',
  'effect',
  'role',
  'health',
]);
const OPEN = new Set(['result', 'inputs']);

/** Removes secrets from what leaves a run, in the forms in which they turn up in commands and their output. */
export class Mask {
  readonly #within = new Set<string>();
  readonly #whole = new Set<Json>();
  #pattern: RegExp | undefined;

  /** Every text and number in `secret` is masked from now on. */
  add(secret: Json): void {
    if (Array.isArray(secret)) for (const item of secret) this.add(item);
    else if (typeof secret === 'object' && secret !== null) for (const item of Object.values(secret)) this.add(item);
    else if (typeof secret === 'string' || typeof secret === 'number') this.#addText(secret);
  }

  /** The same value with every secret in it masked, names of fields included. */
  apply<T>(value: T): T {
    // The shape is kept: texts stay texts, and a number that is a secret becomes the mask only where JSON is open anyway.
    return this.#whole.size === 0 ? value : (this.#masked(value, false) as T);
  }

  #addText(secret: string | number): void {
    const text = String(secret);
    if (text === '') return;
    this.#whole.add(secret).add(text);
    // A key of several lines is often quoted line by line.
    for (const form of [text, ...text.split('\n').filter(line => line.trim().length >= 8)]) {
      if (form.length < SHORTEST_WITHIN) continue;
      this.#within.add(form);
      this.#within.add(JSON.stringify(form).slice(1, -1));
      this.#within.add(Buffer.from(form).toString('base64').replace(/=+$/, ''));
      this.#within.add(encodeURIComponent(form));
    }
    const longestFirst = [...this.#within].sort((a, b) => b.length - a.length);
    this.#pattern = longestFirst.length === 0 ? undefined : new RegExp(longestFirst.map(escaped).join('|'), 'g');
  }

  #masked(value: unknown, open: boolean): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return this.#whole.has(value) ? MASK : value;
    if (Array.isArray(value)) return value.map(item => this.#masked(item, open));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (open) return [this.#text(key), this.#masked(inner, true)];
        return [key, WORDS.has(key) ? inner : this.#masked(inner, OPEN.has(key))];
      }),
    );
  }

  #text(text: string): string {
    if (this.#whole.has(text)) return MASK;
    return this.#pattern ? text.replace(this.#pattern, MASK) : text;
  }
}
