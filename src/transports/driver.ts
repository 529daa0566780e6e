import { INPUT_FILE, type RunOptions } from '../core/host.ts';
import { quote, quoteArgument } from './quote.ts';

/**
 * The program that answers at the far end of a channel: POSIX sh with coreutils, nothing else. It reads one request a line
 * and answers each before it reads the next.
 *
 *   run ID SIZE COMMAND    SIZE bytes of input follow the line. COMMAND is shell text without a newline.
 *   settle ID              waits for the end of a job that another channel began; one that was not begun never will be
 *   end ID                 ends the process group of a job: TERM, then KILL
 *   earlier ID             of what earlier processes of this run left: ends their drivers and the jobs that only look; answers as a
 *                          job would, on its stdout a line for each job that changes something: ID running, ID STATUS or ID vanished
 *   sweep RUN              removes the records of another run that nobody is at any more, with its drivers; not while a job of it goes on.
 *                          A resume that begins in this very moment finds its place gone, and says that it cannot record jobs there
 *   bye                    removes the records and ends
 *
 *   = ID done STATUS       then two lines: stdout and stderr, each in base64
 *   = ID never             it was not started, and never will be
 *   = ID vanished          it was started, and neither it nor its end can be found
 *   = ID ended             the answer to `end` and to `sweep`
 *
 * Before the first request it says "quorate-channel ready NAME RUN…": a name of the place of the records, and the other runs that have some there.
 *
 * A job's record is some files in /run/quorate/RUN/HOST (without root: below /tmp/quorate-UID): ID.pid (process, its start time, the boot), ID.out, ID.err, ID.status,
 * and, as long as it runs, ID.input. A driver's own is PID.driver, so that one whose connection broke unnoticed can be kept from beginning what was sent before. The creation of ID.pid, exclusive through noclobber (set -C), decides whether a job is
 * started: whoever writes it first has the say. Each job is run below a subshell that outlives the channel and records
 * the status, because the shell of a broken connection dies.
 *
 * Traps: dash refuses `set -m` without a terminal, so `timeout` makes the process group; a command in the background of a
 * non-interactive shell has SIGINT ignored, so nothing is put there; `$(…)` would wait for grandchildren, so output goes
 * to files; dash's kill takes `--` only after `-s`; a failed redirection of a special builtin (`:`) ends the shell, so `true` stands there.
 */
