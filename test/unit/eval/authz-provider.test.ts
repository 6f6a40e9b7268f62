// CUSTOM policies where nobody says which providers the mesh has: what they match is not decided, neither in a trace nor in the table of access.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { knownProviders } from '../../../server/src/eval/authz/evaluate.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { defaultMeshSettings, type MeshSettings } from '../../../server/src/mesh/settings.ts';
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
          .filter(({ from }) => from === '*')
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
for (const [title, policies, settings, verdict, access] of cases)
  test(title, () => {
    const found = ask(policies, settings);
    assert.deepEqual([found.verdict, found.access], [verdict, [access]]);
    assert.equal(ask(policies, settings, '/other').verdict, 'allowed');
  });

test('what is missing is said', () => {
  assert.match(ask(policy('a', 'authz'), {}).summary, /asks provider authz, which is not in these files/);
  assert.match(ask(policy('a', 'authz'), { ...file, extensionProviders: ['authz'] }).summary, /external authorizer/);
  assert.deepEqual(
    [knownProviders(defaultMeshSettings), knownProviders({ ...defaultMeshSettings, ...file })],
    [undefined, []],
  );
});
