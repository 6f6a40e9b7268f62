// A name with more targets or references than an editor lists: the first ones are answered, and the user is told how many there are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationToken } from 'vscode-languageserver';
import { definition } from '../../../server/src/lsp/handlers/definition.ts';
import { references } from '../../../server/src/lsp/handlers/references.ts';
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
  const { session } = started(files, undefined, (text) => told.push(text));
  await session.start(['file:///w']);
  const atHost = { textDocument: { uri: 'file:///w/routes.yaml' }, position: { line: 4, character: 12 } };
  return { session, told, atHost };
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
