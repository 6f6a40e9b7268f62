// An index that grew and shrank answers as one that was built at once, and whoever read an answer is woken when it changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { keysBehind } from '../../../server/src/mesh/index/fact.ts';
import { destinationRuleFor } from '../../../server/src/mesh/destination-rules/destination-rule-for.ts';
import { MeshIndex } from '../../../server/src/mesh/index/index-builder.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { defaultMeshSettings } from '../../../server/src/mesh/settings.ts';
import { upstreamTls } from '../../../server/src/mesh/destination-rules/upstream-tls.ts';
import { bindWaypoint } from '../../../server/src/mesh/binding/waypoint-binding.ts';
import type { AnyResource, Resource } from '../../../server/src/model/resource.ts';
import { resourcesFromYaml } from '../../kit/mesh-from-yaml.ts';

const namespaces = ['egress', 'team', 'istio-system'] as const;
const hosts = ['a.org', 'b.a.org', '*.a.org', '*.org', '*', 'svc', 'svc.team.svc.cluster.local', '*a.org'] as const;
const namespace = fc.constantFrom(...namespaces);
const host = fc.constantFrom(...hosts);
const name = fc.constantFrom('x', 'y');
const exportTo = fc.constantFrom(
  '',
  ', exportTo: ["."]',
  ', exportTo: ["*"]',
  ', exportTo: [egress]',
  ', exportTo: [team, egress]',
);
const labels = fc.constantFrom(
  '',
  'istio.io/use-waypoint: x',
  'istio.io/use-waypoint: none',
  'istio.io/use-waypoint: x, istio.io/use-waypoint-namespace: egress',
);
const policy = fc.constantFrom(
  '',
  ', trafficPolicy: { tls: { mode: SIMPLE } }',
  ', trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: DISABLE } }] }',
);
const selector = fc.constantFrom('', '', '', ', workloadSelector: { matchLabels: { app: a } }');

const head = (kind: string, group: string, ns: string, n: string, l = '') =>
  `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: { name: ${n}, namespace: ${ns}, labels: { ${l} } }\n`;
