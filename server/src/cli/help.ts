// The help, out of the tables of commands and options: of all commands, or of one.
import { groupBy } from '../base/group-by.ts';
import { wrap } from './columns.ts';
import { commands, commandTable, type Command } from './command-table.ts';
import type { OptionEntry, OptionUse } from './option-entry.ts';
import { optionTable } from './option-table.ts';

/** Where the output is no terminal. */
const usualWidth = 120;
/** Narrower terminals get longer lines. */
const leastWidth = 70;
const textColumn = 42;

/** `columns`: of the terminal. */
export function help(columns: number | undefined): string {
  const width = widthFor(columns);
  return `istio-egress: check Istio egress manifests before you apply them.

Usage
${lines(commands.map(usageOf), width)}
  PATH is a file or a folder; - reads manifests from standard input.

Options
${lines(optionTable.flatMap(optionLines), width)}

${wrap('Exit codes: 0 nothing at or above the threshold; 1 findings (trace: not allowed, drift: differences, migrate: a request fails afterwards, diff: what --fail-on names, learn: some of the log still does not get out); 2 wrong usage, unreadable input, or the cluster cannot be read.', width).join('\n')}

Examples
  helm template . | istio-egress check -
  istio-egress trace http://httpbin.org/get --from default/curl examples
`;
}

/** The usage of one command, and the options that it takes. */
export function helpAbout(command: Command, columns: number | undefined): string {
  const width = widthFor(columns);
  const taken = optionTable.flatMap((entry) =>
    usesOf(entry, command).map((use): Entry => [optionText(entry, use), `${use.text}${repeatText(entry)}`]),
  );
  return [
    'Usage',
    lines([usageOf(command)], width),
    ...(taken.length > 0 ? ['', 'Options', lines(taken, width)] : []),
    '',
  ].join('\n');
}

/** How a command uses an option; empty where it does not. */
export function usesOf({ uses }: OptionEntry, command: Command): readonly OptionUse[] {
  const own = uses.filter(({ of }) => of?.includes(command));
  if (own.length > 0 || commandTable[command].readsNothing) return own;
  return uses.filter(({ of }) => !of);
}

/** What is on the left, and its text. */
type Entry = readonly [string, string];

function widthFor(columns: number | undefined): number {
  return Math.max(leastWidth, Math.min(columns ?? usualWidth, usualWidth));
}

function usageOf(command: Command): Entry {
  const { usage, text } = commandTable[command];
  return [`istio-egress ${command} ${usage}`, text];
}

/** An entry for each value that the option can have; the commands come first where only some take it. */
function optionLines(entry: OptionEntry): readonly Entry[] {
  return [...groupBy(entry.uses, ({ value }) => value ?? '').values()].map((uses) => [
    optionText(entry, uses[0]),
    `${uses.map(({ of, text }) => (of ? `${of.join(', ')}: ${text}` : text)).join('; ')}${repeatText(entry)}`,
  ]);
}

function optionText({ name, short }: OptionEntry, { value }: OptionUse): string {
  const names = short === undefined ? name : `${short}, ${name}`;
  return value === undefined ? names : `${names} ${value}`;
}

function repeatText({ repeats }: OptionEntry): string {
  return repeats ? '; repeatable' : '';
}

/** A text that has no room beside its entry begins below it. */
function lines(entries: readonly Entry[], width: number): string {
  return entries.flatMap(([left, text]) => besideOrBelow(`  ${left}`, wrap(text, width - textColumn))).join('\n');
}

function besideOrBelow(left: string, text: readonly string[]): readonly string[] {
  const below = text.map((line) => `${' '.repeat(textColumn)}${line}`);
  const isBeside = left.length <= textColumn - 2;
  return isBeside ? [left.padEnd(textColumn) + text[0]!, ...below.slice(1)] : [left, ...below];
}
