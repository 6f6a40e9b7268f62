import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeshIndex } from '../../../server/src/mesh/index/index-builder.ts';
import { StaleMesh } from '../../../server/src/mesh/index/look.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { defaultMeshSettings } from '../../../server/src/mesh/settings.ts';
import type { Resource } from '../../../server/src/model/resource.ts';
import { meshFromYaml, resourcesFromYaml } from '../../kit/mesh-from-yaml.ts';

const files = {
  'a.yaml': `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: egress, labels: { istio.io/use-waypoint: wp } }
spec: { hosts: [HTTPBin.org, "*.Example.com."], resolution: DNS }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: httpbin, namespace: egress }
spec: { host: httpbin.org }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: short, namespace: shop }
spec: { host: reviews }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partial, namespace: shop }
spec: { host: "*in.org" }
---
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop, labels: { istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress } }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/use-waypoint: wp } }`,
  'b.yaml': `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: httpbin, namespace: egress }
spec:
  targetRefs:
    - { group: networking.istio.io, kind: ServiceEntry, name: httpbin }
    - { group: "", kind: Service, name: reviews }
    - { group: gateway.networking.k8s.io, kind: Gateway, name: wp }
    - { group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }
    - { kind: Gateway, name: classless }
    - { group: networking.istio.io, kind: ServiceEntry, name: far, namespace: other }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: httpbin, namespace: egress }
spec:
  parentRefs:
    - { group: networking.istio.io, kind: ServiceEntry, name: httpbin }
    - { name: ingress, namespace: edge }
  rules: [{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: HTTPBin.org, port: 443 }] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: httpbin, namespace: shop }
spec:
  hosts: [reviews, httpbin.org]
  http: [{ route: [{ destination: { host: ratings } }], mirror: { host: mirror.org } }]
  tcp: [{ route: [{ destination: { host: tcp.org } }] }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: edge }
spec: { selector: { istio: egressgateway, app: gateway } }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: everywhere, namespace: edge }
spec: { servers: [] }`,
};

const named = (resources: readonly Resource[]) => resources.map(({ kind, name }) => `${kind} ${name}`);

