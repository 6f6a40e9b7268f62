import { readLogLine } from '../../eval/log/read-line.ts';
import { parseClient } from '../../eval/trace/parse-request.ts';
import { accountsOfPods } from '../../features/learn/accounts.ts';
import { FlowLog } from '../../features/learn/flows.ts';
import { learn as learnFrom, type Learned } from '../../features/learn/learn.ts';
import { emptyReader } from '../../engine/reader.ts';
import { UsageError, type Arguments } from '../args.ts';
import { unifiedDiff } from '../diff.ts';
import { displayPath } from '../display-path.ts';
import type { CliHost } from '../host.ts';
import { learnedJson } from '../learn-json.ts';
import { learnedLines } from '../learn-text.ts';
import { load, type Loaded } from '../load.ts';
import { logLines } from '../log-lines.ts';
import { placer, placeText } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';

/** Where the new manifests are, for the diff. */
const newFile = 'learned-egress.yaml';

/** Writes the manifests that let through what a log shows as leaving. Exit code 1 where some of it would still not get out. */
export async function learn(args: Arguments, host: CliHost, book: RuleBook): Promise<number> {
  if (args.paths.length > 1) throw new UsageError('learn reads one log: a file, or - for standard input');
  const log = new FlowLog();
  for await (const { text } of logLines(args.paths[0] ?? '-', host))
    if (text === undefined) log.skipped++;
    else if (text.trim() !== '') log.add(readLogLine(text));
  const loaded = manifestsOf(args, host, book);
  const { workspace } = loaded;
  const flows = log.flows(
    {
      ofPod: accountsOfPods(workspace.mesh),
      ofAddress: () => undefined,
      otherwise: accountIn(args),
    },
    workspace.mesh.settings.pathNormalization,
  );
  const uri = host.toUri(host.resolve(newFile));
  const fixHost = {
    textOf: loaded.textOf,
    documentAt: workspace.documentAt.bind(workspace),
    exists: (file: string) => host.isPresent(host.toPath(file)),
  };
  const found = learnFrom(workspace, fixHost, flows, uri);
  host.stdout(formatted(found, log, loaded, args, host));
  return found.unsolved.length > 0 ? 1 : 0;
}

function accountIn({ from }: Arguments): ReturnType<typeof parseClient> {
  if (from === undefined) return undefined;
  const client = parseClient({ from });
  if (!client) throw new UsageError(`--from ${from}: write NAMESPACE or NAMESPACE/SERVICEACCOUNT`);
  return client;
}

function manifestsOf(args: Arguments, host: CliHost, book: RuleBook): Loaded {
  if (args.manifests !== undefined) return load({ ...args, paths: [args.manifests] }, host, book);
  const configuration = host.reader.configuration;
  return load({ ...args, paths: ['.'] }, { ...host, reader: { ...emptyReader, configuration } }, book);
}

function formatted(found: Learned, log: FlowLog, loaded: Loaded, args: Arguments, host: CliHost): string {
  const place = placer(loaded, host);
  if (args.format === 'json') return learnedJson(found, log, place);
  const lines = learnedLines(found, log, (resource, span) => placeText(place(resource, span)));
  const head = lines.map((line) => `# ${line}\n`).join('');
  if (args.format === 'diff') {
    host.stderr(lines.map((line) => `${line}\n`).join(''));
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
