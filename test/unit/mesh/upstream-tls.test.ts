// Why a port has no TLS, and where that is shown. That there is or is none is compared with Istio by the golden meshes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handshakeOf } from '../../../server/src/mesh/destination-rules/handshake.ts';
import { tlsOfRule, upstreamTls } from '../../../server/src/mesh/destination-rules/upstream-tls.ts';
import { meshFromYaml, type MeshOptions, waypointForAll } from '../../kit/mesh-from-yaml.ts';

const use = 'istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress';
const entry = ({ label = use, extra = '' } = {}) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: team, labels: { ${label} } }
spec:
  hosts: [httpbin.org]
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }, { number: 443, name: tls, protocol: TLS }]
  resolution: DNS${extra}
---
${waypointForAll}`;
const rule = (policy: string, { name = 'rule', namespace = 'team', host = 'httpbin.org', extra = '' } = {}) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace} }
spec: { host: "${host}"${policy ? `, trafficPolicy: ${policy}` : ''}${extra} }
---`;
const simple = '{ tls: { mode: SIMPLE } }';
const pool = '{ connectionPool: { tcp: { maxConnections: 7 } } }';

/** What happens on port 80: `originated MODE by KIND NAME`, or `CAUSE @ resource: text` of the evidence. */
function ask(files: string, options: MeshOptions = {}): string {
  const { mesh, find } = meshFromYaml(files, { written: true, ...options });
  const subject = find('ServiceEntry', 'httpbin');
  const tls = upstreamTls(mesh, subject, subject.spec.ports[0]!, 'httpbin.org');
  if (tls.state === 'unknown') return 'unknown';
  if (tls.state === 'originated')
    return `originated ${tls.mode} by ${tls.source.by} ${tls.source.by === 'DestinationRule' ? tls.source.rule.name : tls.source.policy.name}`;
  if (!tls.at) return tls.cause;
  const { resource, span } = tls.at;
  const document = files
    .split('---')
    .find((text) => text.includes(`kind: ${resource.kind}\n`) && text.includes(`name: ${resource.name},`))!;
  // The chunk of a document starts at its `---`.
  const chunk = files.startsWith(document) ? document : `---${document}`;
  return `${tls.cause} @ ${resource.kind} ${resource.name}: ${chunk.slice(span.start, span.end)}`;
}

