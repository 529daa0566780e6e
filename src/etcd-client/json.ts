import type { Json } from '../core/value.ts';

type JsonMap = { readonly [key: string]: Json };

/**
 * etcdctl's JSON, with its IDs as hex strings. They are uint64 decimals, which JSON.parse rounds (949b2374dd5ed658 becomes
 * 949b2374dd5ed800), so they are quoted first. Undefined for what is no JSON. Keys and values of users can't be mistaken for
 * these fields: etcdctl prints them in base64.
 */
export function parseEtcdJson(text: string): Json | undefined {
  const quoted = text.replace(
    /"(ID|id|memberID|member_id|cluster_id|leader|lease)"(\s*:\s*)(\d+)/g,
    (_, field: string, colon: string, id: string) => `"${field}"${colon}"${BigInt(id).toString(16)}"`,
  );
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}

// etcdctl leaves fields out where they are zero or empty, so each reader has a value for "not there".

export function mapIn(value: Json | undefined): JsonMap {
  return isMap(value) ? value : {};
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function numberIn(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

export const textsIn = (value: Json | undefined): readonly string[] => listIn(value).map(textIn).filter(Boolean);