const DRIVER = String.raw`
# Whoever asked may be gone when the answer comes; what was asked before that is done all the same. Jobs have the default again.
trap : PIPE
umask=$(umask); umask 077; set -C
for variable in $(env | sed -n 's/^\(ETCDCTL_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$variable"; done
LC_ALL=C; export LC_ALL
case :$PATH: in *:/usr/sbin:*) ;; *) PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH ;; esac
nl='
'
home=$PWD
answered=; count=0; last=
for tool in base64 head mkdir rm sleep timeout wc; do
  command -v "$tool" > /dev/null || { echo "quorate-channel lacks $tool"; exit 1; }
done
# A container has the boot_id of its host, so the start of its own first process goes with it.
read -r boot < /proc/sys/kernel/random/boot_id
if read -r stat 2>/dev/null < /proc/1/stat; then
  stat=${'$'}{stat##*) }
  set -- $stat
  boot=$boot-${'$'}{20}
fi
if [ -O /run ] && [ -w /run ]; then root=/run/quorate; else root=/tmp/quorate-$(id -u); fi
base=$root/$run/$host
mkdir -p "$base" && [ -O "$root" ] && [ ! -L "$root" ] && [ -O "$base" ] || {
  echo "quorate-channel refused $base"; exit 1
}
# Whoever makes the directory names it, so that one that was removed meanwhile is not taken for the same.
read -r stat < /proc/self/stat
stat=${'$'}{stat##*) }
set -- $stat
echo "$boot/$$/${'$'}{20}" 2>/dev/null > "$base/.name"
tries=0
until [ -s "$base/.name" ] || [ "$tries" -gt 20 ]; do sleep 0.1; tries=$((tries + 1)); done
read -r name < "$base/.name" || {
  rm -f "$base/.name"; rmdir "$base" "$root/$run" 2>/dev/null
  echo "quorate-channel refused $base"; exit 1
}

alive() {
  read -r pid start booted 2>/dev/null < "$base/$1.pid" && [ "$booted" = "$boot" ] || return 1
  read -r stat 2>/dev/null < "/proc/$pid/stat" || return 1
  stat=${'$'}{stat##*) }
  set -- $stat
  [ "${'$'}{20}" = "$start" ]
}

encode() {
  [ -s "$1" ] && base64 -w 0 "$1"
  echo
}

await() {
  lost=0
  until [ -s "$base/$1.status" ] || [ "$lost" -gt 20 ]; do
    if alive "$1"; then lost=0; else lost=$((lost + 1)); fi
    sleep 0.1
  done
  if read -r status 2>/dev/null < "$base/$1.status"; then
    echo "= $1 done $status"
    encode "$base/$1.out"
    encode "$base/$1.err"
  else
    echo "= $1 vanished"
  fi
}

begin() {
  # Of an earlier process of this run, or claimed by a channel that had given this one up.
  if [ -e "$base/$id.pid" ]; then taken=1; else taken=0; fi
  in=/dev/null
  if [ "$size" -gt 0 ]; then
    in=$base/$id.input
    head -c "$size" > "$in"
    [ "$(wc -c < "$in")" -eq "$size" ] || { rm -f "$in"; exit 1; }
  fi
  if [ "$taken" = 1 ]; then
    [ "$size" -eq 0 ] || rm -f "$in"
    echo "= $id never"
    return
  fi
  (
    (
      read -r stat < /proc/self/stat
      pid=${'$'}{stat%% *}; stat=${'$'}{stat##*) }
      set -- $stat
      echo "$pid ${'$'}{20} $boot" > "$base/$id.pid" || exit 125
      cd "$home"
      umask "$umask"
      eval "$command"
    ) < "$in" > "$base/$id.out" 2> "$base/$id.err"
    echo $? > "$base/$id.status"
    [ ! -e "$base/$id.input" ] || rm -f "$base/$id.input"
  ) < /dev/null > /dev/null 2>&1
  last=$id
  await "$id"
}

# Makes sure that a job that is not started yet never will be; true where that is so.
claim() {
  if true 2>/dev/null > "$base/$1.pid"; then
    echo never >| "$base/$1.pid"
  else
    read -r pid start 2>/dev/null < "$base/$1.pid" && [ "$pid" = never ]
  fi
}

end() {
  tries=0
  until [ -s "$base/$1.pid" ] || [ "$tries" -gt 20 ]; do sleep 0.1; tries=$((tries + 1)); done
  [ ! -s "$base/$1.status" ] && alive "$1" || return
  kill -s TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null
  tries=0
  while kill -s 0 -- "-$pid" 2>/dev/null && [ "$tries" -lt "$grace" ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -s KILL -- "-$pid" 2>/dev/null
}

# Of jobs that a living driver of this process begins there are none yet: it is asked before anything else.
earlier() {
  for record in "$base"/*.driver; do
    pid=${'$'}{record##*/}; pid=${'$'}{pid%.driver}
    [ "$pid" != "$$" ] || continue
    if read -r start booted 2>/dev/null < "$record" && [ "$booted" = "$boot" ] && read -r stat 2>/dev/null < "/proc/$pid/stat"; then
      stat=${'$'}{stat##*) }
      set -- $stat
      [ "${'$'}{20}" != "$start" ] || kill -KILL "$pid"
    fi
    rm -f "$record"
  done
  for record in "$base"/*.pid; do
    job=${'$'}{record##*/}; job=${'$'}{job%.pid}
    [ -e "$record" ] || continue
    case $job in
      *.do-* | file-*) ;;
      *) [ -s "$base/$job.status" ] || ! alive "$job" || end "$job"; rm -f "$base/$job".*; continue ;;
    esac
    if read -r status 2>/dev/null < "$base/$job.status"; then echo "$job $status"
    elif alive "$job"; then echo "$job running"
    else echo "$job vanished"
    fi
  done
}

forget() {
  [ -z "$answered" ] || rm -f $answered
  answered=; count=0
}

# Of a dead run's drivers those are older than this one. A younger one shows that the run is gone on with meanwhile.
sweep() {
  for base in "$root/$1"/*; do
    for record in "$base"/*.driver; do
      pid=${'$'}{record##*/}; pid=${'$'}{pid%.driver}
      read -r begun booted < "$record" && [ "$booted" = "$boot" ] && read -r stat < "/proc/$pid/stat" || continue
      stat=${'$'}{stat##*) }
      set -- "$1" $stat
      [ "${'$'}{21}" = "$begun" ] || continue
      [ "$begun" -le "$since" ] || return
      kill -KILL "$pid"
    done
    for record in "$base"/*.pid; do
      job=${'$'}{record##*/}; job=${'$'}{job%.pid}
      [ -s "$base/$job.status" ] || ! (alive "$job") || return
    done
  done
  rm -rf "$root/$1"
}

# Removes all records, unless a job goes on that a later run has to settle.
leave() {
  for record in "$base"/*.pid; do
    id=${'$'}{record##*/}; id=${'$'}{id%.pid}
    [ -s "$base/$id.status" ] || ! alive "$id" || return
  done
  rm -rf "$base"
  rmdir "$root/$run"
}

read -r stat < /proc/self/stat
stat=${'$'}{stat##*) }
set -- $stat
since=${'$'}{20}
echo "$since $boot" >| "$base/$$.driver"
others=
for folder in "$root"/*; do
  other=${'$'}{folder##*/}
  case $other in "$run" | *[!A-Za-z0-9._-]*) ;; *) others="$others $other" ;; esac
done
echo "quorate-channel ready $name$others"
exec 2>/dev/null
while read -r verb id size command; do
  # That another request comes shows that the last answer has arrived.
  [ -z "$last" ] || answered="$answered $base/$last.pid $base/$last.out $base/$last.err $base/$last.status"
  count=$((count + 1)); last=
  [ "$count" -lt 32 ] || forget
  case $verb in
    run) begin ;;
    settle) if claim "$id"; then echo "= $id never"; else await "$id"; last=$id; fi ;;
    earlier) echo "= $id done 0"; earlier | base64 -w 0; echo; echo ;;
    end) if claim "$id"; then echo "= $id never"; else end "$id"; echo "= $id ended"; fi ;;
    sweep) (sweep "$id"); echo "= $id ended" ;;
    bye) leave; exit 0 ;;
  esac
done
forget
rm -f "$base/$$.driver"
`;

