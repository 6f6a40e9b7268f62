// CUSTOM policies where nobody says which providers the mesh has: what they match is not decided, neither in a trace nor in the table of access.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { knownProviders } from '../../../server/src/eval/authz/evaluate.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import type { MeshSettings } from '../../../server/src/mesh/settings.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { waypointManifests } from '../../kit/waypoint-manifests.ts';

const policy = (name: string, provider: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: egress }
spec: { action: CUSTOM, ${provider === '' ? '' : `provider: { name: ${provider} }, `}targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: httpbin }], rules: [{ to: [{ operation: { paths: [/ask] } }] }] }
`;
const base = `${waypointManifests}---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: egress }
spec: { hosts: [httpbin.org], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
`;

function ask(policies: string, settings: Partial<MeshSettings>, path = '/ask') {
  const { mesh } = meshFromYaml(base + policies, { settings });
  const request = parseRequest({ url: `http://httpbin.org${path}`, from: 'app/curl' });
  assert.ok(!('problem' in request));
  const found = trace(mesh, request);
  return {
    verdict: found.verdict,
    summary: found.summary,
    access: [
      ...new Set(
        accessRows(mesh)
          .filter(({ from, host }) => from === '*' && host === 'httpbin.org')
          .map(({ access }) => access),
      ),
    ],
  };
}

const file = { origin: 'file:///mesh.yaml' };
const cases: readonly (readonly [
  title: string,
  policies: string,
  settings: Partial<MeshSettings>,
  verdict: string,
  access: string,
])[] = [
  ['nothing is read', policy('a', 'authz'), {}, 'undetermined', 'undetermined'],
  [
    'a folder sets the version only',
    policy('a', 'authz'),
    { origin: 'file:///x/.istio-egress.yaml' },
    'undetermined',
    'undetermined',
  ],
  ['the mesh has no provider', policy('a', 'authz'), file, 'denied', 'some'],
  ['the mesh has another one', policy('a', 'authz'), { ...file, extensionProviders: ['other'] }, 'denied', 'some'],
  [
    'the folder says others',
    policy('a', 'authz'),
    { origin: 'file:///x/.istio-egress.yaml', extensionProviders: ['other'] },
    'denied',
    'some',
  ],
  ['the mesh has it', policy('a', 'authz'), { ...file, extensionProviders: ['authz'] }, 'undetermined', 'undetermined'],
  ['two providers never work', policy('a', 'authz') + policy('b', 'second'), {}, 'denied', 'some'],
  ['no provider is refused, so the policy does not count', policy('a', ''), {}, 'allowed', 'all'],
];
const provided = (service: string): Partial<MeshSettings> => ({
  ...file,
  extensionProviders: ['authz'],
  providerServices: [{ name: 'authz', service, port: 9000 }],
});
const authorizer = (namespace: string) => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: authz, namespace: ${namespace} }
spec: { hosts: [authz.example.com], resolution: DNS, ports: [{ number: 9000, name: grpc, protocol: GRPC }] }
`;
const byService: typeof cases = [
  [
    'no ServiceEntry has the host of the provider',
    policy('a', 'authz'),
    provided('authz.example.com'),
    'denied',
    'some',
  ],
  [
    'a ServiceEntry has the host of the provider',
    policy('a', 'authz') + authorizer('auth'),
    provided('authz.example.com'),
    'undetermined',
    'undetermined',
  ],
  [
    'two namespaces have the host, and the provider names none',
    policy('a', 'authz') + authorizer('auth') + authorizer('shop'),
    provided('authz.example.com'),
    'denied',
    'some',
  ],
  [
    'two namespaces have the host, and the provider names one',
    policy('a', 'authz') + authorizer('auth') + authorizer('shop'),
    provided('shop/authz.example.com'),
    'undetermined',
    'undetermined',
  ],
  [
    'the namespace that the provider names has not the host',
    policy('a', 'authz') + authorizer('auth'),
    provided('shop/authz.example.com'),
    'denied',
    'some',
  ],
  [
    'a Service of the cluster that no file shows',
    policy('a', 'authz'),
    provided('authz.auth.svc.cluster.local'),
    'undetermined',
    'undetermined',
  ],
];
for (const [title, policies, settings, verdict, access] of [...cases, ...byService])
  test(title, () => {
    const found = ask(policies, settings);
    assert.deepEqual([found.verdict, found.access], [verdict, [access]]);
    assert.equal(ask(policies, settings, '/other').verdict, 'allowed');
  });

test('what is missing is said', () => {
  assert.match(ask(policy('a', 'authz'), {}).summary, /asks provider authz, which is not in these files/);
  assert.match(ask(policy('a', 'authz'), { ...file, extensionProviders: ['authz'] }).summary, /external authorizer/);
  assert.deepEqual(
    [knownProviders(meshFromYaml('').mesh), knownProviders(meshFromYaml('', { settings: file }).mesh)],
    [undefined, []],
  );
});
