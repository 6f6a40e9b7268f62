// The command line's words. Everything that a user can mistype gets an error that names it.
import type { RouteAnswers } from '../features/new-route/route-answers.ts';
import type { Severity } from '../rules/rule.ts';
import type { Level } from '../sources/config-file.ts';
import { commands, isCommand, type Command } from './command-table.ts';
import { formatOf, type Format } from './formats.ts';
import { commandsWith, optionTable, reasonsToFail, severities, type ReasonToFail } from './option-table.ts';
import { supportedVersions } from '../model/istio-releases.ts';
import { routeAnswersOf } from './new-route/route-options.ts';
import { logsOf, type LogsOfCluster } from './logs-of.ts';
import { splitWords, suggestion, type Options } from './split-words.ts';
import { severitiesOf } from './severities-of.ts';
import { UsageError } from './user-error.ts';

export interface Arguments {
  readonly command: Command;
  readonly paths: readonly string[];
  /** The command that `help` is about; undefined means all. */
  readonly about: Command | undefined;
  /** A file, or `-`, that lists further paths. */
  readonly filesFrom: string | undefined;
  readonly format: Format;
  readonly failOn: Severity;
  /** For what `diff` fails. */
  readonly failReasons: readonly ReasonToFail[];
  readonly istioVersion: string | undefined;
  readonly config: string | undefined;
  readonly meshConfig: string | undefined;
  readonly complete: readonly string[] | undefined;
  readonly rule: string | undefined;
  /** By rule id, as written. */
  readonly severities: Readonly<Record<string, Level>>;
  /** Whether a run that finds no resources of Istio or the Gateway API fails. */
  readonly requireResources: boolean;
  /** Files of findings that are known: one to read, one to write. */
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  /** Where `log` finds the manifests that lines speak of. */
  readonly manifests: string | undefined;
  /** The request for `trace`: its client and its content. */
  readonly from: string | undefined;
  readonly method: string | undefined;
  readonly headers: readonly string[];
  readonly labels: readonly string[];
  readonly sni: string | undefined;
  /** The hosts that `access` is asked about; none means all. */
  readonly hosts: readonly string[];
  /** Answers about a new route that are given as options. */
  readonly route: RouteAnswers;
  /** The gateway of the cluster whose logs `learn` reads, and of how long: `10m`. */
  readonly gateway: LogsOfCluster['gateway'];
  readonly since: string | undefined;
  /** Whether helm and kustomize may be run on what is there. */
  readonly render: boolean;
  /** Whether the cluster may be read; only then are programs run. */
  readonly cluster: boolean;
  /** Of the kubeconfig; undefined means the current one. */
  readonly context: string | undefined;
  /** The namespaces to read from the cluster; undefined means all. */
  readonly namespaces: readonly string[] | undefined;
  readonly dryRun: boolean;
  /** How much is told; `log --verbose` explains every field of every line. */
  readonly detail: 'quiet' | 'usual' | 'verbose';
  /** Whether `access` prints a line for each answer, however long. */
  readonly wide: boolean;
  /** Whether `fix` also applies preferred fixes that are not safe, and whether it does so without asking. */
  readonly unsafe: boolean;
  readonly yes: boolean;
  /** Whether `migrate` also removes the objects that nothing needs any more. */
  readonly remove: boolean;
  readonly stdio: boolean;
  readonly color: boolean;
}

export { UsageError };

function wantedCommand(options: Options, words: readonly string[]): Command {
  if (options.has('--help')) return 'help';
  return options.has('--version') ? 'version' : commandOf(words[0]);
}

