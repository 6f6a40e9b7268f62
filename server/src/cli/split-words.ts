// Tells the options of a command line from its other words.
import { nearest } from '../base/nearest.ts';
import type { OptionEntry } from './option-entry.ts';
import { optionTable, takesValue } from './option-table.ts';
import { UsageError } from './user-error.ts';

/** By their long names; the values of one that is repeated are a line each. */
export type Options = Map<string, string>;

const entries = new Map(
  optionTable.flatMap((entry) =>
    [entry.name, ...(entry.short === undefined ? [] : [entry.short])].map((name) => [name, entry] as const),
  ),
);

/** Throws UsageError. */
export function splitWords(argv: readonly string[]): { options: Options; words: string[] } {
  const options: Options = new Map();
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--') {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const [name, inline] = splitOnce(word, '=');
    const entry = entries.get(name);
    if (!entry) throw new UsageError(`unknown option ${name}${suggestion(name, [...entries.keys()])}`);
    if (takesValue(entry)) addOption(options, entry, checked(name, inline ?? argv[++i]));
    else if (inline !== undefined) throw new UsageError(`${name} takes no value`);
    else options.set(entry.name, '');
  }
  return { options, words };
}

function addOption(options: Options, { name, repeats }: OptionEntry, value: string): void {
  const before = repeats ? options.get(name) : undefined;
  options.set(name, before === undefined ? value : `${before}\n${value}`);
}

function checked(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${name} needs a value`);
  return value;
}

export function suggestion(word: string, among: readonly string[]): string {
  const near = nearest(word, among);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

function splitOnce(text: string, by: string): [string, string | undefined] {
  const at = text.indexOf(by);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
