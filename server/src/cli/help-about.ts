// The help of one command: its line of the whole, and the options that it takes.
import { help } from './help.ts';
import { commands, type Command } from './options.ts';

export function helpAbout(command: Command): string {
  const usage = entriesOf('Usage', /^ {2}istio-egress /).filter(([line]) =>
    line!.startsWith(`  istio-egress ${command} `),
  );
  const options = entriesOf('Options', /^ {2}-/).filter((lines) => takes(command, lines));
  return ['Usage', ...usage.flat(), ...(options.length > 0 ? ['', 'Options', ...options.flat()] : []), ''].join('\n');
}

/** The entries of a section: a line that begins one, and those that go on. */
function entriesOf(title: string, begins: RegExp): readonly (readonly string[])[] {
  const lines = help.slice(help.indexOf(`\n${title}\n`) + title.length + 2).split('\n');
  const entries: string[][] = [];
  for (const line of lines) {
    if (line === '') break;
    if (begins.test(line)) entries.push([line]);
    else entries.at(-1)?.push(line);
  }
  return entries;
}

const noOptions: readonly Command[] = ['explain', 'lsp', 'mcp', 'help', 'version'];

/** An option that is for some commands only names them at the start of its description. */
function takes(command: Command, [first]: readonly string[]): boolean {
  const named = /^\s*-.*? {2,}((?:[a-z]+(?:, | --\S+: |: ))+)/.exec(first!)?.[1];
  const words = named?.match(/[a-z]+/g)?.filter((word) => (commands as readonly string[]).includes(word)) ?? [];
  if (words.length > 0) return words.includes(command);
  return !noOptions.includes(command);
}