/** `argv` without the program's own words. Throws UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { options, words } = splitWords(argv);
  const command = wantedCommand(options, words);
  if (command !== 'help' && command !== 'version') needTaken(options, command);
  if (options.has('--baseline') && options.has('--write-baseline'))
    throw new UsageError('use either --baseline or --write-baseline, not both');
  if (options.has('--yes') && command === 'fix' && !options.has('--unsafe'))
    throw new UsageError('--yes works only with --unsafe: safe fixes are applied without a question');
  return {
    command,
    about: command === 'help' ? aboutOf(options, words) : undefined,
    paths: words.slice(1),
    filesFrom: options.get('--files-from'),
    format: formatOf(command, options.get('--format')),
    ...failuresOf(command, options.get('--fail-on')),
    istioVersion: minorVersion(options.get('--istio-version')),
    config: options.get('--config'),
    meshConfig: options.get('--mesh-config'),
    complete: options
      .get('--complete')
      ?.split(',')
      .map((kind) => kind.trim())
      .filter((kind) => kind !== ''),
    rule: options.get('--rule'),
    severities: severitiesOf(linesOf(options.get('--severity'))),
    requireResources: options.has('--require-resources'),
    baseline: options.get('--baseline'),
    writeBaseline: options.get('--write-baseline'),
    manifests: options.get('--manifests'),
    from: options.get('--from'),
    method: options.get('--method'),
    headers: linesOf(options.get('--header')),
    labels: linesOf(options.get('--label')),
    sni: options.get('--sni'),
    hosts: linesOf(options.get('--host')),
    route: routeAnswersOf(options),
    ...logsOf(command, options),
    ...clusterOf(command, options),
    render: options.has('--render'),
    dryRun: options.has('--dry-run'),
    detail: detailOf(options),
    wide: options.has('--wide'),
    unsafe: options.has('--unsafe'),
    yes: options.has('--yes'),
    remove: options.has('--remove'),
    stdio: options.has('--stdio'),
    color: !options.has('--no-color'),
  };
}

/** Options that would do nothing are refused. */
function needTaken(options: Options, command: Command): void {
  for (const entry of optionTable) {
    const takers = options.has(entry.name) ? commandsWith(entry) : undefined;
    if (takers && !takers.includes(command)) throw new UsageError(`${entry.name} works only with ${takers.join(', ')}`);
  }
}

function detailOf(options: Options): Arguments['detail'] {
  const [quiet, verbose] = [options.has('--quiet'), options.has('--verbose')];
  if (quiet && verbose) throw new UsageError('use either --quiet or --verbose, not both');
  if (quiet) return 'quiet';
  return verbose ? 'verbose' : 'usual';
}

/** `help check` and `check --help`. */
function aboutOf(options: Options, words: readonly string[]): Command | undefined {
  const word = options.has('--help') ? words[0] : words[1];
  return word === undefined ? undefined : commandOf(word);
}

/** A patch release has the fields and the behaviour of its minor release. */
function minorVersion(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const minor = /^v?(\d+\.\d+)(\.\d+)?$/.exec(given)?.[1] ?? given;
  if (supportedVersions.some((one) => one === minor)) return minor;
  throw new UsageError(`--istio-version ${given} is not valid: use ${supportedVersions.join(', ')}`);
}

function failuresOf(command: Command, given: string | undefined): Pick<Arguments, 'failOn' | 'failReasons'> {
  if (command !== 'diff')
    return { failOn: given === undefined ? 'warning' : oneOf(severities, given), failReasons: [] };
  const words = given?.split(',').map((word) => word.trim()) ?? [];
  return { failOn: 'warning', failReasons: words.map((word) => oneOf(reasonsToFail, word)) };
}

function oneOf<T extends string>(allowed: readonly T[], given: string): T {
  const found = allowed.find((one) => one === given);
  if (found === undefined) throw new UsageError(`--fail-on ${given} is not valid: use ${allowed.join(', ')}`);
  return found;
}

/** `drift` always reads a cluster; the others only with `--cluster`. */
function clusterOf(command: Command, options: Options): Pick<Arguments, 'cluster' | 'context' | 'namespaces'> {
  const cluster = options.has('--cluster') || command === 'drift';
  const stray = cluster ? undefined : ['--context', '--namespace'].find((name) => options.has(name));
  if (stray !== undefined && command !== 'help' && command !== 'version')
    throw new UsageError(`${stray} needs --cluster`);
  const namespaces = options
    .get('--namespace')
    ?.split(/[,\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return { cluster, context: options.get('--context'), namespaces };
}

function linesOf(values: string | undefined): readonly string[] {
  return values?.split('\n') ?? [];
}

function commandOf(word: string | undefined): Command {
  if (word === undefined) return 'help';
  if (isCommand(word)) return word;
  throw new UsageError(`unknown command ${word}${suggestion(word, commands)}`);
}
