// The path that a route sends, by what its condition matches. Bytes through Envoy show the same (test/data-plane).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesOfRoute } from '../../../server/src/mesh/routes/gateway-route-entries.ts';
import { isPathUnknown, rewrittenPath } from '../../../server/src/mesh/routes/rewritten-path.ts';
import type { RouteEntry } from '../../../server/src/mesh/routes/route-entry.ts';
import { httpEntries } from '../../../server/src/mesh/routes/virtual-service-entries.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

function ofService(match: string, rewrite: string): RouteEntry {
  const { mesh, find } = meshFromYaml(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: shop }
spec:
  hosts: [api.example.org]
  http: [{ ${match}rewrite: ${rewrite}, route: [{ destination: { host: api.example.org } }] }]`);
  const [entry] = httpEntries(mesh, find('VirtualService', 'api'), () => true)!;
  return { ...entry!, hosts: [] };
}

function ofRoute(path: string, rewrite: string): RouteEntry {
  const { mesh, find } = meshFromYaml(`apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: api, namespace: shop }
spec:
  rules:
    - matches: [{ path: ${path} }]
      filters: [{ type: URLRewrite, urlRewrite: { path: ${rewrite} } }]
      backendRefs: [{ group: networking.istio.io, kind: Hostname, name: api.example.org, port: 80 }]`);
  const [entry] = entriesOfRoute(mesh, find('HTTPRoute', 'api'))!;
  return { ...entry!, hosts: [] };
}

const uri = (how: string, value: string) => `match: [{ uri: { ${how}: '${value}' } }], `;
const prefixed = (value: string) => `{ type: ReplacePrefixMatch, replacePrefixMatch: '${value}' }`;
const pathPrefix = (value: string) => `{ type: PathPrefix, value: '${value}' }`;

test('what is put in the place of what matched; the query stays', () => {
  const cases: readonly (readonly [RouteEntry, path: string, sent: string | undefined])[] = [
    [ofService(uri('prefix', '/api'), "{ uri: '/v2' }"), '/api/items?x=1', '/v2/items?x=1'],
    [ofService(uri('prefix', '/api/'), "{ uri: '/' }"), '/api/items', '/items'],
    [ofService(uri('prefix', '/api'), "{ uri: '/' }"), '/api/items', '//items'],
    [ofService(uri('exact', '/api'), "{ uri: '/v2' }"), '/api?x=1', '/v2?x=1'],
    [ofService(uri('regex', '/a.*'), "{ uri: '/v2' }"), '/api/items', '/v2'],
    [ofService('', "{ uri: '/v2' }"), '/api', '/v2api'],
    [ofService('', "{ authority: 'other.example.org' }"), '/api', undefined],
    [ofRoute(pathPrefix('/api/'), prefixed('/v2/')), '/api/items', '/v2/items'],
    [ofRoute(pathPrefix('/api'), prefixed('/')), '/api/items', '/items'],
    [ofRoute(pathPrefix('/api'), prefixed('/')), '/api', '/'],
    [ofRoute(pathPrefix('/'), prefixed('/')), '/api', '/api'],
    [ofRoute(pathPrefix('/api'), "{ type: ReplaceFullPath, replaceFullPath: '/all' }"), '/api/items?x', '/all?x'],
  ];
  for (const [entry, path, sent] of cases) {
    assert.equal(rewrittenPath(entry, path), sent, path);
    assert.equal(isPathUnknown(entry), false);
  }
});

test('what a regular expression makes is not followed', () => {
  const entry = ofService('', "{ uriRegexRewrite: { match: '/a', rewrite: '/b' } }");
  assert.deepEqual([rewrittenPath(entry, '/a'), isPathUnknown(entry)], [undefined, true]);
});
