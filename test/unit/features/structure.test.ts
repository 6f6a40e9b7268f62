// Folding, selection, links, tokens, symbols of the workspace and the dash behind Enter.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { drained } from '../../../server/src/base/steps.ts';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { dashAfterEnter } from '../../../server/src/features/completion/dash-after-enter.ts';
import { documentLinks } from '../../../server/src/features/document-links.ts';
import { foldingSpans, foldingSpansInSteps, selectionSpans } from '../../../server/src/features/folding.ts';
import { inlayHintsInSteps } from '../../../server/src/features/inlay-hints.ts';
import { placesByDocument } from '../../../server/src/features/navigation/references.ts';
import { writtenAt } from '../../../server/src/features/navigation/situations.ts';
import { semanticTokens, semanticTokensInSteps } from '../../../server/src/features/semantic-tokens.ts';
import { documentSymbolsInSteps } from '../../../server/src/features/symbols.ts';
import { workspaceSymbols } from '../../../server/src/features/workspace-symbols.ts';
import { callsOf } from '../../kit/count-calls.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const entry = readFileSync('examples/service-entry.yaml', 'utf8');
const uri = 'file:///story/service-entry.yaml';
const workspace = newWorkspace();
workspace.setFile(uri, entry);
workspace.refresh();

const firstLine = (text: string): string => text.split('\n')[0]!.trim();

test('documents, maps, lists and runs of comments fold', () => {
  const folds = foldingSpans(`# one\n# two\n${entry}---\na:\n- b: 1\n  c: 2\n`);
  const heads = folds.map(
    ({ span, isComment }) =>
      `${isComment ? '#' : ''}${firstLine(`# one\n# two\n${entry}---\na:\n- b: 1\n  c: 2\n`.slice(span.start))}`,
  );
  assert.ok(
    heads.includes('metadata:') && heads.includes('ports:') && heads.includes('a:') && heads.includes('b: 1'),
    heads.join(),
  );
  assert.ok(heads.some((head) => head.startsWith('#')));
});

test('foldings and tokens of a large object are made in steps', () => {
  const items = Array.from({ length: 1000 }, (_, at) => `  - h${at}.example.com`).join('\n');
  const ports = Array.from({ length: 1000 }, (_, at) => `  - number: ${at}\n    name: p${at}`).join('\n');
  const text = `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: many, namespace: x }\nspec:\n  hosts:\n${items}\n  ports:\n${ports}\n`;
  const many = 'file:///story/many.yaml';
  const large = newWorkspace();
  large.setFile(many, text);
  large.refresh();
  const stepsOf = (work: Generator<undefined, unknown>) => [...work].length;
  assert.ok(stepsOf(foldingSpansInSteps(text, (one) => one)) >= 20);
  assert.ok(stepsOf(semanticTokensInSteps({ workspace: large, host: { textOf: () => text }, uri: many })) >= 20);
});

/** One entry of so many hosts, and the text of its file. */
function manyHosts(count: number) {
  const hosts = Array.from({ length: count }, (_, at) => `  - h${at}.example.com\n`).join('');
  const text = `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: many, namespace: x }\nspec:\n  hosts:\n${hosts}`;
  const made = newWorkspace();
  made.setFile('file:///story/many.yaml', text);
  return { text, workspace: made, uri: 'file:///story/many.yaml' };
}

test('the outline is made in steps, and of very many parts it says how many it does not list', () => {
  const { text, ...many } = manyHosts(10_002);
  const [object] = drained(documentSymbolsInSteps(many.workspace, many.uri));
  assert.equal(object?.children.length, 10_001);
  const rest = object.children.at(-1)!;
  assert.equal(rest.name, '2 more');
  assert.equal(text.slice(rest.span.start, rest.span.end), 'h10000.example.com\n  - h10001.example.com');
  assert.equal(drained(documentSymbolsInSteps(workspace, uri))[0]?.children.at(-1)?.name, '80 HTTP');
  const copies = newWorkspace();
  copies.setFile(uri, Array.from({ length: 30 }, () => entry).join('---\n'));
  assert.equal([...documentSymbolsInSteps(copies, uri)].length, 30);
  assert.equal([...inlayHintsInSteps(copies, uri, { start: 0, end: 10 })].length, 30);
});

test('names of a large object are looked through in portions, and at a place only its own', async () => {
  const { text, ...many } = manyHosts(1000);
  const navigated = { ...many, host: { textOf: () => text } };
  const at = text.indexOf('h500.');
  const read = await callsOf('references/occurrences.ts', 'piecesOf', () => {
    assert.equal(writtenAt(navigated, at)[0]?.span.start, at);
  });
  assert.ok(read < 10, `${read} scalars`);
  const portions = [...placesByDocument(navigated, writtenAt(navigated, at)[0]!.entities)];
  assert.ok(portions.length >= 5);
  assert.deepEqual(
    portions.flat().map(({ span }) => span.start),
    [at],
  );
});

test('a selection grows from the word to the document', () => {
  const spans = selectionSpans(entry, entry.indexOf('httpbin.org\n') + 3).map(({ start, end }) =>
    entry.slice(start, end),
  );
  assert.equal(spans[0], 'httpbin.org');
  assert.ok(spans.some((text) => text.startsWith('hosts:')));
  assert.equal(spans.at(-1), entry);
  for (const [i, text] of spans.entries()) if (i > 0) assert.ok(text.includes(spans[i - 1]!));
});

test('a kustomization leads to its files, and a comment to the page of its rule', () => {
  const text =
    '# istio-egress-ignore: unknown-waypoint -- later\nresources:\n- entry.yaml\n- https://example.com/x\npatches:\n- path: patch.yaml\n';
  assert.deepEqual(
    [...documentLinks('file:///a/kustomization.yaml', text, (id) => id === 'unknown-waypoint')].map(({ to }) => to),
    [{ rule: 'unknown-waypoint' }, { path: 'entry.yaml' }, { path: 'patch.yaml' }],
  );
});

test('tokens say what a name is, and which host nobody has', () => {
  const rule = 'file:///story/rule.yaml';
  const text =
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: a\n  namespace: x\nspec:\n  host: nobody.example.com\n';
  workspace.setFile(rule, text);
  workspace.refresh();
  const shown = semanticTokens({ workspace, host: { textOf: () => text }, uri: rule }).map(
    ({ span, type, modifiers }) => `${text.slice(span.start, span.end)} ${type} ${modifiers.join(' ')}`.trim(),
  );
  assert.deepEqual(shown, ['a class declaration', 'x namespace', 'nobody.example.com variable unresolved']);
});

test('resources and hosts are found by letters in order', () => {
  const names = (query: string) => workspaceSymbols([workspace], query).map(({ name }) => name);
  assert.equal(names('httpbin.org')[0], 'httpbin.org');
  assert.equal(names('se/common/httpbin')[0], 'ServiceEntry/common-infrastructure/httpbin');
  assert.deepEqual(names('qqq'), []);
});

for (const [before, after] of [
  ['spec:\n  ports:\n  ‸', 'spec:\n  ports:\n  - '],
  ['spec:\n  ports:\n    ‸', 'spec:\n  ports:\n  - '],
  ['spec:\n  location:\n  ‸', 'spec:\n  location:\n  '],
] as const)
  test(`Enter behind ${JSON.stringify(before)}`, () => {
    const head = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n';
    const text = `${head}${before.replace('‸', '')}\n`;
    const offset = head.length + before.indexOf('‸');
    assert.equal(applyEdits(text, dashAfterEnter(text, offset)), `${head}${after}\n`);
  });
