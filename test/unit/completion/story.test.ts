// Completion over the story: with a word taken away, the word is among what is offered, and what is inserted is read as promised.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { manifestChoices } from '../../../server/src/features/completion/complete.ts';
import { splitDocuments } from '../../../server/src/yaml/chunks.ts';
import type { YamlNode, YamlScalar } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const files = new Map(
  readdirSync('examples')
    .filter((name) => name.endsWith('.yaml') && !name.includes('egress-test'))
    .map((name) => [`file:///story/${name}`, readFileSync(`examples/${name}`, 'utf8')]),
);
const workspace = newWorkspace();
for (const [uri, text] of files) workspace.setFile(uri, text);
workspace.refresh();

interface Word {
  readonly scalar: YamlScalar;
  readonly path: string;
  readonly isKey: boolean;
}

function* words(node: YamlNode, path: string): Generator<Word> {
  if (node.kind === 'scalar') yield { scalar: node, path, isKey: false };
  else if (node.kind === 'seq') for (const item of node.items) yield* words(item, path);
  else
    for (const { key, value } of node.entries) {
      const below = path === '' ? String(key.value) : `${path}.${key.value}`;
      yield { scalar: key, path: below, isKey: true };
      yield* words(value, below);
    }
}

/** Names that a person gives, and kinds whose schemas are Kubernetes' own. */
const isFree = (uri: string, { path, isKey }: Word): boolean =>
  !isKey && (path === 'metadata.name' || /^spec\.(hosts|listeners\.name)$/.test(path) || uri.endsWith('client.yaml'));

for (const [uri, text] of files)
  test(`every word of ${uri.split('/').at(-1)} is offered where it stands`, () => {
    const missing: string[] = [];
    let tried = 0;
    for (const { start, text: document } of splitDocuments(text)) {
      const { root } = parseDocument(document);
      if (!root || /^kind: Deployment/m.test(document)) continue;
      for (const word of words(root, '')) {
        if (isFree(uri, word)) continue;
        tried++;
        const from = start + word.scalar.span.start;
        const to = word.isKey ? text.indexOf('\n', from) : start + word.scalar.span.end;
        const without = text.slice(0, from) + text.slice(to);
        const { choices } = manifestChoices({ workspace, uri, text: without, offset: from });
        const choice = choices.find(({ label }) => label === String(word.scalar.value));
        if (!choice) {
          missing.push(word.path);
          continue;
        }
        const after = applyEdits(without, [{ span: choice.replace, newText: choice.newText }, ...(choice.also ?? [])]);
        // What stood below a key that went has lost its place.
        if (word.isKey && !/^[^\n]*: ?\S/.test(text.slice(from))) continue;
        for (const chunk of splitDocuments(after)) assert.deepEqual(parseDocument(chunk.text).errors, [], after);
      }
    }
    assert.deepEqual(missing, []);
    assert.ok(tried > 0 || uri.endsWith('client.yaml'));
  });