/** Whose records the driver keeps. */
export interface RecordsOf {
  /** The run: safe as a file name. */
  readonly run: string;
  /** The name of the host in the inventory: one machine may go by several. */
  readonly host: string;
}

/** A driver, and the command, free of newlines, that loads it from stdin into whatever shell logs in there. */
export function driver(of: RecordsOf, graceMs: number): { readonly command: string; readonly text: string } {
  const host = of.host.replaceAll(/[^\w.-]/g, '_');
  const text = `run=${quote(of.run)}; host=${quote(host)}; grace=${Math.ceil(graceMs / 100)}; patience=${Math.ceil(graceMs / 1000)}\n${DRIVER}`;
  return { command: `eval "$(head -c ${Buffer.byteLength(text)})"`, text };
}

/** How long after a job's time limit the host ends it by itself, for the case that nobody is left to do so. */
const UNATTENDED_MS = 30_000;

/** What shapes the command itself; its input travels beside it. */
export type CommandOptions = Pick<RunOptions, 'cwd' | 'environment' | 'timeoutMs'>;

/** The COMMAND of a `run` request. Values of the environment do not show in the list of processes. */
export function commandText(argv: readonly string[], options: CommandOptions, hasInput: boolean): string {
  const file = '"$base/$id.input"';
  const usesFile = argv.some(a => a.includes(INPUT_FILE));
  const environment = Object.entries(options.environment ?? {});
  const isName = ([name]: readonly [string, string]) => /^[A-Za-z_]\w*$/.test(name);
  // Names that no shell can export, such as bash's functions: only `env` passes them on.
  const odd = environment.filter(e => !isName(e)).map(([name, value]) => quote(`${name}=${value}`));
  const seconds = options.timeoutMs === undefined ? 0 : Math.ceil((options.timeoutMs + UNATTENDED_MS) / 1000);
  const words = [...(odd.length === 0 ? [] : ['env', ...odd]), ...argv.map(a => quoteArgument(a, file))];
  return [
    ...(options.cwd === undefined ? [] : [`cd -- ${quote(options.cwd)} || exit 125`]),
    ...(usesFile ? ['exec < /dev/null'] : []),
    ...(usesFile && !hasInput ? [`true > ${file}`] : []),
    ...environment.filter(isName).map(([name, value]) => `export ${name}=${quote(value)}`),
    `exec timeout -k "$patience" ${seconds} ${words.join(' ')}`,
  ].join('; ');
}
