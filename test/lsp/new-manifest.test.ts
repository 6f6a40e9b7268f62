// New Manifest over the wire: offers, a question at a time, and a file that the server then reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewManifestResult, TemplatesResult } from '../../server/src/lsp/protocol/templates.ts';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, uriOf } = await serverOnStory('new-manifest');
const uri = uriOf('service-entry.yaml');

type Answer = NewManifestResult | { readonly problem: string };

function ask(id: string, answers: Readonly<Record<string, string>>): Promise<Answer> {
  return client.connection.sendRequest('istioEgress/newManifest', { uri, id, answers });
}

test('a manifest is asked for a place at a time, and its only finding is that no policy restricts its host yet', async () => {
  const { offers } = await client.connection.sendRequest<TemplatesResult>('istioEgress/templates', { uri });
  const { id } = offers.find(({ id: one }) => one === 'service-entry-http-to-https')!;
  const answers: Record<string, string> = {};
  let answer = await ask(id, answers);
  while (!('problem' in answer) && answer.question) {
    const { place, value } = answer.question;
    answers[place] = place === 'host' ? 'news.example.org' : value;
    answer = await ask(id, answers);
  }
  assert.ok('text' in answer);
  assert.match(answer.text, /news\.example\.org/);
  assert.ok(Object.keys(answers).length > 1, JSON.stringify(answers));
  const written = uriOf('news.yaml');
  await client.open(written, answer.text);
  const found = await client.publishedFor(written, 1);
  assert.deepEqual(
    found.map(({ code }) => code),
    ['unrestricted-egress-host'],
  );
});

test('what nobody offers is answered with the reason', async () => {
  assert.ok('problem' in (await ask('nothing-like-this', {})));
});
