import { digest } from '../../../core/digest.ts';
import { isList, isMap, type Value } from '../../../core/value.ts';
import { Fault } from '../fault.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { kindOf, textOf } from '../text.ts';
import { anyList, anyMap, integerType, numberType, oneOf, stringType, union } from '../types.ts';

const hashes = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'md5'];
const encodings = ['utf-8', 'utf8', 'ascii', 'latin-1', 'utf-16-le'];
const encoding: ParameterSpec = { name: 'encoding', type: oneOf(...encodings), default: 'utf-8' };

function bufferEncoding(name: string): BufferEncoding {
  if (!encodings.includes(name)) throw new Fault(`there is no encoding \`${name}\``, encodings.join(', '));
  if (name === 'latin-1') return 'latin1';
  return name === 'utf-16-le' ? 'utf16le' : 'utf8';
}

function decode(text: string, as: string): string {
  const spaceless = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(spaceless) || spaceless.length % 4 !== 0)
    throw new Fault('the text is not base64');
  const bytes = Buffer.from(spaceless, 'base64');
  const decoded = bytes.toString(bufferEncoding(as));
  if (Buffer.from(decoded, bufferEncoding(as)).equals(bytes)) return decoded;
  throw new Fault(`what the base64 stands for is no text in ${as}`);
}

function hash(text: string, kind: string): string {
  if (!hashes.includes(kind)) throw new Fault(`there is no hash \`${kind}\``, hashes.join(', '));
  return digest(kind, text).toString('hex');
}

/** As Python's `quote` with `/` left as it is. */
function percent(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]|%2F/g, found =>
    found === '%2F' ? '/' : `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** As a query writes it: also the slash, and a space as `+`. */
const queryPart = (value: Value): string => percent(textOf(value)).replaceAll('/', '%2F').replaceAll('%20', '+');

function urlEncoded(value: Value): string {
  const pairs = isMap(value) ? Object.entries(value) : isList(value) ? value : undefined;
  if (!pairs) return percent(textOf(value));
  return pairs
    .map(pair => {
      if (!isList(pair) || pair.length !== 2) throw new Fault(`\`urlencode\` wants pairs, not ${kindOf(pair)}`);
      return pair.map(queryPart).join('=');
    })
    .join('&');
}

/** A hash with a name of its own, as Ansible has it. */
function named(name: string, kind: string, also: string, value: string): FilterSpec {
  return {
    name,
    summary: `The ${kind === 'md5' ? 'MD5' : 'SHA-1'} of a text, in hexadecimal digits${also}.`,
    examples: [{ expression: `'a' | ${name}`, value }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => hash(call.text(), kind),
  };
}

const sha1OfA = '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8';

export const encodingFilters: readonly FilterSpec[] = [
  {
    name: 'b64encode',
    summary: 'The text in base64.',
    examples: [{ expression: "'quorate' | b64encode", value: 'cXVvcmF0ZQ==' }],
    input: stringType,
    parameters: [encoding],
    returns: () => stringType,
    apply: call => Buffer.from(call.text(), bufferEncoding(call.textArgument('encoding'))).toString('base64'),
  },
  {
    name: 'b64decode',
    summary: 'The text that base64 stands for. What is no base64, or no text, is an error.',
    examples: [{ expression: "'cXVvcmF0ZQ==' | b64decode", value: 'quorate' }],
    input: stringType,
    parameters: [encoding],
    returns: () => stringType,
    apply: call => decode(call.text(), call.textArgument('encoding')),
  },
  {
    name: 'hash',
    summary: `A hash of the text (UTF-8), in hexadecimal digits: ${hashes.join(', ')}.`,
    examples: [
      { expression: "'a' | hash('sha256')", value: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb' },
    ],
    input: stringType,
    parameters: [{ name: 'hashtype', type: oneOf(...hashes), default: 'sha1' }],
    returns: () => stringType,
    apply: call => hash(call.text(), call.textArgument('hashtype')),
  },
  named('sha1', 'sha1', '', sha1OfA),
  named('checksum', 'sha1', ', as Ansible has it', sha1OfA),
  named('md5', 'md5', '; against damage, not against malice', '0cc175b9c0f1b6a831c399e269772661'),
  {
    name: 'urlencode',
    summary: 'The text as it can stand in the path of a URL; a map, or a list of pairs, as a query.',
    examples: [
      { expression: "'a b/ü' | urlencode", value: 'a%20b/%C3%BC' },
      { expression: "{'q': 'a b', 'n': 1} | urlencode", value: 'q=a+b&n=1' },
    ],
    input: union(stringType, integerType, numberType, anyMap, anyList),
    parameters: [],
    returns: () => stringType,
    apply: call => urlEncoded(call.input),
  },
];
