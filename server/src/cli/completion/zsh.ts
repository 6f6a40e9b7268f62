import type { CompletedCommand, CompletedOption, Values } from './completed.ts';

export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef istio-egress
# Completion of istio-egress in zsh. For this shell: source <(istio-egress completion zsh)
_istio_egress() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C --no-color --help -h --version '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
${commands.map(({ name, text }) => `        ${quoted(`${name}:${text}`)}`).join('\n')}
      )
      _describe command commands
      ;;
    argument)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}
if [ "$funcstack[1]" = _istio_egress ]; then _istio_egress "$@"; else compdef _istio_egress istio-egress; fi
`;
}

function commandCase({ name, options, values }: CompletedCommand): string {
  const specs = [...options.map(optionSpec), ...(values.kind === 'unknown' ? [] : [`*:${action(values)}`])];
  if (specs.length === 0) return `        ${name}) ;;`;
  return `        ${name})\n          _arguments ${specs.map(quoted).join(' \\\n            ')}\n          ;;`;
}

/** `--name=` takes its value behind `=` or as the next word. */
function optionSpec({ name, text, repeats, values }: CompletedOption): string {
  return `${repeats ? '*' : ''}${name}${values ? '=' : ''}[${text.replace(/[[\]:\\]/g, '\\$&')}]${values ? `:${action(values)}` : ''}`;
}

function action(values: Values): string {
  if (values.kind === 'files') return 'file:_files';
  if (values.kind === 'unknown') return 'value: ';
  return values.isList ? `value:_values -s , value ${values.words.join(' ')}` : `value:(${values.words.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
