/** The environment of a command in a host: root's, with nothing of the caller's but the kind of its terminal. */
function hostEnvironment(terminal: string | undefined): string[] {
  return [
    'HOME=/root',
    'USER=root',
    'LOGNAME=root',
    'SHELL=/bin/bash',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'LANG=C.UTF-8',
    ...(terminal === undefined ? [] : [`TERM=${terminal}`]),
  ];
}

/**
 * What runs `argv` in the host whose first process is `leader`. It ends with its caller, however that ends.
 * With a `terminal` it gets a terminal of the host's own, because the caller's has no name there.
 */
export function inHostArgv(leader: number, argv: readonly string[], terminal?: string): string[] {
  const program =
    terminal === undefined
      ? argv
      : ['script', '--quiet', '--return', '--command', argv.map(quoted).join(' '), '/dev/null'];
  return [
    ...['nsenter', `--target=${leader}`, '--mount', '--uts', '--ipc', '--net', '--pid', '--'],
    ...['env', '--ignore-environment', '--chdir=/root', ...hostEnvironment(terminal)],
    ...['setpriv', '--pdeathsig', 'TERM', '--'],
    ...program,
  ];
}

/** A word of sh. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