/** Every question with its answer as text, and the keys that it must record. */
const questions: readonly (readonly [
  string,
  (mesh: Mesh) => readonly string[],
  readonly string[],
  readonly string[],
])[] = [
  [
    'named',
    (m) => named(m.named('DestinationRule', 'egress', 'httpbin')),
    ['DestinationRule httpbin'],
    ['DestinationRule/egress/httpbin'],
  ],
  ['named, none', (m) => named(m.named('Gateway', 'egress', 'wp')), [], ['Gateway/egress/wp']],
  [
    'named, without a namespace',
    (m) => named(m.named('Namespace', '', 'egress')),
    ['Namespace egress'],
    ['Namespace//egress'],
  ],
  [
    'inNamespace',
    (m) => named(m.inNamespace('DestinationRule', 'shop')),
    ['DestinationRule short', 'DestinationRule partial'],
    ['DestinationRule@shop'],
  ],
  [
    'hostOwners',
    (m) => m.hostOwners('HTTPBIN.org.').map(({ resource, host }) => `${resource.name} ${host}`),
    ['httpbin httpbin.org'],
    ['host=httpbin.org'],
  ],
  [
    'hostOwners of a wildcard',
    (m) => m.hostOwners('*.example.com').map(({ host }) => host),
    ['*.example.com'],
    ['host=*.example.com'],
  ],
  [
    'hostOwners of a Service',
    (m) => m.hostOwners('reviews.shop.svc.cluster.local').map(({ resource }) => resource.kind),
    ['Service'],
    ['host=reviews.shop.svc.cluster.local'],
  ],
  ['hostOwners, none', (m) => m.hostOwners('gone.org').map(({ host }) => host), [], ['host=gone.org']],
  ['hostOwnersUnder', (m) => m.hostOwnersUnder('.com').map(({ host }) => host), ['*.example.com'], ['under=.com']],
  [
    'hostOwnersUnder, the wildcard itself',
    (m) => m.hostOwnersUnder('.example.com').map(({ host }) => host),
    ['*.example.com'],
    ['under=.example.com'],
  ],
  [
    'hostOwnersUnder everything',
    (m) => m.hostOwnersUnder('').map(({ host }) => host),
    ['httpbin.org', '*.example.com', 'reviews.shop.svc.cluster.local'],
    ['under='],
  ],
  [
    'hostOwnersUnder a part of a label',
    (m) => m.hostOwnersUnder('bin.org').map(({ host }) => host),
    ['httpbin.org'],
    ['under=.org'],
  ],
  [
    'destinationRules',
    (m) => named(m.destinationRules('shop', 'reviews.shop.svc.cluster.local')),
    ['DestinationRule short'],
    ['dr@shop=reviews.shop.svc.cluster.local'],
  ],
  [
    'destinationRules, another namespace',
    (m) => named(m.destinationRules('shop', 'httpbin.org')),
    [],
    ['dr@shop=httpbin.org'],
  ],
  [
    'destinationRulesUnder',
    (m) => named(m.destinationRulesUnder('shop', '.org')),
    ['DestinationRule partial'],
    ['dr@shop<.org'],
  ],
  [
    'destinationRulesUnder a part of a label',
    (m) => named(m.destinationRulesUnder('shop', 'n.org')),
    ['DestinationRule partial'],
    ['dr@shop<.org'],
  ],
  ['partialWildcardRules', (m) => named(m.partialWildcardRules('shop', 'httpbox.org')), [], ['dr@shop*']],
  [
    'partialWildcardRules that match',
    (m) => named(m.partialWildcardRules('shop', 'linkedin.org')),
    ['DestinationRule partial'],
    ['dr@shop*'],
  ],
  [
    'partialWildcardRules of any namespace',
    (m) => named(m.partialWildcardRules(undefined, 'linkedin.org')),
    ['DestinationRule partial'],
    ['dr*'],
  ],
  [
    'destinationRulesAnywhere',
    (m) => named(m.destinationRulesAnywhere('httpbin.org')),
    ['DestinationRule httpbin'],
    ['dr=httpbin.org'],
  ],
  [
    'targeting a ServiceEntry',
    (m) => named(m.targeting('ServiceEntry', 'egress', 'httpbin')),
    ['AuthorizationPolicy httpbin'],
    ['target=ServiceEntry/egress/httpbin'],
  ],
  [
    'targeting a Service',
    (m) => named(m.targeting('Service', 'egress', 'reviews')),
    ['AuthorizationPolicy httpbin'],
    ['target=Service/egress/reviews'],
  ],
  [
    'targeting a Gateway',
    (m) => named(m.targeting('Gateway', 'egress', 'wp')),
    ['AuthorizationPolicy httpbin'],
    ['target=Gateway/egress/wp'],
  ],
  [
    'targeting a GatewayClass',
    (m) => named(m.targeting('GatewayClass', '', 'istio-waypoint')),
    ['AuthorizationPolicy httpbin'],
    ['target=GatewayClass//istio-waypoint'],
  ],
  [
    '§4.3 a reference without its group names nothing',
    (m) => named(m.targeting('Gateway', 'egress', 'classless')),
    [],
    ['target=Gateway/egress/classless'],
  ],
  [
    '§4.4 a reference to another namespace names nothing',
    (m) => named(m.targeting('ServiceEntry', 'other', 'far')),
    [],
    ['target=ServiceEntry/other/far'],
  ],
  [
    'routesTo a ServiceEntry',
    (m) => named(m.routesTo('ServiceEntry', 'egress', 'httpbin')),
    ['HTTPRoute httpbin'],
    ['parent=ServiceEntry/egress/httpbin'],
  ],
  [
    'routesTo a Gateway, by default',
    (m) => named(m.routesTo('Gateway', 'edge', 'ingress')),
    ['HTTPRoute httpbin'],
    ['parent=Gateway/edge/ingress'],
  ],
  [
    'virtualServices',
    (m) => named(m.virtualServices('reviews.shop.svc.cluster.local')),
    ['VirtualService httpbin'],
    ['vs=reviews.shop.svc.cluster.local'],
  ],
  [
    'virtualServicesRoutingTo',
    (m) => named(m.virtualServicesRoutingTo('ratings.shop.svc.cluster.local')),
    ['VirtualService httpbin'],
    ['vs>ratings.shop.svc.cluster.local'],
  ],
  [
    'virtualServicesRoutingTo a mirror',
    (m) => named(m.virtualServicesRoutingTo('mirror.org')),
    ['VirtualService httpbin'],
    ['vs>mirror.org'],
  ],
  [
    'virtualServicesRoutingTo by tcp',
    (m) => named(m.virtualServicesRoutingTo('tcp.org')),
    ['VirtualService httpbin'],
    ['vs>tcp.org'],
  ],
  ['routesToHost', (m) => named(m.routesToHost('httpbin.org')), ['HTTPRoute httpbin'], ['backend=httpbin.org']],
  [
    'enrolled',
    (m) => named(m.enrolled('egress', 'wp')),
    ['ServiceEntry httpbin', 'Service reviews', 'Namespace egress'],
    ['waypoint=egress/wp'],
  ],
  [
    'gatewaysSelecting',
    (m) =>
      named(
        m.gatewaysSelecting(
          new Map([
            ['istio', 'egressgateway'],
            ['version', 'v1'],
          ]),
        ),
      ),
    ['IstioGateway everywhere', 'IstioGateway egress'],
    ['gateways=', 'gateways=istio=egressgateway', 'gateways=version=v1'],
  ],
  ['knows', (m) => [String(m.knows('Gateway', 'egress'))], ['true'], ['knows=Gateway@', 'knows=Gateway@egress']],
  ['knows, in no namespace', (m) => [String(m.knows('Gateway'))], ['true'], ['knows=Gateway@', 'knows=Gateway@*']],
  ['all', (m) => named(m.all('Service')), ['Service reviews'], ['Service@']],
];

