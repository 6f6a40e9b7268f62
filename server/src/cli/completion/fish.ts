import type { CompletedCommand, CompletedOption, Values } from './completed.ts';

export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of istio-egress in fish. For this shell: istio-egress completion fish | source
complete -c istio-egress -e
complete -c istio-egress -f
${commands.map(({ name, text }) => `complete -c istio-egress -n __fish_use_subcommand -a ${name} -d ${quoted(text)}`).join('\n')}
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ name, options, values }: CompletedCommand): readonly string[] {
  const when = `complete -c istio-egress -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...options.map((option) => `${when} ${optionWords(option)}`),
    ...(values.kind === 'unknown' ? [] : [`${when} ${offer(values)}`]),
  ];
}

function optionWords({ name, short, text, values }: CompletedOption): string {
  const names = [...(short === undefined ? [] : [`-s ${short.slice(1)}`]), `-l ${name.slice(2)}`].join(' ');
  return `${names}${values ? ` -r ${offer(values)}` : ''} -d ${quoted(text)}`;
}

function offer(values: Values): string {
  if (values.kind === 'files') return '-F';
  if (values.kind === 'unknown') return '-f';
  return values.isList
    ? `-f -a ${quoted(`(__fish_append , ${values.words.join(' ')})`)}`
    : `-f -a ${quoted(values.words.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
