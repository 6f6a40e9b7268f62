// The Egress Map's own parts that need no editor: its messages take what the server sends, its sources, what a selection stands for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf, drawnOf, placeOf } from '../../../client/src/webviews/egress-map/page/drawn.ts';
import { selectionOf } from '../../../client/src/webviews/egress-map/page/selection.ts';
import { sourcesOf, statusOf } from '../../../client/src/webviews/egress-map/page/sources.ts';
import { initialState } from '../../../client/src/webviews/egress-map/page/state.ts';
import { egressMapProtocol, type MapGraph, type Place } from '../../../client/src/webviews/egress-map/protocol.ts';
import { egressGraph } from '../../../server/src/features/egress-graph.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const files = `apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: shop }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress }
spec:
  hosts: [api.example.com]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: DNS
`;

const start = { line: 0, character: 0 };

function graphOf(text: string): MapGraph {
  const { mesh, find } = meshFromYaml(text);
  const at = (resource: Place['resource']): Place => ({
    uri: 'file:///a.yaml',
    range: { start, end: start },
    resource,
  });
  const entry = find('ServiceEntry', 'api');
  return egressGraph<Place>(mesh, {
    place: ({ resource: { kind, namespace, name } }) => at({ kind, namespace, name }),
    findings: [
      {
        rule: 'r',
        severity: 'warning',
        message: 'm',
        uri: '',
        span: { start: 0, end: 0 },
        range: { start, end: start },
        document: 0,
        resource: { id: entry.id, kind: 'ServiceEntry', namespace: 'egress', name: 'api' },
        related: [],
        data: undefined,
      },
    ],
    placeOfFinding: () => at(null),
  });
}

const folder = (graph: MapGraph) => ({ uri: 'file:///work', name: 'work', graph });

test('the page takes what the server sends', () => {
  const map = { folders: [folder(graphOf(files))], cluster: { context: 'kind', graph: graphOf(files) } };
  assert.deepEqual(egressMapProtocol.toPage.map(JSON.parse(JSON.stringify(map)), ''), map);
});

test('files, cluster, and the difference of both', () => {
  const graph = graphOf(files);
  const named = (data: Parameters<typeof sourcesOf>[0]) => sourcesOf(data).map(({ id, name }) => `${id}: ${name}`);
  assert.deepEqual(named({ folders: [folder(graph)], cluster: null }), ['folder:file:///work: Workspace']);
  assert.deepEqual(named({ folders: [folder(graph)], cluster: { context: 'kind', graph } }), [
    'folder:file:///work: Workspace',
    'cluster: Cluster kind',
    'difference: Difference of files and cluster',
  ]);
  const anywhere = { ...graph, hosts: [{ ...graph.hosts[0]!, host: '*' }] };
  const none = { uri: '', name: '', graph: anywhere };
  assert.deepEqual(named({ folders: [none, folder(graph)], cluster: null }), ['folder:file:///work: Workspace']);
  const same = sourcesOf({ folders: [folder(graph)], cluster: { context: 'kind', graph } })[2]!;
  assert.equal(
    statusOf(same.graph, same.graph, same.empty),
    'Files and cluster do not differ in what leaves the mesh.',
  );
  const other = graphOf(files.replace('api.example.com', 'b.example.com'));
  const difference = sourcesOf({ folders: [folder(graph)], cluster: { context: 'kind', graph: other } })[2]!.graph;
  assert.deepEqual([...new Set(difference.edges.map(({ host, change }) => `${host} ${change?.what}`))].sort(), [
    'host:api.example.com added',
    'host:b.example.com removed',
  ]);
});

test('a client, a host and a line stand for their connections', () => {
  const graph = graphOf(files);
  const drawn = drawnOf(graph, initialState);
  const shown = (card: string, row?: string) => {
    const selection = selectionOf(drawn.scene, { kind: 'card', card, row });
    const content = selection && contentOf(drawn, selection);
    return content && [content.title, content.edges.length, content.findings.length];
  };
  assert.deepEqual(shown('hosts:host:api.example.com'), ['api.example.com', 3, 1]);
  assert.deepEqual(shown('hosts:host:api.example.com', 'host:api.example.com 443'), [
    'api.example.com · 443 TLS',
    3,
    1,
  ]);
  assert.deepEqual(shown('clients:shop', 'client:shop/web'), ['shop · web', 1, 0]);
  assert.equal(shown('clients:gone'), undefined);
  const host = placeOf(drawn, { kind: 'card', card: 'hosts:host:api.example.com', row: undefined });
  assert.equal(host?.resource?.name, 'api');
  const [link] = drawn.scene.links;
  assert.equal(placeOf(drawn, { kind: 'link', link: link!.id })?.resource?.kind, 'ServiceEntry');
});

test('the line above the map says what is there, and that something is filtered', () => {
  const graph = graphOf(files);
  assert.match(statusOf(graph, graph), /^3 clients, \d gateways?, 1 host$/);
  assert.match(statusOf({ ...graph, edges: graph.edges.slice(1) }, graph), /filtered$/);
  assert.equal(statusOf({ ...graph, edges: [] }, graph), 'No connection fits the filter.');
  assert.match(statusOf({ ...graph, edges: [] }, { ...graph, edges: [] }), /^Nothing to draw: no ServiceEntry/);
});
