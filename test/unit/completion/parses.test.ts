// A keystroke in a long file costs one reading of the document around it, and so does each question right after it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifestChoices } from '../../../server/src/features/completion/complete.ts';
import { hoverAt } from '../../../server/src/features/hover.ts';
import type { FixHost } from '../../../server/src/engine/apply-fix.ts';
import { callsOf } from '../../kit/count-calls.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const uri = 'file:///long.yaml';

const entry = (i: number) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: api-${i}
  namespace: team
spec:
  hosts:
  - host-${i}.example.com
  ports:
  - number: 443
    name: tls
    protocol: TLS
  resolution: DNS
`;
const text = Array.from({ length: 150 }, (_, i) => entry(i)).join('---\n');
const edited = text.replace('- host-75.example.com\n', '- host-75.example.com #\n');

const workspace = newWorkspace();
workspace.setFile(uri, text);
workspace.refresh();
const host: FixHost = {
  textOf: () => edited,
  exists: () => true,
  documentAt: (document) => workspace.documentAt(document),
};
const offset = edited.indexOf('  resolution', edited.indexOf('host-75')) + '  resolu'.length;

const parses = (run: () => void) => callsOf('yaml/parse.ts', 'parseDocument', run);

test('the calls are counted', async () => {
  assert.equal(await parses(() => newWorkspace().setFile(uri, text)), 150);
});

test('an edit reads the edited document, and the rules read none', async () => {
  assert.ok(edited.split('\n').length > 2000);
  assert.equal(await parses(() => workspace.setFile(uri, edited, {}, text)), 1);
  assert.equal(await parses(() => workspace.refresh()), 0);
});

test('completion and hover read the document that the cursor is in', async () => {
  const complete = () => assert.ok(manifestChoices({ workspace, uri, text: edited, offset }).choices.length > 0);
  const hover = () => {
    assert.ok(hoverAt({ workspace, host, uri, offset, pages: new Map(), pageUri: () => undefined }));
  };
  assert.equal(await parses(complete), 1);
  assert.equal(await parses(hover), 1);
});
