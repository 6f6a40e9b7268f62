// Folding, selection, links, tokens, symbols of the workspace and the dash behind Enter.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { dashAfterEnter } from '../../../server/src/features/completion/dash-after-enter.ts';
import { documentLinks } from '../../../server/src/features/document-links.ts';
import { foldingSpans, foldingSpansInSteps, selectionSpans } from '../../../server/src/features/folding.ts';
import { semanticTokens, semanticTokensInSteps } from '../../../server/src/features/semantic-tokens.ts';
import { workspaceSymbols } from '../../../server/src/features/workspace-symbols.ts';
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
    documentLinks('file:///a/kustomization.yaml', text, (id) => id === 'unknown-waypoint').map(({ to }) => to),
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
