// cmsh's command line.

export interface Invocation {
  /** Where commands come from; undefined is standard input. */
  readonly source: { readonly text: string } | { readonly file: string } | undefined;
  /** -n: don't run the commands of cmshrc first. */
  readonly noRc: boolean;
  /** -q: stop at the first error. */
  readonly quitOnError: boolean;
  /** -Q: don't ask before leaving with uncommitted changes. */
  readonly noQuitConfirmation: boolean;
  /** -x: print commands before they run. */
  readonly echo: boolean;
  /** -z: print the character ETX after each command. */
  readonly controlFlag: boolean;
  readonly color: boolean;
  readonly hideEvents: boolean;
  /** -u: don't connect. */
  readonly noConnect: boolean;
  readonly help: boolean;
  /** The directory of CMDaemon's state. */
  readonly spool: string;
  readonly host: string | undefined;
}

export const CMSH_USAGE = `Usage: cmsh [options] [host[:port]]
  -c <commands>            run commands, divided by ;
  -f <file>                run the commands in a file
  -n, --norc               don't run /etc/cmshrc and ~/.cmshrc first
  -q, --quit               stop at the first error
  -Q, --noquitconfirmation don't ask before leaving with uncommitted changes
  -x, --echo               print each command before it runs
  -z, --controlflag        print ETX after each command
  -t, --tty                accepted, does nothing
  -m                       accepted, does nothing
  -u, --noconnect          don't connect
  --color <yes/no>         colour events
  --hide-events            don't print events
  --disable-events         don't ask for events
  --spool <directory>      where CMDaemon keeps its state`;

type Draft = { -readonly [K in keyof Invocation]: Invocation[K] };

const FLAGS: Record<string, (draft: Draft) => void> = {
  n: draft => (draft.noRc = true),
  norc: draft => (draft.noRc = true),
  q: draft => (draft.quitOnError = true),
  quit: draft => (draft.quitOnError = true),
  Q: draft => (draft.noQuitConfirmation = true),
  noquitconfirmation: draft => (draft.noQuitConfirmation = true),
  x: draft => (draft.echo = true),
  echo: draft => (draft.echo = true),
  z: draft => (draft.controlFlag = true),
  controlflag: draft => (draft.controlFlag = true),
  t: () => undefined,
  tty: () => undefined,
  m: () => undefined,
  u: draft => (draft.noConnect = true),
  noconnect: draft => (draft.noConnect = true),
  'hide-events': draft => (draft.hideEvents = true),
  'disable-events': draft => (draft.hideEvents = true),
  h: draft => (draft.help = true),
  help: draft => (draft.help = true),
};

const VALUED: Record<string, (draft: Draft, value: string) => void> = {
  c: (draft, text) => (draft.source = { text }),
  f: (draft, file) => (draft.source = { file }),
  color: (draft, value) => (draft.color = value === 'yes'),
  spool: (draft, directory) => (draft.spool = directory),
};

/** Reads the arguments after the program's name. A text says what is wrong with them. */
export function parseInvocation(argv: readonly string[]): Invocation | string {
  const draft: Draft = {
    source: undefined,
    noRc: false,
    quitOnError: false,
    noQuitConfirmation: false,
    echo: false,
    controlFlag: false,
    color: false,
    hideEvents: false,
    noConnect: false,
    help: false,
    spool: '/var/spool/cmd',
    host: undefined,
  };
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const option = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? /^-([^-])$/.exec(word);
    if (option === null) {
      draft.host = word;
      continue;
    }
    const name = option[1] ?? '';
    const valued = VALUED[name];
    const flag = FLAGS[name];
    if (valued !== undefined) {
      const value = option[2] ?? rest.shift();
      if (value === undefined) return `Option ${word} needs a value`;
      valued(draft, value);
    } else if (flag !== undefined) flag(draft);
    else return `Illegal option: ${name}`;
  }
  return draft;
}
