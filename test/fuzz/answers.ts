// Everything that an editor shows without being asked for it, in a form that compares.
import type { MapResult } from '../../server/src/lsp/protocol/map.ts';
import type { FuzzServer } from './server.ts';

interface Answers {
  readonly diagnostics: Readonly<Record<string, unknown>>;
  readonly lenses: Readonly<Record<string, unknown>>;
  readonly symbols: Readonly<Record<string, unknown>>;
  readonly hints: Readonly<Record<string, unknown>>;
  readonly workspaceSymbols: unknown;
  readonly map: unknown;
}

const whole = { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } };

export async function answersOf(server: FuzzServer, uris: readonly string[]): Promise<Answers> {
  await quiet(server);
  const { connection, published } = server;
  const ofEach = async (ask: (uri: string) => Promise<unknown>) =>
    Object.fromEntries(await Promise.all(uris.map(async (uri) => [uri, await ask(uri)] as const)));
  const lenses = async (uri: string) =>
    Promise.all(
      (await connection.sendRequest<object[]>('textDocument/codeLens', { textDocument: { uri } }))
        // What an edit opens depends on the text that was opened.
        .filter((lens) => !('command' in lens))
        .map((lens) => connection.sendRequest('codeLens/resolve', lens)),
    );
  return {
    diagnostics: Object.fromEntries(
      [...published].filter(([, found]) => found.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    lenses: await ofEach(lenses),
    symbols: await ofEach((uri) => connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } })),
    hints: await ofEach((uri) =>
      connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range: whole }),
    ),
    workspaceSymbols: await connection.sendRequest('workspace/symbol', { query: '' }),
    map: withoutAside(await connection.sendRequest<MapResult>('istioEgress/map')),
  };
}

/** Files outside every folder have a place of their own from the first question about one. */
function withoutAside(map: MapResult): MapResult {
  return { ...map, folders: map.folders.filter(({ uri }) => uri !== '') };
}

/** Until nothing comes any more: rules may still run in the background. */
async function quiet({ connection, received }: FuzzServer): Promise<void> {
  for (let still = 0, before = -1; still < 3; ) {
    await connection.sendRequest('istioEgress/map');
    for (let turn = 0; turn < 10; turn++) await new Promise((resume) => setImmediate(resume));
    still = received() === before ? still + 1 : 0;
    before = received();
  }
}
