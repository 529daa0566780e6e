import { posix } from 'node:path';
import type { Value } from '../../../core/value.ts';
import { Fault } from '../fault.ts';
import type { FilterSpec } from '../signature.ts';
import { kindOf } from '../text.ts';
import { anyMap, integerType, listOf, nullType, oneOf, stringType, union } from '../types.ts';

const texts = listOf(stringType);

function textsOf(items: readonly Value[], name: string): readonly string[] {
  return items.map(item => {
    if (typeof item === 'string') return item;
    throw new Fault(`\`${name}\` wants paths, not ${kindOf(item)}`);
  });
}

/** As Python's `join`: an absolute part begins anew, an empty last one leaves a slash. */
function joined(parts: readonly string[]): string {
  return parts.reduce((path, part) => {
    if (part.startsWith('/') || path === '') return part;
    return path.endsWith('/') ? path + part : `${path}/${part}`;
  }, '');
}

/** Python keeps two leading slashes, as POSIX allows, and takes a last one away. */
function normal(path: string): string {
  const plain = posix.normalize(path);
  const short = plain.length > 1 ? plain.replace(/\/$/, '') : plain;
  return /^\/\/(?!\/)/.test(path) ? `/${short}` : short;
}

/** A dot at the beginning of a name begins no ending. */
function split(path: string): readonly [string, string] {
  const found = /(?<=[^/.][^/]*)\.[^./]*$/.exec(path);
  return found ? [path.slice(0, found.index), found[0]] : [path, ''];
}

function absolute(path: string, what: string): string {
  if (path.startsWith('/')) return path;
  throw new Fault(`\`relpath\` wants absolute paths; ${what} is none`);
}

function common(paths: readonly string[]): string {
  if (paths.length === 0) throw new Fault('`commonpath` of an empty list is undefined');
  const rooted = paths.map(path => path.startsWith('/'));
  if (new Set(rooted).size > 1) throw new Fault('`commonpath` wants all paths absolute, or all relative');
  const split = paths.map(path => path.split('/').filter(part => part !== '' && part !== '.'));
  const [first = []] = split;
  const differs = first.findIndex((part, i) => split.some(other => other[i] !== part));
  const shared = differs < 0 ? first : first.slice(0, differs);
  return (rooted[0] ? '/' : '') + shared.join('/');
}

const parts = ['fragment', 'hostname', 'netloc', 'password', 'path', 'port', 'query', 'scheme', 'username'];

/** A URL as Python takes it apart; what is not there is an empty text, or none. */
function urlParts(url: string): Readonly<Record<string, Value>> {
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(url) ?? [];
  const [, username = null, password = null, host = '', port = ''] =
    /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(netloc) ?? [];
  const hostname = host === '' ? null : host.replace(/^\[|\]$/g, '').toLowerCase();
  const number = port === '' ? null : Number(port);
  if (number !== null && number > 65_535) throw new Fault('the port of the URL is no port');
  return { fragment, hostname, netloc, password, path, port: number, query, scheme: scheme.toLowerCase(), username };
}

export const pathFilters: readonly FilterSpec[] = [
  {
    name: 'path_join',
    summary: 'One path out of its parts; an absolute part begins anew.',
    examples: [{ expression: "['/var/lib', 'etcd', 'member'] | path_join", value: '/var/lib/etcd/member' }],
    input: union(stringType, texts),
    parameters: [],
    returns: () => stringType,
    apply: call => joined(typeof call.input === 'string' ? [call.input] : textsOf(call.items(), 'path_join')),
  },
  {
    name: 'normpath',
    summary: 'The path without `.`, `..` and slashes that say nothing.',
    examples: [{ expression: "'/var//lib/./x/../etcd/' | normpath", value: '/var/lib/etcd' }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => normal(call.text()),
  },
  {
    name: 'relpath',
    summary: 'How one comes to an absolute path from another one.',
    examples: [{ expression: "'/var/lib/etcd' | relpath('/var/log')", value: '../lib/etcd' }],
    input: stringType,
    parameters: [{ name: 'start', type: stringType }],
    returns: () => stringType,
    apply: call => {
      const start = absolute(call.textArgument('start'), '`start`');
      return posix.relative(start, absolute(call.text(), 'the value')) || '.';
    },
  },
  {
    name: 'commonpath',
    summary: 'The longest path that all paths of a list begin with.',
    examples: [{ expression: "['/var/lib/etcd', '/var/lib/x'] | commonpath", value: '/var/lib' }],
    input: texts,
    parameters: [],
    returns: () => stringType,
    apply: call => common(textsOf(call.items(), 'commonpath')),
  },
  {
    name: 'splitext',
    summary: 'The path without the ending of its name, and that ending.',
    examples: [
      { expression: "'a/etcd.conf.yml' | splitext", value: ['a/etcd.conf', '.yml'] },
      { expression: "'.bashrc' | splitext", value: ['.bashrc', ''] },
    ],
    input: stringType,
    parameters: [],
    returns: () => texts,
    apply: call => [...split(call.text())],
  },
  {
    name: 'urlsplit',
    summary: `The parts of a URL as a map, or one of them: ${parts.join(', ')}.`,
    examples: [
      { expression: "'https://10.141.0.1:2380' | urlsplit('hostname')", value: '10.141.0.1' },
      { expression: "('https://10.141.0.1:2380/x' | urlsplit).port", value: 2380 },
    ],
    input: stringType,
    parameters: [{ name: 'component', type: oneOf('', ...parts), default: '' }],
    returns: (_, argument) => {
      const component = argument('component');
      const [one = ''] = component.kind === 'string' ? (component.values ?? []) : [];
      if (one === '') return anyMap;
      return one === 'port' ? union(integerType, nullType) : union(stringType, nullType);
    },
    apply: call => {
      const component = call.textArgument('component');
      const all = urlParts(call.text());
      if (component === '') return all;
      const part = Object.hasOwn(all, component) ? all[component] : undefined;
      if (part === undefined) throw new Fault(`a URL has no \`${component}\``, parts.join(', '));
      return part;
    },
  },
];