for (const [title, ask, expected, keys] of questions) {
  test(`${title}: answer and keys`, () => {
    const read: string[] = [];
    const { mesh } = meshFromYaml(files, { record: (key) => read.push(key) });
    assert.deepEqual(ask(mesh), expected);
    assert.deepEqual(read.sort(), [...keys].sort());
  });
}

test('every key that a question records is among the keys of what would change its answer', () => {
  for (const [title, ask] of questions) {
    const { index, resources } = meshFromYaml(files);
    for (const resource of resources) {
      const read = new Set<string>();
      const before = ask(index.view(({ key }) => read.add(key)));
      const keys = index.keysOf(resource);
      index.remove(resource);
      const changed = JSON.stringify(ask(index.view())) !== JSON.stringify(before);
      assert.ok(!changed || keys.some((key) => read.has(key)), `${title}: ${resource.kind} ${resource.name}`);
      index.add(resource);
    }
  }
});

test('suggestions are recorded with what they are looked for in: a rule may decide by one', () => {
  const read: string[] = [];
  const { mesh } = meshFromYaml(files, { record: (key) => read.push(key) });
  assert.equal(mesh.nearestHost('htpbin.org'), 'httpbin.org');
  assert.equal(mesh.nearestName('Service', 'shop', 'review'), 'reviews');
  assert.equal(mesh.nearestName('Service', undefined, 'review'), 'reviews');
  assert.equal(mesh.nearestName('Service', 'egress', 'review'), undefined);
  assert.deepEqual(read, ['under=', 'Service@shop', 'Service@', 'Service@egress']);
});

test('a host one slip away is found among many', () => {
  const many = Array.from(
    { length: 2500 },
    (_, i) => `apiVersion: v1\nkind: Service\nmetadata: { name: s${i}, namespace: n }`,
  ).join('\n---\n');
  const { mesh } = meshFromYaml({ ...files, 'many.yaml': many });
  for (const slip of ['htpbin.org', 'httpbinn.org', 'httpbim.org', 'hhttpbin.org', 'htptbin.org'])
    assert.equal(mesh.nearestHost(slip), 'httpbin.org', slip);
  assert.equal(mesh.nearestHost('elsewhere.net'), undefined);
});

test('an edit makes older views refuse to answer', () => {
  const { index, resources } = meshFromYaml(files);
  for (const edit of [
    () => index.remove(resources[0]!),
    () => index.add(resources[0]!),
    () => index.addUnknown('Gateway'),
    () => index.removeUnknown('Gateway'),
  ]) {
    const view = index.view();
    view.named('Gateway', 'a', 'b');
    edit();
    assert.throws(() => view.named('Gateway', 'a', 'b'), StaleMesh);
    assert.throws(() => view.knows('Gateway'), StaleMesh);
  }
});

test('answers come in the order of files and of documents in them, whatever was read last', () => {
  const text = ['x', 'y', 'z']
    .map(
      (name) =>
        `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ${name}, namespace: n }\nspec: { host: a.org }`,
    )
    .join('\n---\n');
  const [x, y, z] = resourcesFromYaml(text);
  const [other] = resourcesFromYaml({ 'a-first.yaml': text });
  const [again] = resourcesFromYaml(text);
  const position = new Map([
    [again!.document, 0],
    [y!.document, 100],
    [z!.document, 200],
  ]);
  const index = new MeshIndex({ mesh: defaultMeshSettings }, (document) => position.get(document) ?? 0);
  for (const resource of [z!, x!, y!, other!]) index.add(resource);
  index.remove(x!);
  index.add(again!);
  assert.deepEqual(
    index
      .view()
      .destinationRules('n', 'a.org')
      .map(({ id }) => id),
    [other!.id, again!.id, y!.id, z!.id],
  );
});

test('items of a List keep their order', () => {
  const { mesh } = meshFromYaml(
    'apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: Service, metadata: { name: b, namespace: n } }\n- { apiVersion: v1, kind: Service, metadata: { name: a, namespace: n } }',
  );
  assert.deepEqual(named(mesh.inNamespace('Service', 'n')), ['Service b', 'Service a']);
});

test('the mesh is the same object until something changes, with and without refused objects', () => {
  for (const yaml of [files, { 'c.yaml': files['a.yaml'].replace('resolution: DNS', 'resolution: NOWHERE') }]) {
    const [resource, ...others] = resourcesFromYaml(yaml);
    const index = new MeshIndex({ mesh: defaultMeshSettings });
    for (const one of others) index.add(one);
    const [mesh, written] = [index.inForce(), index.view()];
    assert.equal(index.inForce(), mesh);
    assert.equal(index.view(), written);
    index.add(resource!);
    assert.notEqual(index.inForce(), mesh);
    assert.notEqual(index.view(), written);
  }
});
