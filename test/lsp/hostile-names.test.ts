// What an editor shows of manifests whose names act on what shows them: diagnostics, hovers, lenses, symbols, completion, actions, messages.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, test } from 'node:test';
import { writeFiles } from '../kit/cli.ts';
import { assertVisible, hostileFiles } from '../kit/hostile-names.ts';
import { LspClient } from '../kit/lsp-client.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-hostile-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** Texts of files, and what only programs read. */
const unseen: ReadonlySet<string> = new Set([
  'newText',
  'uri',
  'data',
  'arguments',
  'filterText',
  'sortText',
  'placeholder',
  'href',
]);

function assertShown(value: unknown, what: string): void {
  if (typeof value === 'string') assertVisible(value, `${what}: ${JSON.stringify(value).slice(0, 300)}`);
  else if (Array.isArray(value)) value.forEach((one) => assertShown(one, what));
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) if (!unseen.has(key)) assertShown(one, `${what}.${key}`);
}

const atPlace = ['hover', 'completion', 'definition', 'prepareCallHierarchy', 'documentHighlight'];
const inFile = ['documentSymbol', 'codeLens', 'documentLink', 'foldingRange'];

async function looksAt(client: LspClient, uri: string, text: string): Promise<number> {
  let answers = 0;
  const ask = async (method: string, params: object) => {
    const answer: unknown = await client.connection.sendRequest(method, params);
    assertShown(answer, method);
    if (answer !== null && !(Array.isArray(answer) && answer.length === 0)) answers++;
    return answer;
  };
  const textDocument = { uri };
  for (const name of inFile) {
    const answer = await ask(`textDocument/${name}`, { textDocument });
    if (name === 'codeLens') for (const lens of answer as object[]) await ask('codeLens/resolve', lens);
  }
  const lines = text.split('\n');
  const range = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  await ask('textDocument/inlayHint', { textDocument, range });
  await ask('textDocument/codeAction', { textDocument, range, context: { diagnostics: client.diagnostics(uri) } });
  for (const [line, written] of lines.entries()) {
    const position = { line, character: Math.max(0, written.search(/[^\s"]"?,?$/)) };
    for (const name of atPlace) {
      const answer = await ask(`textDocument/${name}`, { textDocument, position });
      if (name === 'prepareCallHierarchy')
        for (const item of (answer ?? []) as object[])
          for (const way of ['incomingCalls', 'outgoingCalls']) await ask(`callHierarchy/${way}`, { item });
    }
  }
  return answers;
}

for (const seed of [1, 2, 3])
  test(`an editor shows names of seed ${seed} as texts`, { timeout: 120_000 }, async () => {
    const folder = join(dir, String(seed));
    const files = hostileFiles(seed);
    writeFiles(folder, files);
    const client = await LspClient.start({ folders: [pathToFileURL(folder).href] });
    try {
      let answers = 0;
      for (const [path, text] of Object.entries(files)) {
        const uri = pathToFileURL(join(folder, path)).href;
        await client.open(uri, text);
        answers += await looksAt(client, uri, text);
      }
      assertShown(await client.connection.sendRequest('workspace/symbol', { query: '' }), 'workspace/symbol');
      for (const { diagnostics } of client.published) assertShown(diagnostics, 'diagnostics');
      for (const message of client.messages) assertVisible(message, 'messages');
      assert.ok(answers > 100, `${answers} answers`);
      assert.ok(client.published.some(({ diagnostics }) => diagnostics.length > 0));
    } finally {
      await client.stop();
    }
  });
