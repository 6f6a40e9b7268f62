// Definitions, references and highlights over the story: each row of the table that it uses leads somewhere.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { definitionAt } from '../../../server/src/features/navigation/definition.ts';
import { placesNaming, subjectAt } from '../../../server/src/features/navigation/references.ts';
import { namesIn } from '../../../server/src/features/navigation/situations.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const files = new Map(
  readdirSync('examples')
    .filter((name) => name.endsWith('.yaml') && !name.includes('egress-test'))
    .map((name) => [`file:///story/${name}`, readFileSync(`examples/${name}`, 'utf8')]),
);
const workspace = newWorkspace();
for (const [uri, text] of files) workspace.setFile(uri, text);
workspace.refresh();
const host = { textOf: (uri: string) => files.get(uri) };
const storyFile = (name: string) => ({ workspace, host, uri: `file:///story/${name}` });
const offsetIn = (name: string, before: string): number => {
  const at = files.get(`file:///story/${name}`)!.indexOf(before);
  assert.ok(at >= 0, `${before} is in ${name}`);
  return at + before.length;
};

const definitions: readonly (readonly [file: string, before: string, leadsTo: readonly string[]])[] = [
  ['destination-rule.yaml', 'host: httpbin', ['ServiceEntry common-infrastructure/httpbin']],
  ['namespace.yaml', 'istio.io/use-waypoint: egress', ['Gateway common-infrastructure/egress-gateway']],
  ['authorization-policy.yaml', 'name: httpbin', ['AuthorizationPolicy common-infrastructure/httpbin']],
];
for (const [file, before, leadsTo] of definitions)
  test(`${file}: ${before}`, () => {
    const found = definitionAt(storyFile(file), offsetIn(file, before));
    assert.deepEqual(
      found?.declarations.map(({ resource }) => `${resource.kind} ${resource.namespace}/${resource.name}`),
      leadsTo,
    );
  });

test('the host is found in every file that names it', () => {
  const from = storyFile('service-entry.yaml');
  const subject = subjectAt(from, offsetIn('service-entry.yaml', '- httpbin.o'));
  assert.ok(subject);
  const found = [...placesNaming(from, subject.entities)].map(({ uri, span }) => [
    uri.split('/').at(-1),
    files.get(uri)!.slice(span.start, span.end),
  ]);
  assert.deepEqual(
    found.filter(([, text]) => text !== 'httpbin.org'),
    [],
  );
  assert.deepEqual(new Set(found.map(([file]) => file)), new Set(['destination-rule.yaml', 'service-entry.yaml']));
});

test('every piece that names something is letter for letter in the text', () => {
  for (const uri of files.keys())
    for (const { span } of namesIn({ workspace, host, uri })) assert.ok(span.end > span.start);
});
