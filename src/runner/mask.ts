import { isList, isMap, type Json, type Value } from '../core/value.ts';

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

/** Shorter texts that were made of a secret say little of it, and turn up elsewhere. */
const SHORTEST_DERIVED = 8;

/** How a text turns up in commands and what they print. */
function formsOf(text: string): readonly string[] {
  const inJson = (one: string) => JSON.stringify(one).slice(1, -1);
  const inUrl = encodeURIComponent(text);
  return [
    text,
    inJson(text),
    inJson(inJson(text)),
    inUrl,
    inUrl.replaceAll('%2F', '/'),
    inUrl.replaceAll('%20', '+'),
    inUrl.replaceAll('%2F', '/').replaceAll("'", '%27'),
    ...inBase64(text),
    // As shells write what is in single quotes: ours, and Python's way.
    text.replaceAll("'", String.raw`'\''`),
    text.replaceAll("'", `'"'"'`),
  ];
}

/** By itself, and what is the same of it wherever it stands in a longer text. */
function inBase64(text: string): readonly string[] {
  const whole = Buffer.from(text).toString('base64').replace(/=+$/, '');
  const pieces = [0, 1, 2].map(before => {
    const size = before + Buffer.byteLength(text);
    const coded = Buffer.from('\0'.repeat(before) + text).toString('base64');
    return coded.slice(before === 0 ? 0 : before + 1, Math.floor((size * 8) / 6));
  });
  return [whole, ...pieces.filter(piece => piece.length >= SHORTEST_DERIVED)];
}

function textsIn(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(textsIn);
  return isMap(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** True where a piece of one text can be read in the other. */
function sharesWords(from: string, to: string): boolean {
  return from.split(/[^\p{L}\d]+/u).some(word => word.length >= SHORTEST_WITHIN && to.includes(word));
}

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

  /**
   * Masks what was made of a secret: of one that is a text all that is no short piece of it; of a text that holds one, only
   * where nothing of the text is left to be seen, as in base64. Of a list each item is taken by itself.
   */
  derive(from: Value, to: Value): void {
    if (this.#whole.size === 0) return;
    if (isList(from)) {
      if (isList(to) && to.length === from.length)
        for (const [i, item] of from.entries()) this.derive(item, to[i] ?? null);
      return;
    }
    if (typeof from !== 'string') return;
    const isSecret = this.#whole.has(from);
    if (!isSecret && this.#text(from) === from) return;
    for (const text of textsIn(to)) {
      if (text.length < Math.min(from.length, SHORTEST_DERIVED) || this.#text(text) === MASK) continue;
      if (isSecret || !sharesWords(from, text)) this.#addText(text);
    }
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
    for (const line of [text, ...text.split('\n').filter(line => line.trim().length >= 8)]) {
      if (line.length >= SHORTEST_WITHIN) for (const form of formsOf(line)) this.#within.add(form);
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
