// A cluster under the files, as a client gives it: maps of both sides, findings that change, and back again.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import type {
  ClusterParams,
  FileObjectsResult,
  ManifestsResult,
  PlacesResult,
} from '../../server/src/lsp/protocol/cluster.ts';
import type { EgressGraph } from '../../server/src/diagram/graph.ts';
import type { GraphResult } from '../../server/src/lsp/protocol/graph.ts';
import type { MapResult, MapSide } from '../../server/src/lsp/protocol/map.ts';
import { LspClient, root } from '../kit/lsp-client.ts';
import { until } from '../kit/until.ts';

const folder = pathToFileURL(join(root, 'examples')).href;
const command = [process.execPath, join(root, 'server/src/main-cli.ts'), 'lsp', '--stdio'];

const gateway = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { namespace: 'common-infrastructure', name: 'egress-gateway' },
  spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
};
const other = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { namespace: 'elsewhere', name: 'other' },
  spec: { hosts: ['Other.org'], resolution: 'DNS', ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] },
};
const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { namespace: '', name: 'elsewhere' } };
const cluster: NonNullable<ClusterParams['cluster']> = {
  context: 'local/a:b',
  objects: [gateway, other, home].map((object) => ({ kind: object.kind, ...object.metadata, object })),
  complete: ['ServiceEntry', 'Gateway', 'Namespace'],
  controlPlane: { namespace: 'istio-system', version: '1.30.1' },
};

const short = ({ gateways, past, unclear }: MapSide) => ({
  gateways: gateways.map(
    ({ namespace, name, hosts }) => `${namespace}/${name} ${hosts.map(({ host }) => host).join()}`,
  ),
  past: past.map(({ host }) => host),
  unclear: unclear.map(({ host }) => host),
});

test('a cluster lies under the files until it is forgotten', async () => {
  const client = await LspClient.start({ folders: [folder], command });
  const { connection } = client;
  const mapOf = async () => connection.sendRequest<MapResult>('istioEgress/map');
  try {
    const before = await mapOf();
    assert.equal(before.cluster, null);
    assert.deepEqual(
      before.folders.map(({ uri, map }) => ({ uri, ...short(map) })),
      [{ uri: folder, gateways: ['common-infrastructure/egress-gateway httpbin.org'], past: [], unclear: [] }],
    );
    const host = before.folders[0]!.map.gateways[0]!.hosts[0]!;
    assert.deepEqual(
      [host.ports[0]!.tls, host.ports[0]!.by?.resource?.kind, host.policies[0]!.action, host.callers, host.place.uri],
      ['SIMPLE', 'DestinationRule', 'ALLOW', 'policies', `${folder}/service-entry.yaml`],
    );

    await connection.sendNotification('istioEgress/cluster', { cluster } satisfies ClusterParams);
    const with_ = await mapOf();
    assert.deepEqual(short(with_.folders[0]!.map), short(before.folders[0]!.map), 'files override');
    assert.deepEqual(
      { context: with_.cluster!.context, ...short(with_.cluster!.map) },
      { context: 'local/a:b', gateways: ['common-infrastructure/egress-gateway '], past: ['other.org'], unclear: [] },
    );
    const graphs = await connection.sendRequest<GraphResult>('istioEgress/graph');
    const hostsOf = ({ hosts }: EgressGraph<unknown>) => hosts.map((one) => one.host);
    assert.deepEqual(
      [graphs.folders.map(({ graph }) => hostsOf(graph)), graphs.cluster && hostsOf(graphs.cluster.graph)],
      [[['httpbin.org']], ['other.org']],
    );
    const place = with_.cluster!.map.past[0]!.place;
    assert.equal(place.uri, 'istio-egress-cluster:/local%2Fa%3Ab/elsewhere/ServiceEntry/other.yaml');
    const { text } = await connection.sendRequest<{ text: string }>('istioEgress/clusterText', { uri: place.uri });
    assert.equal(
      text.split('\n')[place.range.start.line]!.slice(place.range.start.character, place.range.end.character),
      'other',
    );
    const access = await connection.sendRequest<{ rows: { host: string }[] }>('istioEgress/access', { uri: place.uri });
    assert.deepEqual(
      [...new Set(access.rows.map((row) => row.host))],
      ['other.org'],
      'questions about a place in the cluster are about the cluster alone',
    );

    const { places } = await connection.sendRequest<PlacesResult>('istioEgress/places', {
      objects: [gateway, other].map(({ kind, metadata }) => ({ kind, ...metadata })),
    });
    assert.deepEqual(
      places.map((one) => one?.uri),
      [`${folder}/waypoint.yaml`, place.uri],
    );

    await connection.sendNotification('istioEgress/cluster', { cluster: null } satisfies ClusterParams);
    assert.deepEqual(await mapOf(), before);
  } finally {
    await client.stop();
  }
});

