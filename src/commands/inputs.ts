import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import type { Json } from '../core/value.ts';
import { isEncrypted } from '../playbook/encrypted.ts';
import type { Inputs } from '../playbook/inputs.ts';
import type { Io } from './io.ts';

/** Reads what `-e` was given: `name=value`, `@FILE` or a JSON object. Later ones win. Each wrong one is a diagnostic. */
export async function readInputs(io: Io, given: readonly string[]): Promise<Outcome<Inputs>> {
  const values: Record<string, Json> = {};
  const texts: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const text of given) {
    const read = await readInput(io, text);
    if (typeof read === 'string') {
      diagnostics.push({
        code: 'invalid-input',
        severity: 'error',
        message: read,
        hint: 'write -e name=value or -e @file.yml',
      });
    } else {
      Object.assign(values, read.values);
      texts.push(read.text);
    }
  }
  return { value: { source: { name: '-e', text: texts.join('\n') }, values }, diagnostics };
}

async function readInput(io: Io, text: string): Promise<{ values: Record<string, Json>; text: string } | string> {
  if (text.startsWith('@')) {
    const path = text.slice(1);
    const content = await readFile(resolve(io.cwd, path), 'utf8').catch(() => undefined);
    if (content !== undefined && isEncrypted(content))
      return `${path} is encrypted with Ansible Vault; decrypt it first`;
    return content === undefined ? `there is no file ${path} that can be read` : objectIn(content, path);
  }
  if (text.startsWith('{')) return objectIn(text, 'the JSON of -e');
  const equals = text.indexOf('=');
  if (equals < 1) return `-e ${text} gives no value`;
  return { values: { [text.slice(0, equals)]: text.slice(equals + 1) }, text };
}

function objectIn(text: string, name: string): { values: Record<string, Json>; text: string } | string {
  try {
    const values: unknown = parse(text, { version: '1.2' });
    if (isObject(values)) return { values, text };
    return `${name} does not hold names and values`;
  } catch (error) {
    return `${name} cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`;
  }
}

/** YAML's core schema gives nothing but JSON's values. */
function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
