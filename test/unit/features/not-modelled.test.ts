// What changes a proxy and is not followed: every face says so, and none says "allowed", "denied" or "TLS".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyzeFiles } from '../../../server/src/engine/analyze.ts';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { runEgressTests } from '../../../server/src/eval/run-egress-tests.ts';
import { egressMap } from '../../../server/src/features/egress-map.ts';
import { factsOf } from '../../../server/src/features/facts/facts.ts';
import { sayFacts } from '../../../server/src/features/facts/say.ts';
import { titleOf } from '../../../server/src/features/facts/title.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const base = (className = 'istio-waypoint') => `
apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: way } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: way, namespace: egress }
spec: { gatewayClassName: ${className}, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress }
spec:
  hosts: [api.example.com]
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: egress }
spec: { host: api.example.com, trafficPolicy: { tls: { mode: SIMPLE } } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: readers, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]
  rules: [{ from: [{ source: { namespaces: [egress] } }] }]
`;

const onGateway = 'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: way }]';
const object = (apiVersion: string, kind: string, spec: string) =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: other, namespace: egress }\nspec: { ${spec} }\n`;

const cases: readonly (readonly [name: string, yaml: string, named: string])[] = [
  [
    'an EnvoyFilter',
    base() +
      object(
        'networking.istio.io/v1alpha3',
        'EnvoyFilter',
        `${onGateway}, configPatches: [{ applyTo: CLUSTER, patch: { operation: MERGE } }]`,
      ),
    'EnvoyFilter egress/other',
  ],
  [
    'a WasmPlugin',
    base() +
      object('extensions.istio.io/v1alpha1', 'WasmPlugin', `${onGateway}, url: "oci://registry.example.com/a:1"`),
    'WasmPlugin egress/other',
  ],
  [
    'a policy of another vendor',
    base() + object('gateway.kgateway.dev/v1alpha1', 'TrafficPolicy', onGateway),
    'TrafficPolicy egress/other',
  ],
  ['a class without policies', base('istio-agentgateway-waypoint'), 'Gateway egress/way'],
];

const expectations = '- { from: egress/reader, request: "http://api.example.com/", expect: allowed }\n';

describe('every face says that it does not know', () => {
  for (const [name, yaml, named] of cases)
    test(name, () => {
      const { mesh, find } = meshFromYaml(yaml);
      const rows = accessRows(mesh).filter(({ from }) => from === '*' || from.namespace === 'egress');
      assert.deepEqual([...new Set(rows.map(({ access }) => access))], ['undetermined']);
      assert.ok(
        rows.every(({ because }) =>
          because.some(({ resource }) => `${resource.written.kind} egress/${resource.name}` === named),
        ),
      );

      const [result] = runEgressTests(expectations, mesh).results;
      assert.equal(result?.outcome, 'failed');
      assert.match(result.message, new RegExp(`is undetermined: .*${named}`));

      const entry = factsOf(mesh, find('ServiceEntry', 'egress/api'))!;
      assert.equal(titleOf(entry), `via egress/way · not followed: ${named}`);
      const lines = sayFacts(entry).map(
        ({ label, words }) => `${label}: ${words.map((one) => (typeof one === 'string' ? one : one.text)).join('')}`,
      );
      assert.ok(
        lines.some((line) => line.startsWith('Callers: unknown: ') && line.includes(named)),
        lines.join('\n'),
      );
      assert.ok(
        lines.some((line) => line.startsWith('Port 80: ') && line.endsWith('what is sent is unknown')),
        lines.join('\n'),
      );

      const policy = factsOf(mesh, find('AuthorizationPolicy', 'egress/readers'))!;
      assert.doesNotMatch(titleOf(policy), /enforced for/);

      const [gateway] = egressMap(mesh, (resource) => resource.name).gateways;
      assert.deepEqual(
        gateway?.hosts.map(({ callers, ports }) => [callers, ports.map(({ tls }) => tls)]),
        [['unknown', ['unknown']]],
      );
    });
});

test('a request that would fail has no finding where an EnvoyFilter may mend it', () => {
  const failing = base().replace('tls: { mode: SIMPLE }', 'tls: { mode: DISABLE }');
  const extension = object(
    'networking.istio.io/v1alpha3',
    'EnvoyFilter',
    `${onGateway}, configPatches: [{ applyTo: CLUSTER, patch: { operation: MERGE } }]`,
  );
  const rulesOf = (text: string) => analyzeFiles([{ uri: 'file:///mesh.yaml', text }]).findings.map(({ rule }) => rule);
  assert.ok(rulesOf(failing + extension).includes('answer-not-modelled'));
  assert.ok(!rulesOf(failing + extension).some((rule) => rule.startsWith('request-')));
});
