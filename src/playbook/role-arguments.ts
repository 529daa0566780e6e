import type { Task } from '../core/plan.ts';
import type { Span } from '../core/source.ts';
import type { Scope, Template } from '../core/template.ts';
import type { Value } from '../core/value.ts';
import { optionKeys } from './argument-specs-schema.ts';
import { entry, type MapNode, type Node } from './document.ts';
import { didYouMean } from './expression/nearest.ts';
import { fromSchema } from './expression/schema-types.ts';
import type { TypedTemplate } from './expression/template.ts';
import { describe, fits, nullType, union } from './expression/types.ts';
import { pathsOfPart, type RoleUse } from './find-role.ts';
import type { Place } from './place.ts';
import { readMap } from './read-values.ts';
import { optionTypes, schemaOfOption } from './role-option.ts';
import { toJson } from './to-json.ts';

/** The module that checks the arguments again, by their values, when the role is entered. */
const MODULE = 'validate_argument_spec';

/** A role that is entered: what it is given with its name. */
interface Given {
  readonly dir: string;
  readonly use: RoleUse;
  readonly id: string;
  readonly given: {
    readonly node: Node;
    readonly params: ReadonlyMap<string, TypedTemplate>;
    readonly vars: ReadonlyMap<string, TypedTemplate>;
    readonly around?: ReadonlyMap<string, TypedTemplate>;
  };
}

/**
 * Checks what a role is given against what it says that it takes (meta/argument_specs.yml), as far as that is known before
 * the run. Gives the task that checks the rest, first in the role and whatever tags are asked for.
 */
export function argumentsTask(place: Place, entered: Given): readonly Task[] {
  const { r, names } = place;
  const { use, id, given } = entered;
  const spec = specOf(place, entered);
  const options = spec && entry(spec, 'options')?.value;
  const map = options && readMap(r, options, '`options`', 'a map of arguments');
  if (!map) return [];
  for (const option of map.entries) checkOption(place, option.value, option.key);
  for (const { key, value } of map.entries) {
    const template = given.params.get(key) ?? given.around?.get(key) ?? given.vars.get(key);
    const at = template?.span ?? given.node.span;
    const type = names.get(key);
    if (type === undefined) {
      if (isRequired(value)) {
        r.error('missing-parameter', headOf(given.node), `the role ${use.name} needs \`${key}\``, {
          related: [{ span: value.span, message: 'declared here' }],
        });
      }
      continue;
    }
    const asSaid = fromSchema(schemaOfOption(toJson(value)));
    const wanted = isRequired(value) ? asSaid : union(asSaid, nullType);
    if (!fits(type, wanted)) {
      const message = `\`${key}\` of the role ${use.name} must be ${describe(wanted)}; this is ${describe(type)}`;
      r.error('type-mismatch', at, message, { related: [{ span: value.span, message: 'declared here' }] });
    }
  }
  const known = map.entries.map(({ key }) => key);
  for (const [name, { span }] of [...given.params, ...(given.around ?? [])]) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known) ?? `it takes ${known.join(', ')}`;
    r.error('unknown-parameter', span, `the role ${use.name} takes no \`${name}\``, { hint });
  }
  const module = r.modules.get(MODULE);
  if (!module) return [];
  const text = `Validating arguments against arg spec '${entryPointOf(use)}'`;
  const span = headOf(given.node);
  return [
    {
      kind: 'task',
      id: `${id}.a`,
      span,
      name: { span, literal: true, uses: [], render: () => text },
      when: [],
      vars: new Map(),
      tags: [...place.tags, 'always'],
      module,
      args: argumentsAt(span, toJson(map), known),
      until: [],
      runOnce: false,
      noLog: place.inherited.noLog ?? false,
      notify: [],
      allow: [],
      folders: [],
    },
  ];
}

/** The arguments that are there when the role is entered, and what it takes. */
function argumentsAt(span: Span, argument_spec: Value, known: readonly string[]): Template {
  const render = (scope: Scope): Value => {
    const there = known.flatMap((name): [string, Value][] => {
      const value = scope.get(name);
      return value === undefined ? [] : [[name, value]];
    });
    return { argument_spec, provided_arguments: Object.fromEntries(there) };
  };
  return { span, literal: false, uses: [], render };
}

/** The spec of the entry point that is used: `main`, or the file that `tasks_from` names. */
function specOf({ r, files }: Place, { dir, use }: Given): MapNode | undefined {
  const alone = pathsOfPart(dir, 'meta', 'argument_specs').map(path => files.get(path));
  const meta = pathsOfPart(dir, 'meta').map(path => files.get(path));
  const file = [...alone, ...meta].find(one => one?.node?.kind === 'map' && entry(one.node, 'argument_specs'));
  for (const one of alone) r.report(...(one?.diagnostics ?? []));
  const specs = file?.node?.kind === 'map' ? entry(file.node, 'argument_specs')?.value : undefined;
  const entryPoint = entryPointOf(use);
  const spec = specs?.kind === 'map' ? entry(specs, entryPoint)?.value : undefined;
  return spec && readMap(r, spec, `\`${entryPoint}\``, 'a map');
}

function entryPointOf({ from }: RoleUse): string {
  return (from.tasks ?? 'main').replace(/\.ya?ml$/, '');
}

function checkOption(place: Place, node: Node, name: string): void {
  const { r } = place;
  const map = readMap(r, node, `\`${name}\``, 'a map');
  if (!map) return;
  for (const { key, keySpan } of map.entries.filter(one => !optionKeys.includes(one.key))) {
    const hint = didYouMean(key, optionKeys);
    r.error('unknown-keyword', keySpan, `\`${key}\` is not a keyword of an argument of a role`, { hint });
  }
  for (const keyword of ['type', 'elements']) {
    const type = entry(map, keyword)?.value;
    if (type && (type.kind !== 'scalar' || !optionTypes.includes(String(type.value)))) {
      r.invalid(type, `\`${keyword}\` of ${name}`, `one of ${optionTypes.join(', ')}`);
    }
  }
  const inner = entry(map, 'options')?.value;
  for (const { key, value } of inner?.kind === 'map' ? inner.entries : []) checkOption(place, value, `${name}.${key}`);
}

function isRequired(option: Node): boolean {
  const required = option.kind === 'map' ? entry(option, 'required')?.value : undefined;
  return required?.kind === 'scalar' && required.value === true;
}

/** Where a role is named. */
function headOf(node: Node): Span {
  return node.kind === 'map' ? (node.entries[0]?.keySpan ?? node.span) : node.span;
}
