// What a shell can complete, out of the tables of commands and options.
import { allKinds } from '../../model/kind-of.ts';
import { supportedVersions } from '../../model/istio-releases.ts';
import { commands, commandTable, type Command } from '../command-table.ts';
import { usesOf } from '../help.ts';
import { optionTable } from '../option-table.ts';

export type Values =
  | { readonly kind: 'files' }
  /** `isList`: more than one, separated by commas. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly isList: boolean }
  | { readonly kind: 'unknown' };

export interface CompletedOption {
  readonly name: string;
  readonly short: string | undefined;
  readonly text: string;
  readonly repeats: boolean;
  /** Undefined for an option without a value. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  readonly name: Command;
  readonly text: string;
  readonly options: readonly CompletedOption[];
  /** Of the words that are no options. */
  readonly values: Values;
}

export function completedCommands(rules: readonly string[]): readonly CompletedCommand[] {
  return commands.map((name) => ({
    name,
    text: firstClause(commandTable[name].text),
    options: optionsOf(name, rules),
    values: valuesOf(commandTable[name].usage, rules),
  }));
}

function optionsOf(command: Command, rules: readonly string[]): readonly CompletedOption[] {
  return optionTable.flatMap((entry) => {
    const [use] = usesOf(entry, command);
    if (!use) return [];
    return [
      {
        name: entry.name,
        short: entry.short,
        text: firstClause(use.text),
        repeats: entry.repeats === true,
        values: use.value === undefined ? undefined : valuesOf(use.value, rules),
      },
    ];
  });
}

/** Shells show a text beside each candidate, in one line. */
function firstClause(text: string): string {
  return /^[^:;(]*/.exec(text)![0].trim();
}

/** By what help calls a value. */
function valuesOf(shown: string, rules: readonly string[]): Values {
  const isList = shown.endsWith(',...');
  if (/^\[?RULE/.test(shown)) return words(shown.includes('=') ? rules.map((id) => `${id}=`) : rules, isList);
  if (shown.startsWith('KIND')) return words(allKinds, isList);
  if (shown === '[COMMAND]') return words(commands, false);
  if (/^route\b/.test(shown)) return words(['route'], false);
  if (/\b(?:FILE|PATH|LOG|FOLDER)\b/.test(shown)) return { kind: 'files' };
  if (/^\d\S*\.\.\d/.test(shown)) return words(supportedVersions, false);
  if (/^[a-z-]+(?:\|[a-z-]+)+$/.test(shown)) return words(shown.split('|'), false);
  if (/^[a-z-]+(?:,[a-z-]+)+$/.test(shown)) return words(shown.split(','), true);
  return { kind: 'unknown' };
}

function words(list: readonly string[], isList: boolean): Values {
  return { kind: 'words', words: list, isList };
}
