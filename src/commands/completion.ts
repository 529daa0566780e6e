import { exit, type Io } from './io.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** What a shell runs at its start so that TAB asks `quorate complete`. */
const scripts: Readonly<Record<Shell, string>> = {
  bash: `# source <(quorate completion bash)
_quorate() {
  local line file
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$2")
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(quorate complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _quorate quorate
`,
  zsh: `#compdef quorate
# source <(quorate completion zsh), after compinit
_quorate() {
  local line files
  local -a values
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      files=1
    else
      values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <(quorate complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#values )) && _describe quorate values
  [[ -n $files ]] && _files
  return 0
}
if [[ $funcstack[1] == _quorate ]]; then _quorate "$@"; else compdef _quorate quorate; fi
`,
  fish: `# quorate completion fish | source
function __quorate_complete
  set -l before (commandline -opc)
  quorate complete -- $before[2..] (commandline -ct) 2>/dev/null
end
function __quorate_words
  __quorate_complete | string match -v ':files'
end
function __quorate_files
  __quorate_complete | string match -q ':files'
end
complete -c quorate -f -a '(__quorate_words)'
complete -c quorate -n __quorate_files -F
`,
};

/** `quorate completion SHELL`: a script for the shell, which asks quorate itself at each TAB. */
export function completionCommand(io: Io, shell: Shell): number {
  io.out.write(scripts[shell]);
  return exit.done;
}
