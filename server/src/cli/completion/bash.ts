import type { CompletedCommand, Values } from './completed.ts';

/** Runs in bash 3.2, too, which macOS has. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const valued = new Set(
    commands.flatMap(({ options }) => options.flatMap(({ name, values }) => (values ? [name] : []))),
  );
  return `# Completion of istio-egress in bash. For this shell: source <(istio-egress completion bash)
_istio_egress() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= is_value= word at
  # bash makes three words of --option=value.
  if [[ $current == = ]]; then current=
  elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ $word == = ]]; then continue; fi
    if [[ $is_value ]]; then is_value=; continue; fi
    case $word in
      ${[...valued].join('|')}) is_value=1 ;;
      -*) ;;
      *) command=$word; break ;;
    esac
  done
  COMPREPLY=()
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
    '') _istio_egress_words '${commands.map(({ name }) => name).join(' ')} --help --version' ;;
${commands.map(commandCase).join('\n')}
  esac
}
_istio_egress_words() {
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
# Of a list the part behind the last comma.
_istio_egress_list() {
  local before=
  if [[ $current == *,* ]]; then before=\${current%,*},; fi
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${current##*,}"))
}
complete -o default -F _istio_egress istio-egress
`;
}

/** Where nothing is offered, bash completes the names of files. */
function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ name: option, values }) =>
    values ? [`    '${name} ${option}') ${offer(values)}return ;;`] : [],
  );
}

function commandCase({ name, options, values }: CompletedCommand): string {
  const names = options.flatMap(({ name: option, short }) => [option, ...(short === undefined ? [] : [short])]);
  return `    ${name}) if [[ $current == -* ]]; then _istio_egress_words '${names.join(' ')}'; else ${offer(values) || ':; '}fi ;;`;
}

function offer(values: Values): string {
  if (values.kind !== 'words') return '';
  return `_istio_egress_${values.isList ? 'list' : 'words'} '${values.words.join(' ')}'; `;
}