const manifest = fc.oneof(
  fc
    .tuple(namespace, name, fc.uniqueArray(host, { minLength: 1, maxLength: 2 }), exportTo, labels)
    .map(
      ([ns, n, hs, e, l]) =>
        `${head('ServiceEntry', 'networking.istio.io', ns, n, l)}spec: { hosts: ${JSON.stringify(hs)}, ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }]${e} }`,
    ),
  fc
    .tuple(namespace, name, host, exportTo, policy, selector)
    .map(
      ([ns, n, h, e, p, s]) =>
        `${head('DestinationRule', 'networking.istio.io', ns, n)}spec: { host: "${h}"${e}${p}${s} }`,
    ),
  fc
    .tuple(namespace, name, fc.constantFrom('All', 'Same'), fc.constantFrom('', 'istio.io/waypoint-for: workload'))
    .map(
      ([ns, n, from, l]) =>
        `${head('Gateway', 'gateway.networking.k8s.io', ns, n, l)}spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: ${from} } } }] }`,
    ),
  fc
    .tuple(namespace, labels)
    .map(([ns, l]) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${ns}, labels: { ${l} } }`),
  fc
    .tuple(namespace, labels)
    .map(([ns, l]) => `apiVersion: v1\nkind: Service\nmetadata: { name: svc, namespace: ${ns}, labels: { ${l} } }`),
  fc
    .tuple(namespace, name, name)
    .map(
      ([ns, n, target]) =>
        `${head('AuthorizationPolicy', 'security.istio.io', ns, n)}spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: ${target} }] }`,
    ),
  fc
    .tuple(namespace, name, name)
    .map(
      ([ns, n, target]) =>
        `${head('BackendTLSPolicy', 'gateway.networking.k8s.io', ns, n)}spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: ${target} }], validation: { hostname: a.org, wellKnownCACertificates: System } }`,
    ),
  fc
    .tuple(namespace, name, host, host)
    .map(
      ([ns, n, h, to]) =>
        `${head('VirtualService', 'networking.istio.io', ns, n)}spec: { hosts: ["${h}"], http: [{ route: [{ destination: { host: "${to}" } }] }] }`,
    ),
  fc
    .tuple(namespace, name, name)
    .map(
      ([ns, n, parent]) =>
        `${head('HTTPRoute', 'gateway.networking.k8s.io', ns, n)}spec: { parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: ${parent} }] }`,
    ),
);

const ids = (resources: readonly Resource[]) => resources.map(({ id }) => id);
const kinds = ['ServiceEntry', 'DestinationRule', 'Gateway', 'Namespace', 'Service', 'AuthorizationPolicy'] as const;

/** Every look-up over the little world, each as text. */
function lookUps(): readonly ((mesh: Mesh) => string)[] {
  const found: ((mesh: Mesh) => unknown)[] = [];
  for (const h of hosts)
    found.push(
      (m) => m.hostOwners(h).map(({ resource, host: own }) => [resource.id, own]),
      (m) => m.hostOwnersUnder(h.replace(/^\*/, '')).map(({ resource, host: own }) => [resource.id, own]),
      (m) => ids(m.destinationRulesAnywhere(h)),
      (m) => ids(m.partialWildcardRules(undefined, h)),
      (m) => ids(m.virtualServices(h)),
      (m) => ids(m.virtualServicesRoutingTo(h)),
    );
  for (const kind of kinds)
    found.push(
      (m) => ids(m.all(kind)),
      (m) => m.knows(kind),
    );
  for (const ns of namespaces) {
    for (const kind of kinds)
      found.push(
        (m) => ids(m.inNamespace(kind, ns)),
        (m) => m.knows(kind, ns),
        (m) => ids(m.named(kind, ns, 'x')),
      );
    for (const h of hosts)
      found.push(
        (m) => ids(m.destinationRules(ns, h)),
        (m) => ids(m.destinationRulesUnder(ns, h.replace(/^\*/, ''))),
        (m) => ids(m.partialWildcardRules(ns, h)),
      );
    found.push(
      (m) => ids(m.targeting('ServiceEntry', ns, 'x')),
      (m) => ids(m.routesTo('ServiceEntry', ns, 'x')),
      (m) => ids(m.enrolled(ns, 'x')),
    );
  }
  return found.map((ask) => (mesh) => JSON.stringify(ask(mesh)));
}

/** What rules would ask of an entry. */
function judged(mesh: Mesh, entry: Resource<'ServiceEntry'>): string {
  const brief = (_: string, value: unknown) =>
    value instanceof Map || (value as Resource | undefined)?.digest === undefined ? value : (value as Resource).id;
  return JSON.stringify(
    entry.spec.hosts.flatMap(({ value }) => [
      bindWaypoint(mesh, entry),
      destinationRuleFor(mesh, entry, value),
      ...entry.spec.ports.map((port) => upstreamTls(mesh, entry, port, value)),
    ]),
    brief,
  );
}

const questions = lookUps();
const newIndex = () => new MeshIndex({ mesh: defaultMeshSettings });

test('incremental is as from scratch, and every change wakes its readers', () => {
  fc.assert(
    fc.property(
      fc.array(manifest, { minLength: 4, maxLength: 14 }),
      fc.array(fc.nat(13), { minLength: 1, maxLength: 24 }),
      (manifests, toggles) => {
        const pool = manifests.flatMap((text, i) => resourcesFromYaml({ [`f${i % 3}.yaml`]: text }));
        const index = newIndex();
        const present = new Set<AnyResource>();
        const asks = [
          ...questions,
          ...pool.flatMap((one) => (one.kind === 'ServiceEntry' ? [(mesh: Mesh) => judged(mesh, one)] : [])),
        ];
        const asked = (ask: (mesh: Mesh) => string) => {
          const read = new Set<string>();
          const answer = ask(index.view(({ key }) => read.add(key)));
          return {
            read: new Set([...read].flatMap((key) => [...keysBehind(index.known.of(key))])),
            answer,
          };
        };
        let last = asks.map(asked);
        for (const toggle of toggles) {
          const resource = pool[toggle % pool.length]!;
          let keys: readonly string[];
          if (present.delete(resource)) {
            keys = index.keysOf(resource);
            index.remove(resource);
          } else {
            present.add(resource);
            index.add(resource);
            keys = index.keysOf(resource);
          }
          const fresh = newIndex();
          for (const one of pool) if (present.has(one)) fresh.add(one);
          last = asks.map((ask, i) => {
            const now = asked(ask);
            const { answer } = now;
            assert.equal(answer, ask(fresh.view()));
            const before = last[i]!;
            assert.ok(
              answer === before.answer || keys.some((key) => before.read.has(key)),
              `nobody woke the reader of ${[...before.read].join(' ')} for ${resource.kind}`,
            );
            return now;
          });
        }
      },
    ),
    { numRuns: Number(process.env['FC_RUNS'] ?? 40) },
  );
});

test('an index that begins with another one is as from scratch, and leaves the other one as it is', () => {
  fc.assert(
    fc.property(
      fc.array(manifest, { minLength: 4, maxLength: 14 }),
      fc.nat(14),
      fc.array(fc.nat(13), { minLength: 1, maxLength: 12 }),
      (manifests, there, toggles) => {
        const pool = manifests.flatMap((text, i) => resourcesFromYaml({ [`f${i % 3}.yaml`]: text }));
        const present = new Set<AnyResource>(pool.slice(0, there));
        const base = newIndex();
        for (const one of present) base.add(one);
        const before = questions.map((ask) => ask(base.view()));
        const branch = new MeshIndex({ mesh: defaultMeshSettings }, undefined, base);
        for (const toggle of toggles) {
          const resource = pool[toggle % pool.length]!;
          if (present.delete(resource)) branch.remove(resource);
          else {
            present.add(resource);
            branch.add(resource);
          }
          const fresh = newIndex();
          for (const one of pool) if (present.has(one)) fresh.add(one);
          for (const ask of questions) assert.equal(ask(branch.view()), ask(fresh.view()));
        }
        assert.deepEqual(
          questions.map((ask) => ask(base.view())),
          before,
        );
      },
    ),
    { numRuns: Number(process.env['FC_RUNS'] ?? 40) },
  );
});