for (const [title, files, expected] of [
  ['§3.20 a rule with TLS', entry() + rule(simple), 'originated SIMPLE by DestinationRule rule'],
  [
    '§3.20 MUTUAL',
    entry() + rule('{ tls: { mode: MUTUAL, credentialName: cert } }'),
    'originated MUTUAL by DestinationRule rule',
  ],
  ['no rule', entry(), 'no-rule'],
  ['a rule for another host', entry() + rule(simple, { host: 'other.org' }), 'no-rule'],
  [
    '§3.2 another namespace',
    entry() + rule(simple, { namespace: 'client' }),
    'other-namespace @ DestinationRule rule: tls',
  ],
  [
    '§3.2 a rule without TLS in another namespace is no cause',
    entry() + rule(pool, { namespace: 'client' }),
    'no-rule',
  ],
  [
    '§3.8 not exported',
    entry() + rule(simple, { extra: ', exportTo: ["."]' }),
    'not-exported @ DestinationRule rule: tls',
  ],
  [
    '§3.7 a workloadSelector',
    entry() + rule(simple, { namespace: 'egress', extra: ', workloadSelector: { matchLabels: { app: a } }' }),
    'workload-selector @ DestinationRule rule: tls',
  ],
  [
    '§3.7 shadowed by a rule with a workloadSelector',
    entry() +
      rule(pool, { name: 'sel', namespace: 'egress', extra: ', workloadSelector: { matchLabels: { app: a } }' }) +
      rule(simple),
    'shadowed @ DestinationRule rule: tls',
  ],
  [
    '§3.4 shadowed by a wide rule',
    entry() + rule(pool, { name: 'wide', namespace: 'egress', host: '*' }) + rule(simple),
    'shadowed @ DestinationRule rule: tls',
  ],
  [
    '§3.4 shadowed by a wide rule that disables',
    entry() + rule('{ tls: { mode: DISABLE } }', { name: 'wide', namespace: 'egress', host: '*' }) + rule(simple),
    'shadowed @ DestinationRule rule: tls',
  ],
  [
    '§3.1 an exact rule that disables means it',
    entry() + rule('{ tls: { mode: DISABLE } }', { name: 'exact', namespace: 'egress' }) + rule(simple),
    'mode-disable @ DestinationRule exact: DISABLE',
  ],
  [
    '§3.1 an exact rule without TLS before one with it',
    entry() + rule(pool, { name: 'exact', namespace: 'egress' }) + rule(simple),
    'shadowed @ DestinationRule rule: tls',
  ],
  ['a rule without TLS', entry() + rule(pool), 'no-tls @ DestinationRule rule: trafficPolicy'],
  ['a rule without a trafficPolicy', entry() + rule(''), 'no-tls @ DestinationRule rule: "httpbin.org"'],
  [
    '§3.13 the target port',
    entry() + rule('{ portLevelSettings: [{ port: { number: 8443 }, tls: { mode: SIMPLE } }] }'),
    'port-mismatch @ DestinationRule rule: 8443',
  ],
  [
    '§3.14 a port entry without tls',
    entry() +
      rule(
        '{ tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 7 } } }] }',
      ),
    'port-entry-without-tls @ DestinationRule rule: { port: { number: 80 }, connectionPool: { tcp: { maxConnections: 7 } } }',
  ],
  [
    '§3.14 a port entry without tls where there is none to hide',
    entry() + rule('{ portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 7 } } }] }'),
    'no-tls @ DestinationRule rule: { port: { number: 80 }, connectionPool: { tcp: { maxConnections: 7 } } }',
  ],
  [
    '§3.14 a port entry that disables',
    entry() + rule('{ tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 80 }, tls: { mode: DISABLE } }] }'),
    'mode-disable @ DestinationRule rule: DISABLE',
  ],
  ['§3.21 no mode', entry() + rule('{ tls: {} }'), 'mode-disable @ DestinationRule rule: tls'],
  [
    '§3.20 ISTIO_MUTUAL',
    entry() + rule('{ tls: { mode: ISTIO_MUTUAL } }'),
    'istio-mutual @ DestinationRule rule: ISTIO_MUTUAL',
  ],
  [
    '§3.20 MUTUAL without a certificate',
    entry() + rule('{ tls: { mode: MUTUAL } }'),
    'incomplete-mutual @ DestinationRule rule: MUTUAL',
  ],
  [
    '§3.20 MUTUAL with half of one',
    entry() + rule('{ tls: { mode: MUTUAL, clientCertificate: /c } }'),
    'incomplete-mutual @ DestinationRule rule: MUTUAL',
  ],
  [
    '§3.15 a subset',
    entry() + rule(pool, { extra: ', subsets: [{ name: v1, trafficPolicy: { tls: { mode: SIMPLE } } }]' }),
    'subset-only @ DestinationRule rule: v1',
  ],
  [
    '§3.6 the entry is not exported',
    entry({ extra: '\n  exportTo: [here]' }) + rule(simple),
    'entry-not-exported @ ServiceEntry httpbin: here',
  ],
  [
    '§3.2 no waypoint, but a rule',
    entry({ label: 'istio.io/use-waypoint: none' }) + rule(simple),
    'unbound-waypoint @ DestinationRule rule: tls',
  ],
  [
    '§1.3 opted out, without a rule',
    entry({ label: 'istio.io/use-waypoint: none' }),
    'unbound-waypoint @ ServiceEntry httpbin: none',
  ],
  [
    '§1.23 a waypoint that cannot be used',
    entry({ label: 'istio.io/use-waypoint: gone' }) + rule(simple),
    'unusable-waypoint @ ServiceEntry httpbin: gone',
  ],
  ['§1.4 a binding that is not known', entry({ label: '' }) + rule(simple), 'unknown'],
  ['a mode that Istio does not have', entry() + rule('{ tls: { mode: simple } }'), 'unknown'],
  ['§3.9 age decides between TLS and none', entry() + rule(simple) + rule(pool, { name: 'b' }), 'unknown'],
  [
    '§3.9 age decides, but not about this port',
    entry() +
      rule(simple) +
      rule('{ tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 443 }, tls: { mode: DISABLE } }] }', {
        name: 'b',
      }),
    'originated SIMPLE by DestinationRule rule',
  ],
  [
    '§3.9 age decides between two ways of having none',
    entry() + rule(pool) + rule('{ tls: { mode: DISABLE } }', { name: 'b' }),
    'no-tls @ DestinationRule rule: trafficPolicy',
  ],
] as const)
  test(title, () => assert.equal(ask(files), expected));

