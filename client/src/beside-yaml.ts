// Beside Red Hat's YAML extension: what it reports or offers at a place is not reported or offered there a second time. Only what it really
// says counts: it may have no schema for a file, another one, or none that it can load.
import {
  commands,
  CompletionList,
  Disposable,
  extensions,
  languages,
  Uri,
  workspace,
  type CompletionItem,
  type Diagnostic,
  type Position,
} from 'vscode';
import {
  DocumentDiagnosticRequest,
  vsdiag,
  type BaseLanguageClient,
  type ProvideCompletionItemsSignature,
} from 'vscode-languageclient';
import { configurationSection } from '../../server/src/lsp/protocol/settings.ts';
import { isRepeated, isFromYaml } from './repeated-findings.ts';

const yamlExtension = 'redhat.vscode-yaml';

/** Changes the answers of a client that was not started yet. */
export function besideYaml(client: BaseLanguageClient): Disposable {
  const answered = new Map<string, readonly Diagnostic[]>();
  const theirs = new Map<string, string>();
  Object.assign(client.middleware, {
    provideDiagnostics: diagnosticsOf(answered),
    provideCompletionItem: completionOf(),
  } satisfies BaseLanguageClient['middleware']);
  return Disposable.from(
    workspace.onDidCloseTextDocument(({ uri }) => {
      answered.delete(uri.toString());
      theirs.delete(uri.toString());
    }),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const changed = uris.filter((uri) => hasChanged(uri, theirs));
      if (changed.some((uri) => answered.has(uri.toString()))) askAgain(client);
    }),
  );
}

function isBeside(uri: Uri): boolean {
  return (
    workspace.getConfiguration(configurationSection, uri).get('schemaChecks') === 'auto' &&
    extensions.getExtension(yamlExtension)?.isActive === true
  );
}

function theirsAt(uri: Uri): readonly Diagnostic[] {
  return isBeside(uri) ? languages.getDiagnostics(uri).filter(isFromYaml) : [];
}

function hasChanged(uri: Uri, seen: Map<string, string>): boolean {
  const key = uri.toString();
  const now = JSON.stringify(theirsAt(uri).map(({ range }) => range));
  const changed = now !== (seen.get(key) ?? '[]');
  seen.set(key, now);
  return changed;
}

type ProvideDiagnostics = NonNullable<BaseLanguageClient['middleware']['provideDiagnostics']>;

/** The server answers "unchanged" where only the other extension's findings changed, so its last answer is kept. */
function diagnosticsOf(answered: Map<string, readonly Diagnostic[]>): ProvideDiagnostics {
  return async (document, previous, token, next) => {
    const report = await next(document, previous, token);
    const uri = document instanceof Uri ? document : document.uri;
    if (!report) return report;
    const isFull = report.kind === vsdiag.DocumentDiagnosticReportKind.full;
    const items = isFull ? report.items : answered.get(uri.toString());
    if (!items) return report;
    answered.set(uri.toString(), items);
    const others = theirsAt(uri);
    if (others.length === 0 && isFull) return report;
    return {
      ...report,
      kind: vsdiag.DocumentDiagnosticReportKind.full,
      items: items.filter((item) => !isRepeated(item, others)),
    };
  };
}

function askAgain(client: BaseLanguageClient): void {
  const feature = client.getFeature(DocumentDiagnosticRequest.method);
  for (const document of workspace.textDocuments) feature?.getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
}

type ProvideCompletion = NonNullable<BaseLanguageClient['middleware']['provideCompletionItem']>;

/** Longer than this nobody waits for the other extension's list. */
const patienceMs = 250;

function completionOf(): ProvideCompletion {
  // To ask what all offer at a place asks this provider as well, which then has nothing to add.
  const asked = new Set<string>();
  return async (document, position, context, token, next) => {
    const place = `${document.uri.toString()} ${document.version} ${position.line}:${position.character}`;
    if (asked.has(place)) return undefined;
    const ours = next(document, position, context, token);
    if (!isBeside(document.uri)) return ours;
    asked.add(place);
    const offered = offeredByOthers(document.uri, position).finally(() => asked.delete(place));
    return withoutOffered(await ours, (await Promise.race([offered, patience()])) ?? new Set());
  };
}

function patience(): Promise<undefined> {
  return new Promise((resume) => setTimeout(() => resume(undefined), patienceMs));
}

function withoutOffered(
  ours: Awaited<ReturnType<ProvideCompletionItemsSignature>>,
  theirs: ReadonlySet<string>,
): typeof ours {
  const isNew = (item: CompletionItem): boolean => !theirs.has(labelOf(item));
  if (!ours) return ours;
  return Array.isArray(ours) ? ours.filter(isNew) : new CompletionList(ours.items.filter(isNew), ours.isIncomplete);
}

async function offeredByOthers(uri: Uri, position: Position): Promise<ReadonlySet<string>> {
  const list = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', uri, position);
  return new Set(list.items.map(labelOf));
}

function labelOf({ label }: CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}
