import type { Module } from '../core/module.ts';
import type { Span } from '../core/source.ts';
import type { Machine } from '../core/template.ts';
import type { Validators } from '../core/validate.ts';
import { describe, type MapNode, type Node } from './document.ts';
import { didYouMean } from './expression/nearest.ts';
import { Findings } from './findings.ts';
import { respelt } from './fixes.ts';
import {
  applyKeywords,
  blockKeywords,
  handlerKeywords,
  includeKeywords,
  type Keywords,
  playKeywords,
  replaced,
  taskKeywords,
} from './keywords.ts';
import type { NamedFile } from './local-files.ts';
import type { OwnModules } from './own-modules.ts';

/** Most steps of a playbook, those of a file counted each time that it is entered: files that enter others twice soon stand for millions. */
const MOST_STEPS = 10_000;

interface ReadingOptions {
  readonly modules: ReadonlyMap<string, Module>;
  readonly validators: Validators;
  readonly broken?: OwnModules['broken'];
  readonly texts?: ReadonlyMap<string, string | undefined>;
  readonly machine?: Machine | undefined;
  readonly hosts?: Reading['hosts'];
}

/**
 * What all readers of one playbook share: the modules there are, and the findings so far. A tasks file that is entered
 * from several places is read several times.
 */
export class Reading extends Findings {
  readonly modules: ReadonlyMap<string, Module>;
  readonly validators: Validators;
  /** The literal names of local files, to be looked for at the end. */
  readonly named: NamedFile[] = [];
  /** Modules of the user's own that could not be loaded; each is reported once. */
  readonly #broken: OwnModules['broken'];
  /** The texts of templates, by path; undefined for what cannot be read. */
  readonly texts: ReadonlyMap<string, string | undefined>;
  /** The paths of those that were not among them. */
  readonly wanted = new Set<string>();
  /** What lookups read; absent where they are not to. */
  readonly machine: Machine | undefined;
  /** Whether the hosts' vars are known; they are not where no inventory is named, or the one that is cannot be used. */
  readonly hosts: 'known' | 'unknown' | 'broken';
  /** True once a file of names could not be read: what it may have is not reported once more where it is used. */
  lacksNames = false;
  /** True while the default of a secret param is read. */
  inSecret = false;
  #steps = 0;

  constructor({
    modules,
    validators,
    broken = new Map(),
    texts = new Map(),
    machine,
    hosts = 'unknown',
  }: ReadingOptions) {
    super();
    this.modules = modules;
    this.validators = validators;
    this.#broken = broken;
    this.texts = texts;
    this.machine = machine;
    this.hosts = hosts;
    for (const { why, hint, span } of broken.values()) this.error('invalid-module', span, why, { hint });
  }

  /** True for a module that was found, and is reported already. */
  isBroken(module: string): boolean {
    return this.#broken.has(module);
  }

  /** False, and reported once, where one more step is too many. */
  mayReadStep(span: Span): boolean {
    this.#steps += 1;
    if (this.#steps === MOST_STEPS + 1) {
      const message = `the playbook has more than ${MOST_STEPS} tasks, those of a file counted each time that it is entered`;
      this.error('include-loop', span, message, {
        hint: 'do files that it enters enter others several times? use a loop',
      });
    }
    return this.#steps <= MOST_STEPS;
  }

  /** `wanted` as in "a list of tasks". */
  invalid(node: Node, what: string, wanted: string, hint?: string): void {
    this.error('invalid-value', node.span, `${what} must be ${wanted}, not ${describe(node)}`, { hint });
  }

  /** Reports every key that is not one of the keywords of `what` ("a play"); `others`: keys that are checked elsewhere. */
  checkKeywords(map: MapNode, keywords: Keywords, what: string, others: (key: string) => boolean = () => false): void {
    for (const { key, keySpan } of map.entries) {
      if (!Object.hasOwn(keywords, key) && !others(key)) this.unknownKeyword(key, keySpan, keywords, what);
    }
  }

  unknownKeyword(key: string, span: Span, keywords: Keywords, what: string): void {
    const names = Object.keys(keywords);
    const instead = Object.hasOwn(replaced, key) ? replaced[key] : withLookup(key);
    const hint = instead ?? didYouMean(key, names) ?? elsewhere(key, what);
    const fix = instead === undefined ? respelt(span, key, names) : undefined;
    this.error('unknown-keyword', span, `\`${key}\` is not a keyword of ${what}`, { hint, fix });
  }
}

/** Loops of Ansible over what a lookup gives. */
function withLookup(key: string): string | undefined {
  return key.startsWith('with_') ? 'use `loop:` with a list, or an expression for one' : undefined;
}

const owners: readonly (readonly [string, Keywords])[] = [
  ['a play', playKeywords],
  ['a block', blockKeywords],
  ['a task', taskKeywords],
  ['a handler', { listen: handlerKeywords.listen }],
  ['`include_tasks`', includeKeywords],
];

/** Where a keyword belongs that stands in the wrong place. */
function elsewhere(key: string, what: string): string | undefined {
  if (what.startsWith('`include_') && Object.hasOwn(applyKeywords, key)) return 'write it in its `apply`';
  const found = owners.filter(([, keywords]) => Object.hasOwn(keywords, key)).map(([owner]) => owner);
  if (['rescue', 'always'].includes(key)) return `\`${key}\` stands beside a \`block\``;
  return found.length > 0 ? `it is a keyword of ${found.join(' and of ')}` : undefined;
}