test('what the cluster holds lets a rule know, and an edit takes it over', async () => {
  const client = await LspClient.start({ folders: [folder], command });
  const uri = `${folder}/waypoint.yaml`;
  const findings = (at: string) =>
    client.published
      .filter((one) => one.uri === at)
      .at(-1)
      ?.diagnostics.map(({ code }) => code) ?? [];
  // Rules that take long run in the background of requests, and publish when they are done.
  const untilFound = (isThere: boolean) =>
    until(
      () => Promise.resolve(findings(`${folder}/namespace.yaml`)),
      (codes) => (isThere ? codes.includes('unknown-waypoint') : codes.length === 0),
    );
  try {
    await client.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text: '# nothing\n' },
    });
    await client.connection.sendRequest('istioEgress/map');
    await untilFound(true);
    await client.connection.sendNotification('istioEgress/cluster', { cluster } satisfies ClusterParams);
    const {
      folders: [known],
    } = await client.connection.sendRequest<MapResult>('istioEgress/map');
    await untilFound(false);
    assert.match(known!.map.gateways[0]!.place!.uri, /^istio-egress-cluster:/);
    await client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: JSON.stringify({ ...gateway, spec: { ...gateway.spec, gatewayClassName: 'istio' } }) }],
    });
    const {
      folders: [edited],
    } = await client.connection.sendRequest<MapResult>('istioEgress/map');
    assert.deepEqual(
      edited!.map.gateways.map(({ place, className }) => [place?.uri, className]),
      [[uri, 'istio']],
    );
    await client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 3 },
      contentChanges: [{ text: '# nothing\n' }],
    });
    const {
      folders: [back],
    } = await client.connection.sendRequest<MapResult>('istioEgress/map');
    assert.match(back!.map.gateways[0]!.place!.uri, /^istio-egress-cluster:/);
    await client.connection.sendNotification('istioEgress/cluster', { cluster: null } satisfies ClusterParams);
    await client.connection.sendRequest('istioEgress/map');
    await untilFound(true);
  } finally {
    await client.stop();
  }
});

test('manifests of files, with their errors; skipped documents are listed', async () => {
  const client = await LspClient.start({ folders: [folder], command });
  const uri = 'untitled:Untitled-1';
  const text = `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: b }\nspec: { hosts: [], ports: [] }\n---\napiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: Namespace, metadata: { name: b } }\n---\napiVersion: v1\nkind: Event\nmetadata: { name: e }\n`;
  try {
    await client.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
    const { manifests, leftOut } = await client.connection.sendRequest<ManifestsResult>('istioEgress/manifests', {
      uris: [uri],
    });
    assert.deepEqual(
      manifests.map(({ kind, namespace, name, place }) => [kind, namespace, name, place.range.start.line]),
      [
        ['Namespace', '', 'b', 8],
        ['ServiceEntry', 'b', 'a', 0],
      ],
    );
    assert.deepEqual(JSON.parse(manifests[0]!.text), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b' } });
    assert.match(manifests[1]!.text, /^apiVersion: networking[^]*hosts: \[\]/);
    assert.ok(manifests[1]!.errors.length > 0);
    assert.deepEqual(leftOut, [{ uri, why: 'other-kubernetes' }]);
    const { files } = await client.connection.sendRequest<FileObjectsResult>('istioEgress/fileObjects');
    assert.ok(
      files.some(({ kind, name, object }) => kind === 'DestinationRule' && name === 'httpbin' && 'spec' in object),
    );
  } finally {
    await client.stop();
  }
});
