// New Egress Route over the wire: a question at a time, then the files with what they do, which the server then reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewRouteResult } from '../../server/src/lsp/protocol/new-route.ts';
import type { TraceResult } from '../../server/src/lsp/protocol/egress.ts';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, uriOf } = await serverOnStory('new-route');

const ask = (answers: Readonly<Record<string, string>>, uri: string | null = null) =>
  client.connection.sendRequest<NewRouteResult & { readonly problem?: string }>('istioEgress/newRoute', {
    uri,
    answers,
  });

test('question by question to the files, whose trace is the one that was shown', async () => {
  const given: Readonly<Record<string, string>> = {
    host: 'api.partner.example',
    tls: 'originate',
    callers: 'default/curl',
    methods: 'GET',
  };
  let answers: Record<string, string> = {};
  const asked: string[] = [];
  let result = await ask(answers);
  while (result.question) {
    const { name, value } = result.question;
    asked.push(name);
    answers = { ...answers, [name]: given[name] ?? value };
    result = await ask(answers);
  }
  assert.deepEqual(asked, ['host', 'tls', 'port', 'callers', 'methods', 'paths', 'gateway', 'log']);
  const { plan } = result;
  assert.ok(plan);
  assert.deepEqual(
    plan.files.map(({ uri, isNew, before }) => [uri, isNew, before]),
    ['service-entry', 'destination-rule', 'authorization-policy'].map((kind) => [
      uriOf(`api-partner-example-${kind}.yaml`),
      true,
      '',
    ]),
  );
  const [request] = plan.requests;
  assert.ok(request?.isAsAsked);
  assert.deepEqual([request.method, request.url, request.from], ['GET', 'http://api.partner.example/', 'default/curl']);
  for (const { uri, after } of plan.files) await client.open(uri, after);
  const { url, from, method } = request;
  const found = await client.connection.sendRequest<TraceResult>('istioEgress/trace', { uri: null, url, from, method });
  assert.deepEqual(found, request.trace);
});

test('a wrong answer is asked again with the reason, a host that is there is a problem', async () => {
  const { question } = await ask({ host: '10.0.0.1' });
  assert.equal(question?.name, 'host');
  assert.match(question.problem ?? '', /give the DNS name/);
  const whole = { host: 'httpbin.org', tls: 'plain', port: '80', callers: '*', methods: '*', paths: '*', log: 'no' };
  const gateway = 'common-infrastructure/egress-gateway';
  assert.match(
    (await ask({ ...whole, gateway }, uriOf('waypoint.yaml'))).problem ?? '',
    /already declares httpbin\.org/,
  );
});
