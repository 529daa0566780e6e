import { programOf } from '../deeds.ts';
import { expressionsIn } from '../known.ts';
import type { Site } from '../program.ts';
import { type Rule, sitesOf } from '../rule.ts';

/** Whoever is on the host reads a command line in `ps` and in its logs, `no_log` or not. */
export const secretInCommand: Rule = {
  code: 'secret-in-command',
  severity: 'warning',
  *check(program) {
    for (const site of sitesOf(program)) {
      const what = secretParam(site) ?? writtenSecret(site);
      if (what === undefined) continue;
      yield {
        site,
        message: `${what} stands on a command line: everybody on the host can read it there`,
        hint: 'give it in `environment` or `stdin`, or in a file that only its user can read',
      };
    }
  },
};

/** A param that is declared as a secret, or a text around it. */
function secretParam(site: Site): string | undefined {
  const secrets = (site.play?.params ?? []).filter(param => param.secret).map(param => param.name);
  if (secrets.length === 0) return undefined;
  const given = [...site.commands.flat(), ...writtenIn(site)].flatMap(expressionsIn).filter(givesOn);
  const found = secrets.find(name => given.some(expression => expression.split(/\W+/).includes(name)));
  return found === undefined ? undefined : `the secret \`${found}\``;
}

/** What only asks something about a value does not give it on. */
function givesOn(expression: string): boolean {
  return !/\|(length|count|hash|bool)\b|[=!<>]=|[<>]/.test(expression);
}

const PASSWORD_FLAG = /^--?(password|passwd|passphrase|secret|token|api-?key)(=(.+))?$/i;

/** What a flag says is a secret, wherever it comes from. */
function writtenSecret(site: Site): string | undefined {
  for (const words of site.commands) {
    for (const [at, word] of words.entries()) {
      const [, flag, joined, value] = PASSWORD_FLAG.exec(word) ?? [];
      const given = joined === undefined ? words[at + 1] : value;
      if (flag !== undefined && given !== undefined && !/^[-@/$<]/.test(given)) return `a ${flag.toLowerCase()}`;
      if (hasPassword(words, at)) return 'a password';
    }
  }
  const found = writtenIn(site).map(text => ASSIGNED.exec(text)?.groups?.name);
  return found.find(name => name !== undefined);
}

/** The command line as it is written, with what a shell makes of it before it runs something. */
function writtenIn({ params: { cmd, argv }, commands }: Site): readonly string[] {
  return commands.length === 0 ? [] : [cmd, argv].flat().filter(text => typeof text === 'string');
}

/** `ETCDCTL_PASSWORD=swordfish etcdctl …`: what a shell, or `env`, is told stands on its own command line. */
const ASSIGNED =
  /(?:^|[\s;&|(])(?<name>\w*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY))=["']?(?![-@/$<`"'\s]|\p{Co})./iu;

/** `--user NAME:PASSWORD` of etcdctl and curl. */
function hasPassword(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  const value = word.startsWith('--user=') ? word.slice(7) : /^(--user|-u)$/.test(word) ? (words[at + 1] ?? '') : '';
  return ['etcdctl', 'curl'].includes(programOf(words)) && /^[^:$]+:[^$]/.test(value);
}
