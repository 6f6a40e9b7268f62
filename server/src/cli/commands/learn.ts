import { readLogLine } from '../../eval/log/read-line.ts';
import { parseClient } from '../../eval/trace/parse-request.ts';
import { readAllGatewayLogs } from '../../cluster/logs/all-gateway-logs.ts';
import type { LogLine } from '../../cluster/logs/log-stream.ts';
import { listPodAccounts } from '../../cluster/objects/pod-accounts.ts';
import { accountsOfAddresses, accountsOfPods } from '../../features/learn/accounts.ts';
import { FlowLog, type KnownAccounts } from '../../features/learn/flows.ts';
import { learn as learnFrom, type Learned } from '../../features/learn/learn.ts';
import { learnedLines } from '../../features/learn/summary.ts';
import { emptyReader } from '../../engine/reader.ts';
import { UsageError, type Arguments } from '../args.ts';
import { valueOf, type ClusterAnswers } from '../cluster-answers.ts';
import { unifiedDiff } from '../diff.ts';
import { displayPath } from '../display-path.ts';
import { fixHostOf } from '../fix-host.ts';
import type { CliHost } from '../host.ts';
import { learnedJson } from '../learn-json.ts';
import { load, type Loaded } from '../load.ts';
import { logLines } from '../log-lines.ts';
import { placer, placeText } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';
import { UserError } from '../user-error.ts';

/** Where the new manifests are, for the diff. */
const newFile = 'learned-egress.yaml';

/** Writes the manifests that let through what a log shows as leaving. Exit code 1 where some of it would still not get out. */
export async function learn(args: Arguments, host: CliHost, book: RuleBook, cluster?: ClusterAnswers): Promise<number> {
  const otherwise = accountIn(args);
  const log = new FlowLog();
  const add = (text: string | undefined): void => {
    if (text === undefined) log.skipped++;
    else if (text.trim() !== '') log.add(readLogLine(text));
  };
  const ofAddress = cluster ? await readCluster(args, host, cluster, add) : await readNamed(args, host, add);
  // Of a gateway that nobody called there is nothing to learn.
  if (log.read === 0 && !cluster)
    throw new UserError(`${args.paths[0] ?? 'standard input'}: no line is an access-log line of a proxy or ztunnel`);
  const loaded = manifestsOf(args, host, book, cluster);
  const { workspace } = loaded;
  const flows = log.flows(
    { ofPod: accountsOfPods(workspace.mesh), ofAddress, otherwise },
    workspace.mesh.settings.pathNormalization,
  );
  const uri = host.toUri(host.resolve(newFile));
  const found = learnFrom(workspace, fixHostOf(loaded, host), flows, uri);
  host.stdout(formatted(found, log, loaded, args, host));
  return found.unsolved.length > 0 ? 1 : 0;
}

type OfAddress = KnownAccounts['ofAddress'];
type TakeLine = (text: string | undefined) => void;

async function readNamed({ paths }: Arguments, host: CliHost, add: TakeLine): Promise<OfAddress> {
  if (paths.length > 1) throw new UsageError('learn reads one log: a file, or - for standard input');
  for await (const { text } of logLines(paths[0] ?? '-', host)) {
    host.noteProgress('reading the log');
    add(text);
  }
  return () => undefined;
}

/** The logs of the gateway's pods. The pods of the cluster tell the accounts behind the addresses. */
async function readCluster(
  { paths, gateway, since, detail }: Arguments,
  host: CliHost,
  { snapshot: { context, objects }, tools }: ClusterAnswers,
  add: TakeLine,
): Promise<OfAddress> {
  if (paths.length > 0) throw new UsageError('learn --cluster reads the logs of the gateway, and no file');
  if (!gateway) return () => undefined;
  const onLine = ({ text }: LogLine) => {
    host.noteProgress('reading the log');
    add(text);
  };
  const { source, pods } = valueOf(
    await readAllGatewayLogs(host.run, { context, tools, objects, ...gateway }, { since, onLine }),
  );
  if (pods.length === 0)
    throw new UserError(
      `${source} has no pods in cluster ${context} that run a proxy of Istio, so there is no log to learn from. --gateway names a Gateway, or the Service or Deployment of a classic egress gateway`,
    );
  const names = pods.map(({ name }) => name).join(', ');
  if (detail !== 'quiet') host.stderr(`istio-egress: cluster ${context}: read the logs of ${names} of ${source}.\n`);
  const accounts = await listPodAccounts(host.run, { context, tools });
  if (accounts.ok) return accountsOfAddresses(accounts.value);
  host.stderr(
    `istio-egress: cluster ${context}: could not read the addresses of pods (${accounts.problem.message}). Clients that a log names by their address have no account.\n`,
  );
  return () => undefined;
}

function accountIn({ from }: Arguments): ReturnType<typeof parseClient> {
  if (from === undefined) return undefined;
  const client = parseClient({ from });
  if (!client) throw new UsageError(`--from ${from}: write NAMESPACE or NAMESPACE/SERVICEACCOUNT`);
  return client;
}

/** Without `--manifests` no file is read: new manifests are for what the cluster has, or for nothing. */
function manifestsOf(args: Arguments, host: CliHost, book: RuleBook, cluster: ClusterAnswers | undefined): Loaded {
  if (args.manifests !== undefined) return load({ ...args, paths: [args.manifests] }, host, book, cluster?.snapshot);
  const configuration = host.reader.configuration;
  const reader = { ...emptyReader, configuration };
  return load({ ...args, paths: ['.'] }, { ...host, reader }, book, cluster?.snapshot);
}

function formatted(found: Learned, log: FlowLog, loaded: Loaded, args: Arguments, host: CliHost): string {
  const place = placer(loaded, host);
  if (args.format === 'json') return learnedJson(found, log, place);
  const lines = learnedLines(found, log, {
    place: (resource, span) => placeText(place(resource, span)),
    askForAccount: 'see --from',
  });
  const head = lines.map((line) => `# ${line}\n`).join('');
  if (args.format === 'diff') {
    if (args.detail !== 'quiet') host.stderr(lines.map((line) => `${line}\n`).join(''));
    return diffOf(found, loaded, host);
  }
  const changed = changedDocuments(found, loaded);
  return [head, ...changed, ...(found.text === '' ? [] : [found.text])].join(changed.length > 0 ? '---\n' : '');
}

function diffOf({ draft }: Learned, { textOf }: Loaded, host: CliHost): string {
  return draft
    .changes()
    .map(({ uri }) => unifiedDiff(displayPath(uri, host), textOf(uri) ?? '', draft.textOf(uri) ?? ''))
    .join('');
}

/** Resources of files that get a port, whole, so that they can be applied. */
function changedDocuments({ draft }: Learned, { workspace }: Loaded): readonly string[] {
  return draft
    .changes()
    .filter(({ created }) => !created)
    .flatMap(({ uri }) => {
      const before = new Set(workspace.documents(uri).map(({ record }) => record.id));
      return draft
        .documents(uri)
        .filter(({ record }) => !before.has(record.id))
        .flatMap(({ record }) => record.resources.flatMap((resource) => draft.documentText(resource) ?? []))
        .map((text) => `${text.replace(/^---[^\n]*\n/, '').trimEnd()}\n`);
    });
}
