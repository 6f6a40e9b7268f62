// Composition root of the language server: capabilities, handlers, and nothing that decides.
import {
  CodeActionKind,
  DidChangeWatchedFilesNotification,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createGuard } from './guard.ts';
import { access } from './handlers/access.ts';
import { handleCluster } from './handlers/cluster.ts';
import { codeAction, codeActionKinds } from './handlers/code-action.ts';
import { codeLens, resolveCodeLens } from './handlers/code-lens.ts';
import { completion } from './handlers/completion.ts';
import { documentSymbol } from './handlers/document-symbol.ts';
import { explainLog } from './handlers/log.ts';
import { hover } from './handlers/hover.ts';
import { requestAt } from './handlers/request-at.ts';
import { inlayHint } from './handlers/inlay-hint.ts';
import { namespaceAt } from './handlers/namespace-at.ts';
import { runTests } from './handlers/egress-test.ts';
import { trace } from './handlers/trace.ts';
import { waypointImpact } from './handlers/waypoint-impact.ts';
import {
  accessRequest,
  checkWorkspaceRequest,
  configurationSection,
  explainLogRequest,
  namespaceAtRequest,
  requestAtRequest,
  rulePageRequest,
  runTestsRequest,
  traceRequest,
  trustNotification,
  waypointImpactRequest,
  type InitializationOptions,
  type NamespaceAtParams,
  type RequestAtParams,
  type RunTestsResult,
  type TraceResult,
  type Unanswerable,
  type WaypointImpactResult,
} from './protocol.ts';
import { readClientSettings } from './client-settings.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import { folderUri } from './folders.ts';
import { Session } from './session.ts';
import { folderReader } from '../engine/folder-reader.ts';
import { RenderedReader } from '../engine/rendered-reader.ts';
import type { Rules } from '../engine/workspace.ts';
import { rulePage } from '../features/rule-page.ts';
import type { FileSystem } from '../sources/file-system.ts';
import type { Renderer } from '../sources/rendered/renderer.ts';

export interface ServerHost {
  readonly rules: Rules;
  readonly pages: ReadonlyMap<string, string>;
  readonly version: string;
  readonly files: FileSystem;
  /** The path of a URI that `files` may have something of. */
  readonly pathOf: (uri: string) => string | undefined;
  readonly pause: () => Promise<void>;
  /** Undefined where no programs can be run. */
  readonly renderer?: Renderer;
}

/** Files whose change can give others another meaning. */
const structural = /(^|\/)(kustomization\.ya?ml|Kustomization|Chart\.yaml|\.istio-egress\.ya?ml)$/;

