// New Manifest, answered with what it proposes: every template writes a file that gives no finding beside the mesh.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn } from '../../../server/src/features/templates/fill.ts';
import { newManifest, type NewManifest, type Question } from '../../../server/src/features/templates/new-manifest.ts';
import { templateNamed, templates } from '../../../server/src/features/templates/templates.ts';
import { valueProblem } from '../../../server/src/features/templates/valid-values.ts';
import { splitDocuments } from '../../../server/src/yaml/chunks.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const uri = 'file:///mesh/egress.yaml';

function workspaceOf(texts: readonly string[]): ReturnType<typeof newWorkspace> {
  const workspace = newWorkspace();
  workspace.setFile(uri, texts.join('---\n'));
  workspace.refresh();
  return workspace;
}

/** Takes the proposed answer to each question. */
function answered(workspace: ReturnType<typeof newWorkspace>, id: string) {
  const answers: Record<string, string> = {};
  const asked: Question[] = [];
  for (;;) {
    const manifest: NewManifest | undefined = newManifest(workspace, uri, id, answers);
    assert.ok(manifest, `${id} is offered`);
    if (!manifest.question) return { manifest, asked };
    assert.equal(manifest.question.problem, null, JSON.stringify(answers));
    assert.ok(!(manifest.question.place in answers), 'each place is asked for once');
    asked.push(manifest.question);
    answers[manifest.question.place] = manifest.question.value;
  }
}

const base = [fillIn(templateNamed('egress-namespace')!, {})];
/** Without the DestinationRule, which several templates are there to write. */
const [plainEntry = '', rule = ''] = splitDocuments(fillIn(templateNamed('service-entry-http-to-https')!, {})).map(
  ({ text }) => text,
);
const writesTls = /^(destination-rule|backend-tls)/;

for (const template of templates)
  test(`${template.id}: the proposed answers give a file without findings`, () => {
    const needsEntry = template.asks.includes('entry') || writesTls.test(template.id);
    const entry = needsEntry ? [writesTls.test(template.id) ? plainEntry : plainEntry + rule] : [];
    // The way of sidecars is reported in a namespace in ambient mode.
    const workspace = workspaceOf([...(template.id === 'classic-egress-gateway' ? [] : base), ...entry]);
    const before = workspace.findings(uri).map(({ message }) => message);
    const { manifest, asked } = answered(workspace, template.id);
    assert.deepEqual(
      asked.map(({ place }) => place),
      template.asks,
    );
    workspace.setFile('file:///mesh/new.yaml', manifest.text);
    workspace.refresh();
    const found = [...workspace.uris].flatMap((one) => workspace.findings(one));
    assert.deepEqual(
      found.filter(({ message }) => !before.includes(message)).map(({ rule: id, message }) => `${id}: ${message}`),
      [],
      manifest.text,
    );
    assert.match(manifest.fileName, /^[a-z0-9][a-z0-9.-]*$/);
  });

test('choices come from the mesh, and the name follows from what is chosen', () => {
  const workspace = workspaceOf([...base, plainEntry.replaceAll('httpbin', 'bank'), plainEntry]);
  const { question } = newManifest(workspace, uri, 'authorization-policy-service-entry', {
    namespace: 'common-infrastructure',
  })!;
  assert.deepEqual(
    question?.choices.map(({ value, detail }) => [value, detail]),
    [
      ['bank', 'ServiceEntry common-infrastructure/bank'],
      ['httpbin', 'ServiceEntry common-infrastructure/httpbin'],
    ],
  );
  const { text, fileName } = newManifest(workspace, uri, 'authorization-policy-service-entry', {
    namespace: 'common-infrastructure',
    entry: 'bank',
    account: 'shop/web',
  })!;
  assert.match(text, /name: bank\n {2}namespace: common-infrastructure/);
  assert.match(text, /- shop\/web/);
  assert.equal(fileName, 'bank-authorization-policy-service-entry');
});

test('a value that cannot stand there is asked for again, with what is wrong', () => {
  const { question } = newManifest(workspaceOf(base), uri, 'service-entry-tcp', {
    namespace: 'common-infrastructure',
    host: '10.0.0.1: {}',
  })!;
  assert.equal(question?.place, 'host');
  assert.match(
    question?.problem ?? '',
    /"10\.0\.0\.1: \{\}" is not valid here\. External host: for example api\.example\.com/,
  );
});

test('a need asks for nothing that it knows, and is gone once it is met', () => {
  const workspace = workspaceOf([...base, plainEntry]);
  const id = 'tls-origination common-infrastructure httpbin.org';
  const manifest = newManifest(workspace, uri, id, {})!;
  assert.equal(manifest.question, null);
  assert.match(manifest.text, /^kind: DestinationRule$/m);
  workspace.setFile('file:///mesh/new.yaml', manifest.text);
  workspace.refresh();
  assert.equal(newManifest(workspace, uri, id, {}), undefined);
  const policy = newManifest(workspace, uri, 'policy common-infrastructure/httpbin', {})!;
  assert.equal(policy.question?.place, 'account');
});

const values: readonly (readonly [Parameters<typeof valueProblem>[0], readonly string[], readonly string[]])[] = [
  ['host', ['api.example.com', 'localhost'], ['', '*.example.com', '10.0.0.1', 'a b', 'x: y', "'"]],
  ['wildcard', ['*.example.com'], ['example.com', '*', '*example.com', '*.']],
  ['account', ['ns/name'], ['name', 'a/b/c', 'ns/', 'ns/*']],
  ['port', ['1', '65535'], ['0', '65536', 'http', '8 0']],
  ['address', ['192.0.2.1', '2001:db8::1'], ['example.com', '192.0.2.0/24']],
  ['timeout', ['10s', '1m30s', '500ms'], ['10', '-1s', '1d']],
  ['namespace', ['a-b'], ['A', 'a_b', '', 'true: x']],
];
for (const [place, good, bad] of values)
  test(`values of ${place}`, () => {
    assert.deepEqual(
      good.filter((value) => valueProblem(place, value) !== undefined),
      [],
    );
    assert.deepEqual(
      bad.filter((value) => valueProblem(place, value) === undefined),
      [],
    );
  });
