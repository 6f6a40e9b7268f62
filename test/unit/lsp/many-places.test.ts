// More targets, references, highlights or links than an editor is sent: the first ones are answered, and the user or the log is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationToken } from 'vscode-languageserver';
import { definition } from '../../../server/src/lsp/handlers/definition.ts';
import { documentLink } from '../../../server/src/lsp/handlers/document-structure.ts';
import { documentHighlight, references } from '../../../server/src/lsp/handlers/references.ts';
import { started } from './session-kit.ts';

const host = 'api.example.com';
const several = (count: number, one: (at: number) => string) => Array.from({ length: count }, (_, at) => one(at));
const entry = (at: number) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e${at}, namespace: shop }\nspec: { hosts: [${host}] }\n`;
/** Each route names the host once more. */
const routes = (count: number) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: v, namespace: shop }\nspec:\n  hosts: [${host}]\n  http:\n  - route:\n${several(count, () => `    - destination: { host: ${host} }\n`).join('')}`;

async function sessionOn(entries: number, destinations: number) {
  const told: string[] = [];
  const files = { '/w/entries.yaml': several(entries, entry).join('---\n'), '/w/routes.yaml': routes(destinations) };
  const { session, events } = started(files, undefined, (text) => told.push(text));
  await session.start(['file:///w']);
  const atHost = { textDocument: { uri: 'file:///w/routes.yaml' }, position: { line: 4, character: 12 } };
  return { session, told, atHost, logged: () => events.filter((text) => text.startsWith('More than')) };
}

test('of more than 500 targets the first 500 are shown', async () => {
  const few = await sessionOn(500, 1);
  assert.equal(definition(few.session, few.atHost).length, 500);
  assert.deepEqual(few.told, []);
  const many = await sessionOn(501, 1);
  assert.equal(definition(many.session, many.atHost).length, 500);
  assert.deepEqual(many.told, ['Istio Egress: 501 places are the target of this name; the first 500 are shown.']);
});

test('of more than 10,000 references the first 10,000 are shown', async () => {
  const { session, told, atHost } = await sessionOn(1, 10_050);
  const wanted = { ...atHost, context: { includeDeclaration: false } };
  const found = await references(session, wanted, CancellationToken.None);
  assert.equal(found.length, 10_000);
  assert.match(told.join('\n'), /^Istio Egress: 100\d\d places refer to this name; the first 10000 are shown\.$/);
});

test('of more than 10,000 places in a file the first 10,000 are highlighted, which the log tells once', async () => {
  const few = await sessionOn(1, 9000);
  assert.ok((await documentHighlight(few.session, few.atHost, CancellationToken.None)).length > 9000);
  assert.deepEqual(few.logged(), []);
  const many = await sessionOn(1, 10_050);
  for (let asked = 0; asked < 2; asked++)
    assert.equal((await documentHighlight(many.session, many.atHost, CancellationToken.None)).length, 10_000);
  assert.deepEqual(many.logged(), [
    'More than 10000 places in file:///w/routes.yaml have this name: the first ones are highlighted.',
  ]);
});

test('of more than 10,000 texts that lead somewhere the first 10,000 are links, which the log tells once', async () => {
  const linksOf = async (count: number) => {
    const texts = { '/w/kustomization.yaml': `resources:\n${'- a.yaml\n'.repeat(count)}`, '/w/a.yaml': entry(1) };
    const { session, events } = started(texts);
    await session.start(['file:///w']);
    const asked = { textDocument: { uri: 'file:///w/kustomization.yaml' } };
    await documentLink(session, asked, CancellationToken.None);
    const links = await documentLink(session, asked, CancellationToken.None);
    return { links: links.length, logged: events.filter((text) => text.startsWith('More than')) };
  };
  assert.deepEqual(await linksOf(10_000), { links: 10_000, logged: [] });
  assert.deepEqual(await linksOf(10_001), {
    links: 10_000,
    logged: [
      'More than 10000 texts in file:///w/kustomization.yaml lead to a file or a rule: the first ones are links.',
    ],
  });
});
