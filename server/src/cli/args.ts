// The command line's words. Everything that a person can mistype gets an error that names it.
import { supportedVersions } from '../mesh/settings.ts';
import { nearest } from '../base/nearest.ts';
import type { Severity } from '../rules/rule.ts';

export const commands = ['check', 'fix', 'explain', 'lsp', 'help', 'version'] as const;
export type Command = (typeof commands)[number];
export const formats = ['text', 'json', 'sarif', 'github', 'junit'] as const;
export type Format = (typeof formats)[number];

export interface Arguments {
  readonly command: Command;
  readonly paths: readonly string[];
  readonly format: Format;
  readonly failOn: Severity;
  readonly istioVersion: string | undefined;
  readonly config: string | undefined;
  readonly meshConfig: string | undefined;
  readonly complete: readonly string[] | undefined;
  readonly rule: string | undefined;
  readonly dryRun: boolean;
  readonly stdio: boolean;
  readonly color: boolean;
}

export class UsageError extends Error {}

/** Flags of the whole tool: those with a value list what it may be, or `any`. */
const valued = {
  '--format': formats as readonly string[],
  '--fail-on': ['error', 'warning', 'information'],
  '--istio-version': supportedVersions as readonly string[],
  '--config': 'any',
  '--mesh-config': 'any',
  '--complete': 'any',
  '--rule': 'any',
} as const;
const bare = ['--dry-run', '--stdio', '--no-color', '--help', '--version'] as const;

type Options = Map<string, string>;

/** `argv` without the program's own words. Throws UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { options, words } = splitWords(argv);
  const command = options.has('--help') ? 'help' : options.has('--version') ? 'version' : commandOf(words[0]);
  return {
    command,
    paths: words.slice(1),
    format: (options.get('--format') ?? 'text') as Format,
    failOn: (options.get('--fail-on') ?? 'warning') as Severity,
    istioVersion: options.get('--istio-version'),
    config: options.get('--config'),
    meshConfig: options.get('--mesh-config'),
    complete: options.get('--complete')?.split(',').map((kind) => kind.trim()).filter((kind) => kind !== ''),
    rule: options.get('--rule'),
    dryRun: options.has('--dry-run'),
    stdio: options.has('--stdio'),
    color: !options.has('--no-color'),
  };
}

function splitWords(argv: readonly string[]): { options: Options; words: string[] } {
  const options: Options = new Map();
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--') { words.push(...argv.slice(i + 1)); break; }
    if (!word.startsWith('-') || word === '-') { words.push(word); continue; }
    const [name = word, inline] = splitOnce(word, '=');
    if (name in valued) options.set(name, checked(name as keyof typeof valued, inline ?? argv[++i]));
    else if ((bare as readonly string[]).includes(word)) options.set(word, '');
    else throw new UsageError(`unknown option ${word}${suggestion(name, [...Object.keys(valued), ...bare])}`);
  }
  return { options, words };
}

function checked(name: keyof typeof valued, value: string | undefined): string {
  const allowed = valued[name];
  if (value === undefined || value === '') throw new UsageError(`${name} needs a value`);
  if (allowed !== 'any' && !(allowed as readonly string[]).includes(value)) throw new UsageError(`${name} ${value}: it can be ${allowed.join(', ')}`);
  return value;
}

function commandOf(word: string | undefined): Command {
  if (word === undefined) return 'help';
  if ((commands as readonly string[]).includes(word)) return word as Command;
  throw new UsageError(`unknown command ${word}${suggestion(word, commands)}`);
}

function suggestion(word: string, among: readonly string[]): string {
  const near = nearest(word, among);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

function splitOnce(text: string, by: string): [string, string | undefined] {
  const at = text.indexOf(by);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