const policy = (extra = '', name = 'policy') => `
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: ${name}, namespace: team${extra} }
spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: httpbin }], validation: { hostname: httpbin.org, wellKnownCACertificates: System } }
---`;

test('§3.12 BackendTLSPolicy by version', () => {
  assert.equal(ask(entry() + policy()), 'originated SIMPLE by BackendTLSPolicy policy');
  assert.equal(
    ask(entry() + policy(), { settings: { istioVersion: '1.28' } }),
    'originated SIMPLE by BackendTLSPolicy policy',
  );
  assert.equal(ask(entry() + policy(), { settings: { istioVersion: '1.27' } }), 'no-rule');
  assert.equal(ask(entry() + policy() + rule(pool), { settings: { istioVersion: '1.30' } }), 'unknown');
  assert.equal(ask(entry() + policy(', annotations: { istio.io/ignore-policy-attachment: "true" }')), 'no-rule');
  assert.equal(
    ask(entry() + policy(', annotations: { istio.io/ignore-policy-attachment: "true" }'), {
      settings: { istioVersion: '1.30' },
    }),
    'originated SIMPLE by BackendTLSPolicy policy',
  );
  assert.equal(ask(entry() + policy() + policy('', 'second')), 'unknown');
});

test('§3.22 §3.23 what is sent and compared, by the kind of chain', () => {
  const of = (tls: string, chain: 'http' | 'tcp') => {
    const { find } = meshFromYaml(rule(`{ tls: ${tls} }`));
    const { tls: settings } = tlsOfRule(find('DestinationRule', 'rule'), 80);
    return handshakeOf(
      { by: 'DestinationRule', rule: find('DestinationRule', 'rule'), tls: settings!, portLevel: false },
      chain,
    );
  };
  assert.deepEqual(of('{ mode: SIMPLE }', 'http'), {
    sni: { by: 'request' },
    names: { listed: [], request: true },
    roots: 'system',
  });
  assert.deepEqual(of('{ mode: SIMPLE }', 'tcp'), {
    sni: undefined,
    names: { listed: [], request: false },
    roots: 'system',
  });
  assert.deepEqual(of('{ mode: SIMPLE, sni: a.org }', 'http'), {
    sni: { by: 'rule', name: 'a.org' },
    names: { listed: [], request: false },
    roots: 'system',
  });
  assert.deepEqual(of('{ mode: SIMPLE, subjectAltNames: [a.org] }', 'tcp'), {
    sni: undefined,
    names: { listed: ['a.org'], request: false },
    roots: 'system',
  });
  assert.deepEqual(of('{ mode: SIMPLE, insecureSkipVerify: true }', 'http'), {
    sni: { by: 'request' },
    names: { listed: [], request: false },
    roots: undefined,
  });
  assert.deepEqual(of('{ mode: MUTUAL, credentialName: cert }', 'http').roots, 'secret cert');
});
