// The output of every command: nothing in it acts on the terminal but the colours and links that this program writes.
import { visibleJson, visibleText } from '../base/visible.ts';
import type { Arguments } from './args.ts';
import type { CliHost } from './host.ts';

export function visibleHost(
  host: CliHost,
  { format, color, detail }: Pick<Arguments, 'format' | 'color' | 'detail'>,
): CliHost {
  const out = outputOf(format, color && host.color);
  return {
    ...host,
    ...(detail === 'quiet' && { noteProgress: () => undefined, noteEnd: () => undefined }),
    stdout: (text) => host.stdout(out(text)),
    print: (text) => host.print(out(text)),
    stderr: (text) => host.stderr(visibleNote(text)),
    ask: (question) => host.ask(visibleText(question)),
    askLine: (question) => host.askLine(visibleText(question)),
  };
}

/** What is written beside the answer: notes and errors. */
export function visibleNote(text: string): string {
  return withoutCommands(visibleText(text));
}

function outputOf(format: Arguments['format'], color: boolean): (text: string) => string {
  if (format === 'json' || format === 'sarif') return visibleJson;
  // Its lines are such commands, and their values are escaped.
  if (format === 'github') return visibleText;
  return (text) => withoutCommands(color ? withColours(text) : visibleText(text));
}

/**
 * Lines that a job of GitHub or Azure would take for its commands, also behind spaces: https://docs.github.com/actions, "Workflow commands".
 * A name may begin a line, and a long one is cut where the line ends.
 */
function withoutCommands(text: string): string {
  return text.replace(/^([ \t]*):(?=:[A-Za-z].*::)/gm, '$1\\x3a').replace(/^([ \t]*)#(?=#(?:\[|vso\[))/gm, '$1\\x23');
}

/** Texts that are painted were made visible before. */
function withColours(text: string): string {
  return text
    .split(painting)
    .map((part, at) => (at % 2 === 1 ? part : visibleText(part)))
    .join('');
}

// oxlint-disable-next-line no-control-regex -- what starts a colour or a link is a control character
const painting = /(\u001b\[\d{1,2}m|\u001b\]8;;(?:https:\/\/[\w./#%-]+)?\u001b\\)/;
