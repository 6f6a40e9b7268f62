// What a client with a sidecar sees and applies: the Sidecar resource, imports, the rule.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servicesFor, importsHost, outboundPolicy } from '../../../server/src/mesh/clients/sidecar-scope.ts';
import { rulesAtProxy } from '../../../server/src/mesh/destination-rules/proxy-rules.ts';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const sidecar = (name: string, namespace: string, spec: string) => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${spec} }
---`;
const rule = (name: string, namespace: string, extra = '') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace} }
spec: { host: httpbin.org, trafficPolicy: { connectionPool: { tcp: { maxConnections: ${name.length} } } }${extra} }
---`;
const entry = (namespace: string, extra = '', name = 'httpbin') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${namespace} }
spec: { hosts: [httpbin.org]${extra} }
---`;
const forApp = (app: string) => `workloadSelector: { labels: { app: ${app} } }`;
const selecting = (app: string) => `, workloadSelector: { matchLabels: { app: ${app} } }`;
const podA = new Map([
  ['app', 'a'],
  ['tier', 'x'],
]);
const anyMode = 'outboundTrafficPolicy: { mode: ALLOW_ANY }';
const registryOnly = 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }';

const policyOf = (files: string, options: MeshOptions = {}) => {
  const policy = outboundPolicy(
    meshFromYaml(files || entry('team'), { written: true, ...options }).mesh,
    'client',
    podA,
  );
  return policy.state === 'known' ? `${policy.mode}${policy.by ? ` by ${policy.by.name}` : ''}` : policy.state;
};

for (const [title, files, expected, options] of [
  ['§7.1 the mesh setting', '', 'ALLOW_ANY', {}],
  ['§7.1 another mesh setting', '', 'REGISTRY_ONLY', { settings: { outboundTrafficPolicy: 'REGISTRY_ONLY' } }],
  ['§7.1 a Sidecar overrides it', sidecar('s', 'client', registryOnly), 'REGISTRY_ONLY by s', {}],
  [
    '§7.1 a Sidecar that says nothing leaves it',
    sidecar('s', 'client', 'egress: [{ hosts: ["./*"] }]'),
    'REGISTRY_ONLY',
    { settings: { outboundTrafficPolicy: 'REGISTRY_ONLY' } },
  ],
  ['§7.2 a policy without a mode', sidecar('s', 'client', 'outboundTrafficPolicy: {}'), 'REGISTRY_ONLY by s', {}],
  [
    '§7.1 a mode that no Sidecar can have',
    sidecar('s', 'client', 'outboundTrafficPolicy: { mode: ALLOW_ANY_DYNAMIC_DNS }'),
    'unknown',
    {},
  ],
  [
    '§7.3 one that selects the pod comes before one for all',
    sidecar('all', 'client', anyMode) + sidecar('a', 'client', `${forApp('a')}, ${registryOnly}`),
    'REGISTRY_ONLY by a',
    {},
  ],
  [
    '§7.3 one that selects other pods is not it',
    sidecar('all', 'client', anyMode) + sidecar('b', 'client', `${forApp('b')}, ${registryOnly}`),
    'ALLOW_ANY by all',
    {},
  ],
  [
    "§7.3 the root namespace's is the mesh default",
    sidecar('root', 'istio-system', registryOnly),
    'REGISTRY_ONLY by root',
    {},
  ],
  [
    '§7.3 that of the namespace hides it, also where it says nothing',
    sidecar('root', 'istio-system', registryOnly) + sidecar('s', 'client', 'egress: [{ hosts: ["./*"] }]'),
    'ALLOW_ANY',
    {},
  ],
  [
    "§7.3 the root's with a selector is no default",
    sidecar('root', 'istio-system', `${forApp('a')}, ${registryOnly}`),
    'ALLOW_ANY',
    {},
  ],
  [
    '§7.3 two that differ: age decides',
    sidecar('x', 'client', registryOnly) + sidecar('y', 'client', anyMode),
    'undetermined',
    {},
  ],
  [
    '§7.3 two that agree',
    sidecar('x', 'client', registryOnly) + sidecar('y', 'client', registryOnly),
    'REGISTRY_ONLY by x',
    {},
  ],
  ['§7.3 Sidecars that are not vouched for', '', 'unknown', { completeKinds: [] }],
] as const satisfies readonly (readonly [string, string, string, MeshOptions])[])
  test(title, () => assert.equal(policyOf(files, options), expected));

for (const [hosts, service, host, expected] of [
  ['["*/*"]', 'team', 'httpbin.org', true],
  ['["./*"]', 'team', 'httpbin.org', false],
  ['["./*"]', 'client', 'httpbin.org', true],
  ['["team/*"]', 'team', 'httpbin.org', true],
  ['["team/httpbin.org"]', 'team', 'httpbin.org', true],
  ['["team/*.org"]', 'team', 'httpbin.org', true],
  ['["team/*.org"]', 'team', '*.httpbin.org', true],
  ['["team/www.httpbin.org"]', 'team', '*.httpbin.org', false],
  ['["*/httpbin.org"]', 'team', 'example.com', false],
  ['["~/*"]', 'team', 'httpbin.org', false],
  ['["*/*", "~team/*"]', 'team', 'httpbin.org', false],
  ['["*/*", "~team/*.com"]', 'team', 'httpbin.org', true],
  ['["httpbin.org"]', 'team', 'httpbin.org', false],
] as const)
  test(`§7.3 ${hosts} ${expected ? 'imports' : 'leaves out'} ${service}/${host}`, () => {
    const { mesh, find } = meshFromYaml(sidecar('s', 'client', `egress: [{ hosts: ${hosts} }]`));
    assert.equal(importsHost(mesh, find('Sidecar', 's'), 'client', { namespace: service }, host), expected);
  });

test('§7.3 exclusions are read since 1.31', () => {
  const { mesh, find } = meshFromYaml(sidecar('s', 'client', 'egress: [{ hosts: ["*/*", "~team/*"] }]'), {
    settings: { istioVersion: '1.30' },
  });
  assert.equal(importsHost(mesh, find('Sidecar', 's'), 'client', { namespace: 'team' }, 'httpbin.org'), true);
});

const ruleOf = (files: string, options: MeshOptions = {}) => {
  const { mesh } = meshFromYaml(files, options);
  const client = { namespace: 'client', labels: podA };
  const target = { host: 'httpbin.org', port: 443, subset: undefined };
  const owners = servicesFor(mesh, client, target.host);
  if (owners?.length === 0) return 'not-visible';
  const found = owners?.map((owner) => rulesAtProxy(mesh, client, { ...target, owner }));
  if (!found || found.includes(undefined)) return 'unknown';
  const names = found.flatMap((ways) => ways!.map((one) => (one.state === 'rule' ? one.rule.name : one.state)));
  return [...new Set(names)].sort().join(' or ');
};

for (const [title, files, expected, options] of [
  [
    "§7.5 the client's namespace first",
    entry('team') + rule('client', 'client') + rule('own', 'team') + rule('root', 'istio-system'),
    'client',
    {},
  ],
  ["§7.5 then the service's", entry('team') + rule('own', 'team') + rule('root', 'istio-system'), 'own', {}],
  ["§7.5 then the root's", entry('team') + rule('root', 'istio-system') + rule('other', 'elsewhere'), 'root', {}],
  ['§7.5 no other', entry('team') + rule('other', 'elsewhere'), 'none', {}],
  [
    '§7.5 one that is kept at home',
    entry('team') + rule('own', 'team', ', exportTo: ["."]') + rule('root', 'istio-system'),
    'root',
    {},
  ],
  [
    '§3.7 a selector that has the pod wins',
    entry('team') + rule('all', 'client') + rule('a', 'client', selecting('a')),
    'a',
    {},
  ],
  [
    '§3.7 a selector that has other pods does not',
    entry('team') + rule('all', 'client') + rule('b', 'client', selecting('b')),
    'all',
    {},
  ],
  [
    '§3.7 a selector alone that has other pods ends the search',
    entry('team') + rule('b', 'client', selecting('b')) + rule('own', 'team'),
    'none',
    {},
  ],
  [
    "§3.7 a selector counts in the client's namespace only",
    entry('team') + rule('a', 'team', selecting('a')) + rule('root', 'istio-system'),
    'root',
    {},
  ],
  [
    '§3.7 two selectors that both have the pod: age decides',
    entry('team') +
      rule('a', 'client', selecting('a')) +
      rule('tier', 'client', ', workloadSelector: { matchLabels: { tier: x } }'),
    'a or tier',
    {},
  ],
  [
    '§3.9 two rules that differ: age decides',
    entry('team') + rule('a', 'client') + rule('bb', 'client'),
    'a or bb',
    {},
  ],
  [
    '§7.3 a host that is not exported to the client',
    entry('team', ', exportTo: ["."]') + rule('client', 'client'),
    'not-visible',
    {},
  ],
  [
    '§7.3 a host that the Sidecar does not import',
    sidecar('s', 'client', 'egress: [{ hosts: ["./*"] }]') + entry('team') + rule('client', 'client'),
    'not-visible',
    {},
  ],
  [
    '§7.3 a host that only one of two Sidecars imports',
    sidecar('s', 'client', 'egress: [{ hosts: ["./*"] }]') +
      sidecar('t', 'client', 'egress: [{ hosts: ["*/*"] }]') +
      entry('team') +
      rule('client', 'client'),
    'unknown',
    {},
  ],
  [
    "§7.4 the entry of the client's own namespace",
    entry('team') + entry('client') + rule('own', 'team') + rule('root', 'istio-system'),
    'root',
    {},
  ],
  [
    '§7.4 entries of two other namespaces: age decides',
    entry('team') + entry('other') + rule('own', 'team') + rule('theirs', 'other'),
    'own or theirs',
    {},
  ],
  ['§7.5 rules that are not vouched for', entry('team'), 'unknown', { completeKinds: ['ServiceEntry', 'Sidecar'] }],
] as const satisfies readonly (readonly [string, string, string, MeshOptions])[])
  test(title, () => assert.equal(ruleOf(files, options), expected));
