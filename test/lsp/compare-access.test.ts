// What the files open and close compared with a revision, the cluster, or themselves before an edit, as an editor asks for it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { CodeLens } from 'vscode-languageserver-types';
import type { ClusterParams } from '../../server/src/lsp/protocol/cluster.ts';
import type {
  ApplyEffectResult,
  CompareAccessResult,
  EditEffectResult,
  RevisionsResult,
} from '../../server/src/lsp/protocol/compare.ts';
import type { Unanswerable } from '../../server/src/lsp/protocol/shared.ts';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, story, uriOf, read } = await serverOnStory('compare');
const uri = uriOf('authorization-policy.yaml');
const policy = read('authorization-policy.yaml');
const wider = policy.replace('[default/curl]', '[default/curl, default/batch]');

function git(...args: string[]): void {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const { status, stderr } = spawnSync('git', [...author, ...args], { cwd: story, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

const compare = (params: object) =>
  client.connection.sendRequest<CompareAccessResult & Unanswerable>('istioEgress/compareAccess', { uri, ...params });
const effectOf = async () =>
  (await client.connection.sendRequest<EditEffectResult>('istioEgress/editEffect', { uri })).effects;
const lenses = async () => {
  const all = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  return all.flatMap(({ command, range }) => (command ? [`${range.start.line} ${command.title}`] : []));
};

test('an edit says what it opens until it is taken back, whatever is saved meanwhile; comments say nothing', async () => {
  await client.open(uri, policy);
  assert.deepEqual([await effectOf(), await lenses()], [[], []]);
  await client.change(uri, 2, [{ text: `# Reviewed.\n${policy}` }]);
  assert.deepEqual([await effectOf(), await lenses()], [[], []]);
  await client.change(uri, 3, [{ text: wider }]);
  assert.deepEqual(await effectOf(), ['opens httpbin.org:80 to default/batch']);
  assert.deepEqual(await lenses(), ['2 This edit opens httpbin.org:80 to default/batch']);
  await client.change(uri, 4, [{ text: `# Reviewed.\n# Twice.\n${wider}` }]);
  assert.deepEqual(await lenses(), ['4 This edit opens httpbin.org:80 to default/batch'], 'it moves with its resource');
  const { opened, markdown } = await compare({ base: 'opened' });
  assert.equal(opened, 1);
  assert.match(markdown, /^# Access: the files as they were opened compared with the files\n/);
  assert.match(markdown, /\| opened \| httpbin\.org:80 \| default\/batch \| denied → GET through waypoint/);
  await client.change(uri, 4, [{ text: '' }]);
  assert.deepEqual(await effectOf(), ['opens httpbin.org:80 to all clients']);
  await client.change(uri, 5, [{ text: policy }]);
  assert.deepEqual(await effectOf(), []);
});

test('revisions are those of git, only where the workspace is trusted', async () => {
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=story');
  git('branch', 'release');
  const revisions = async () =>
    (await client.connection.sendRequest<RevisionsResult>('istioEgress/revisions', { uri })).revisions;
  assert.deepEqual(await revisions(), []);
  assert.match((await compare({ base: 'revision', revision: 'HEAD' })).problem, /only in a trusted workspace/);
  await client.connection.sendNotification('istioEgress/trust');
  assert.deepEqual((await revisions()).toSorted(), ['HEAD', 'main', 'release']);
  assert.deepEqual((await compare({ base: 'revision', revision: 'release' })).opened, 0);
  await client.change(uri, 6, [{ text: wider }]);
  const found = await compare({ base: 'revision', revision: 'HEAD' });
  assert.deepEqual([found.opened, found.closed, found.changed], [1, 0, 0]);
  await client.change(uri, 7, [{ text: policy }]);
  assert.match((await compare({ base: 'revision', revision: '--output=x' })).problem, /git does not know --output=x/);
});

test('the cluster: compared with the files, and with what is applied to it', async () => {
  assert.match((await compare({ base: 'cluster' })).problem, /No cluster was read/);
  const apply = (context: string, texts: readonly string[]) =>
    client.connection.sendRequest<ApplyEffectResult>('istioEgress/applyEffect', { context, texts });
  assert.deepEqual(await apply('kind', [policy]), { known: false, effects: [] });
  const entry = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { namespace: 'common-infrastructure', name: 'httpbin' },
    spec: { hosts: ['httpbin.org'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DNS' },
  };
  const cluster: ClusterParams['cluster'] = {
    context: 'kind',
    objects: [{ kind: 'ServiceEntry', ...entry.metadata, object: entry }],
    complete: ['ServiceEntry', 'Gateway', 'Namespace', 'AuthorizationPolicy'],
    controlPlane: { namespace: 'istio-system', version: '1.30.1' },
  };
  await client.connection.sendNotification('istioEgress/cluster', { cluster } satisfies ClusterParams);
  assert.deepEqual((await apply('other', [policy])).known, false);
  const second = JSON.stringify({
    ...entry,
    metadata: { ...entry.metadata, name: 'api' },
    spec: { ...entry.spec, hosts: ['api.example.com'] },
  });
  const { known, effects } = await apply('kind', [second]);
  assert.deepEqual([known, effects], [true, ['opens api.example.com:443 to all clients']]);
  assert.ok((await compare({ base: 'cluster' })).closed > 0);
  await client.connection.sendNotification('istioEgress/cluster', { cluster: null } satisfies ClusterParams);
});