export function startServer(connection: Connection, host: ServerHost): void {
  const documents = new TextDocuments(TextDocument);
  const guard = createGuard(connection.console, (message) => void connection.window.showWarningMessage(message));
  let session: Session | undefined;
  let params: InitializeParams | undefined;
  let refresher: Refresher | undefined;

  connection.onInitialize((given) => {
    params = given;
    const options = (given.initializationOptions ?? {}) as InitializationOptions;
    refresher = createRefresher(connection, given.capabilities, options.tellsChanges === true);
    const snippets = given.capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
    const base = folderReader(host.files, host.pathOf);
    const rendered = host.renderer && new RenderedReader({ ...host, base, renderer: host.renderer });
    session = new Session({
      ...host,
      reader: rendered ?? base,
      rendered,
      readText: (uri) => textOf(host, uri),
      connection,
      documents,
      guard,
      snippets,
      pageBase: typeof options.rulePageBase === 'string' ? options.rulePageBase : '',
    });
    session.setClientSettings(readClientSettings(options.settings));
    if (options.trusted === true) session.trust();
    return initializeResult(host.version);
  });

  connection.onInitialized(async () => {
    if (!session || !params) return;
    await registerWatchers(connection, params);
    const open = params.workspaceFolders?.map(({ uri }) => uri) ?? [];
    await pullSettings(connection, session, params, open);
    if (params.capabilities.workspace?.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        const uris = added.map(({ uri }) => uri);
        session?.removeFolders(removed.map(({ uri }) => uri));
        if (session && params) await pullSettings(connection, session, params, uris);
        await session?.addFolders(uris);
        refresher?.soon();
      });
    await session.start(open);
    refresher?.soon();
    connection.console.info('Istio Egress: all files are read.');
  });

  connection.onDidChangeConfiguration(async ({ settings }) => {
    if (!session || !params) return;
    if (!(await pullSettings(connection, session, params)))
      session.setClientSettings(
        readClientSettings((settings as Record<string, unknown> | null)?.[configurationSection]),
      );
    refresher?.soon();
  });
  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    await session?.changedOnDisk(
      changes.map(({ uri }) => uri),
      (uri) => structural.test(uri),
    );
    refresher?.soon();
  });
  documents.onDidChangeContent(({ document }) => {
    guard.run(`reading ${document.uri}`, undefined, () => session?.changed(document));
    if (
      documents.keys().length > 1 ||
      (params?.initializationOptions as InitializationOptions | undefined)?.tellsChanges
    )
      refresher?.soon();
  });
  documents.onDidClose(({ document }) => {
    guard.run(`closing ${document.uri}`, undefined, () => session?.closed(document.uri));
    refresher?.soon();
  });
  connection.onNotification(trustNotification, () => session?.trust());
  connection.onShutdown(() => refresher?.stop());

  connection.onCodeAction((given) =>
    guard.run('code action', [], () =>
      session
        ? codeAction(
            session,
            given,
            params?.capabilities.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
          )
        : [],
    ),
  );
  connection.onCompletion((given) => guard.run('completion', [], () => (session ? completion(session, given) : [])));
  connection.onHover((given) => guard.run('hover', null, () => (session ? hover(session, given) : null)));
  connection.onCodeLens((given) => guard.run('code lens', [], () => (session ? codeLens(session, given) : [])));
  connection.onCodeLensResolve((lens) =>
    guard.run('code lens', lens, () => (session ? resolveCodeLens(session, lens) : lens)),
  );
  connection.languages.inlayHint.on((given) =>
    guard.run('inlay hints', [], () => (session ? inlayHint(session, given) : [])),
  );
  connection.onDocumentSymbol((given) =>
    guard.run('document symbols', [], () => (session ? documentSymbol(session, given) : [])),
  );
  connection.onRequest(checkWorkspaceRequest, () => (session ? session.checkWorkspace() : null));
  connection.onRequest(namespaceAtRequest, (given: NamespaceAtParams) =>
    guard.run('namespace at a position', { namespace: null }, () =>
      session ? namespaceAt(session, given) : { namespace: null },
    ),
  );
  connection.onRequest(accessRequest, (given: unknown) =>
    guard.run('who may call what', { rows: [] }, () => (session ? access(session, given) : { rows: [] })),
  );
  connection.onRequest<RunTestsResult | Unanswerable, unknown>(runTestsRequest, (given: unknown) =>
    guard.run<RunTestsResult | Unanswerable>(
      'running expectations',
      { problem: 'The run met a fault of its own.' },
      () => (session ? runTests(session, given) : { problem: 'The server is not ready yet.' }),
    ),
  );
  connection.onRequest(explainLogRequest, (given: unknown) =>
    guard.run('explaining a log', { lines: [] }, () => (session ? explainLog(session, given) : { lines: [] })),
  );
  connection.onRequest(requestAtRequest, (given: RequestAtParams) =>
    guard.run('request at a position', { url: null, clients: [] }, () =>
      session ? requestAt(session, given) : { url: null, clients: [] },
    ),
  );
  connection.onRequest<TraceResult | Unanswerable, void>(traceRequest, (given: unknown) =>
    guard.run<TraceResult | Unanswerable>('tracing a request', { problem: 'The trace met a fault of its own.' }, () =>
      session ? trace(session, given) : { problem: 'The server is not ready yet.' },
    ),
  );
  connection.onRequest<WaypointImpactResult | Unanswerable, unknown>(waypointImpactRequest, (given: unknown) =>
    guard.run<WaypointImpactResult | Unanswerable>(
      'what a waypoint changes',
      { problem: 'The question met a fault of its own.' },
      () => (session ? waypointImpact(session, given) : { problem: 'The server is not ready yet.' }),
    ),
  );
  connection.onRequest(rulePageRequest, ({ rule }: { rule?: unknown }) => ({ markdown: pageOf(host, String(rule)) }));
  handleCluster(connection, { guard, session: () => session, changed: () => refresher?.soon() });

  documents.listen(connection);
  connection.listen();
}

function pageOf({ rules, pages }: ServerHost, id: string): string {
  const page = pages.get(id);
  const rule = [...rules.rules, ...rules.documentRules].find((one) => one.id === id);
  return page === undefined ? '' : rulePage(rule ?? {}, page);
}

function textOf({ files, pathOf }: ServerHost, uri: string): string | undefined {
  const path = pathOf(uri);
  const read = path === undefined ? undefined : files.read(path);
  return read?.ok ? read.text : undefined;
}

function initializeResult(version: string): InitializeResult {
  return {
    serverInfo: { name: 'istio-egress', version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeActionProvider: {
        codeActionKinds: [
          CodeActionKind.QuickFix,
          ...codeActionKinds.filter((kind) => kind !== CodeActionKind.QuickFix),
        ],
      },
      completionProvider: { triggerCharacters: [' ', '/', ':'] },
      hoverProvider: true,
      codeLensProvider: { resolveProvider: true },
      inlayHintProvider: true,
      documentSymbolProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

async function registerWatchers(connection: Connection, params: InitializeParams): Promise<void> {
  if (!params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [
      { globPattern: '**/*.{yaml,yml,json,tpl}' },
      { globPattern: '**/Kustomization' },
      { globPattern: '**/.istio-egress.{yaml,yml}' },
    ],
  });
}

/** Asks for the settings of the whole and of each folder, those that are about to come too; false where the client cannot be asked. */
async function pullSettings(
  connection: Connection,
  session: Session,
  { capabilities }: InitializeParams,
  coming: readonly string[] = [],
): Promise<boolean> {
  if (!capabilities.workspace?.configuration) return false;
  const uris = [...new Set([...session.folderUris, ...coming.map(folderUri)])];
  const [whole, ...each] = (await connection.workspace.getConfiguration([
    { section: configurationSection },
    ...uris.map((scopeUri) => ({ scopeUri, section: configurationSection })),
  ])) as readonly unknown[];
  session.setClientSettings(
    readClientSettings(whole),
    new Map(uris.map((uri, at) => [uri, readClientSettings(each[at])])),
  );
  return true;
}
