import { isList, isMap, Unknown, type Value } from '../../core/value.ts';

/**
 * How a value reads in a text: as in Ansible, so `True`, `['a', 'b']`, and nothing for none. A number that is whole
 * shows no point: there is one type of number, so `6 / 2` is 3 where Python says 3.0.
 */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : notation(value);
}

/** Python's notation of a value, as it stands inside a list or a map. */
function notation(value: Value): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return quotedText(value);
  if (isList(value)) return `[${value.map(notation).join(', ')}]`;
  if (!isMap(value)) return '?';
  return `{${Object.entries(value)
    .map(([key, v]) => `${quotedText(key)}: ${notation(v)}`)
    .join(', ')}}`;
}

/** Python goes over to an exponent below 1e-4, and gives it two digits. */
export function numberText(value: number): string {
  const small = value !== 0 && Math.abs(value) < 1e-4;
  const text = small ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
]);

function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\x00-\x1f\x7f\\]/g, character => {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    return shortEscapes.get(character) ?? `\\x${code}`;
  });
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}

/** Python's truth: zero, empty and none are false. Unknown is the caller's to ask about first. */
export function truthy(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** For messages: "a list", "an integer". Never the value itself, which may be secret. */
export function kindOf(value: Value): string {
  if (value === null) return 'none';
  if (value instanceof Unknown) return 'an unknown value';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a number';
  if (typeof value === 'string') return 'a string';
  return isList(value) ? 'a list' : 'a map';
}

/** The characters of a text, as Python counts them: by code point. */
export function charactersOf(text: string): readonly string[] {
  return Array.from(text);
}
