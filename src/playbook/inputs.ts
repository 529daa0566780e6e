import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { Source, Span } from '../core/source.ts';
import type { Scope } from '../core/template.ts';
import type { Json, Value } from '../core/value.ts';
import { didYouMean } from './expression/nearest.ts';
import { faultOf, fromText } from './param-schema.ts';
import type { Param } from './read-params.ts';
import type { ReadPlay } from './read-play.ts';

/** What `-e` gives: texts of the command line, or values of a file or of JSON. `source` is what was typed. */
export interface Inputs {
  readonly source: Source;
  readonly values: Readonly<Record<string, Json>>;
}

/** A scope of values alone. */
export function scopeOf(values: ReadonlyMap<string, Value>): Scope {
  return { get: name => values.get(name) };
}

/** The same inputs; what was typed is shown without the values of secret params, and of names that may be misspelt ones. */
export function withoutSecrets(plays: readonly ReadPlay[], inputs: Inputs): Inputs {
  const params = plays.flatMap(play => play.params);
  const plain = new Set(params.filter(p => !p.secret).map(p => p.name));
  let { text } = inputs.source;
  for (const [name, value] of Object.entries(inputs.values)) {
    if (plain.has(name) && !params.some(p => p.secret && p.name === name)) continue;
    for (const written of [String(value), JSON.stringify(value)]) {
      const given = new RegExp(`(?<![\\w.-])(${escaped(name)}["']?\\s*[=:]\\s*["']?)${escaped(written)}`, 'g');
      text = text.replace(given, (_all, before: string) => `${before}***`);
    }
  }
  return { ...inputs, source: { ...inputs.source, text } };
}

const escaped = (text: string): string => text.replace(/[^\w\s]/g, '\\$&');

/** The inputs that no play declares: each is an error, for it would be without effect. */
export function undeclared(plays: readonly ReadPlay[], inputs: Inputs): readonly Diagnostic[] {
  const declared = new Set(plays.flatMap(play => play.params.map(p => p.name)));
  return Object.keys(inputs.values)
    .filter(name => !declared.has(name))
    .map((name): Diagnostic => {
      const isVar = plays.some(play => play.vars.has(name) || play.fileVars.has(name));
      const known = declared.size > 0 ? `it takes ${[...declared].join(', ')}` : 'it takes no inputs';
      return {
        code: 'unknown-input',
        severity: 'error',
        message: `the playbook has no input \`${name}\``,
        span: spanOf(inputs, name),
        hint: isVar
          ? `it is one of the play's vars: to give it with -e, declare it in \`params:\``
          : (didYouMean(name, declared) ?? known),
      };
    });
}

/** The params of a play with what was given and with defaults, and what is wrong. Texts are read by each param's type. */
export function inputsOf(
  play: Pick<ReadPlay, 'params'>,
  inputs: Inputs,
): { values: ReadonlyMap<string, Json>; diagnostics: readonly Diagnostic[] } {
  const values = new Map<string, Json>();
  const diagnostics: Diagnostic[] = [];
  for (const param of play.params) {
    const given = Object.hasOwn(inputs.values, param.name) ? inputs.values[param.name] : undefined;
    const result = given === undefined ? fromDefault(param, values) : fromInput(param, given, inputs);
    if ('value' in result) values.set(param.name, result.value);
    else if (result.diagnostic) diagnostics.push(result.diagnostic);
  }
  return { values, diagnostics };
}

type Result = { readonly value: Json } | { readonly diagnostic?: Diagnostic };

function fromInput(param: Param, given: Json, inputs: Inputs): Result {
  const value = typeof given === 'string' ? fromText(param.schema, given) : given;
  const nothing = value === null && isNull(param);
  const fault = nothing ? undefined : faultOf(param.schema, value);
  if (!fault) return { value };
  return {
    diagnostic: {
      code: 'invalid-input',
      severity: 'error',
      message: `the input \`${param.name}\` ${told(param, fault)}`,
      span: spanOf(inputs, param.name),
      related: [{ span: param.span, message: 'declared here' }],
      ...(param.description === undefined ? {} : { hint: `${param.name}: ${param.description}` }),
    },
  };
}

/** A secret's value is not repeated, not even where it is wrong. */
function told(param: Param, fault: string): string {
  return param.secret ? 'is not as its schema wants it' : fault;
}

function isNull(param: Param): boolean {
  return param.default?.literal === true && param.default.render(scopeOf(new Map())) === null;
}

function fromDefault(param: Param, earlier: ReadonlyMap<string, Json>): Result {
  if (!param.default) {
    const about = param.description === undefined ? '' : ` (${param.description})`;
    return {
      diagnostic: {
        code: 'missing-input',
        severity: 'error',
        message: `the input \`${param.name}\` was not given${about}`,
        span: param.span,
        hint: `give it with -e ${param.name}=…`,
      },
    };
  }
  // What the default needs is missing, which is reported already.
  if (param.default.uses.some(use => !use.tolerant && !earlier.has(use.name))) return {};
  try {
    const value = param.default.render(scopeOf(earlier)) as Json;
    const fault = value === null ? undefined : faultOf(param.schema, value);
    if (!fault) return { value };
    return {
      diagnostic: {
        code: 'invalid-input',
        severity: 'error',
        message: `the default of \`${param.name}\` ${told(param, fault)}`,
        span: param.default.span,
      },
    };
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    return { diagnostic: { code: e.code, severity: 'error', message: e.message, span: e.span ?? param.default.span } };
  }
}

/** Where an input stands in what was typed. */
function spanOf({ source }: Inputs, name: string): Span {
  const at = source.text.search(new RegExp(`(?<![\\w.-])${escaped(name)}(?=["']?\\s*[=:])`));
  return at < 0 ? { source, start: 0, end: source.text.length } : { source, start: at, end: at + name.length };
}
