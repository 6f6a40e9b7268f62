// Where the Secret of a credentialName must be, and whether the waypoint gets it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialOf } from '../../../server/src/mesh/destination-rules/credential.ts';
import {
  mayListSecrets,
  serviceAccountOf,
  waypointReader,
} from '../../../server/src/mesh/destination-rules/secret-access.ts';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const gateway = (annotations = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress, annotations: { ${annotations} } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---`;
const rule = (tls: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: tls, namespace: team }
spec: { host: httpbin.org, trafficPolicy: { tls: { ${tls} } } }
---`;
const secret = (name: string, keys: string, namespace = 'egress') =>
  `\napiVersion: v1\nkind: Secret\nmetadata: { name: ${name}, namespace: ${namespace} }\nstringData: { ${keys} }\n---`;
const role = (rules: string, namespace = 'egress') =>
  `\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: reader, namespace: ${namespace} }\nrules: [${rules}]\n---`;
const binding = (
  subjects: string,
  { name = 'bind', to = 'Role', role: roleName = 'reader', namespace = 'egress' } = {},
) =>
  `\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: ${name}, namespace: ${namespace} }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${to}, name: ${roleName} }\nsubjects: [${subjects}]\n---`;
const list = '{ apiGroups: [""], resources: [secrets], verbs: [get, list, watch] }';
const wp = '{ kind: ServiceAccount, name: wp }';
const pair = 'tls.crt: a, tls.key: b';
const complete: MeshOptions = { completeKinds: ['Secret', 'Gateway', 'Role', 'RoleBinding'] };

/** `use kind names: present, allowed` of each part. */
function partsOf(tls: string, files = '', options: MeshOptions = {}): string {
  const { mesh, find } = meshFromYaml(gateway() + rule(tls) + files, options);
  const found = credentialOf(
    mesh,
    find('DestinationRule', 'tls').spec.trafficPolicy!.tls!,
    waypointReader(find('Gateway', 'wp')),
  );
  if (!found) return 'none';
  if (found.state === 'refused') return found.reason;
  return found.parts
    .map(
      (part) => `${part.use} ${part.kind} ${part.namespace}/${part.names.join(' ')}: ${part.present}, ${part.allowed}`,
    )
    .join(' | ');
}

for (const [title, tls, files, expected, options] of [
  ['§3.24 no credential', 'mode: SIMPLE', '', 'none', {}],
  ['§3.20 no TLS', 'mode: ISTIO_MUTUAL, credentialName: c', '', 'none', {}],
  [
    '§3.26 SIMPLE: roots beside the waypoint',
    'mode: SIMPLE, credentialName: c',
    '',
    'roots Secret egress/c-cacert c: unknown, yes',
    {},
  ],
  [
    "§3.26 SIMPLE: in the rule's namespace it is not looked for",
    'mode: SIMPLE, credentialName: c',
    secret('c', 'ca.crt: a', 'team'),
    'roots Secret egress/c-cacert c: no, yes',
    complete,
  ],
  [
    '§3.24 the Secret of the roots alone',
    'mode: SIMPLE, credentialName: c',
    secret('c-cacert', 'cacert: a'),
    'roots Secret egress/c-cacert c: yes, yes',
    {},
  ],
  [
    '§3.24 roots in the same Secret',
    'mode: SIMPLE, credentialName: c',
    secret('c', 'ca.crt: a'),
    'roots Secret egress/c-cacert c: yes, yes',
    {},
  ],
  [
    '§3.24 a Secret without roots',
    'mode: SIMPLE, credentialName: c',
    secret('c', pair),
    'roots Secret egress/c-cacert c: no, yes',
    {},
  ],
  [
    '§3.24 a Secret that is shown without its keys',
    'mode: SIMPLE, credentialName: c',
    secret('c', ''),
    'roots Secret egress/c-cacert c: unknown, yes',
    {},
  ],
  ['§3.24 no roots where nothing is verified', 'mode: SIMPLE, credentialName: c, insecureSkipVerify: true', '', '', {}],
  [
    '§3.27 SIMPLE before 1.25 needs permission too',
    'mode: SIMPLE, credentialName: c',
    secret('c', 'ca.crt: a'),
    'roots Secret egress/c-cacert c: yes, no',
    { ...complete, settings: { istioVersion: '1.24' } },
  ],
  [
    '§3.27 MUTUAL: certificate and roots',
    'mode: MUTUAL, credentialName: c',
    secret('c', `${pair}, ca.crt: c`),
    'certificate Secret egress/c: yes, no | roots Secret egress/c-cacert c: yes, yes',
    complete,
  ],
  [
    '§3.27 MUTUAL: generic keys',
    'mode: MUTUAL, credentialName: c',
    secret('c', 'cert: a, key: b, cacert: c'),
    'certificate Secret egress/c: yes, unknown | roots Secret egress/c-cacert c: yes, yes',
    {},
  ],
  [
    '§3.27 MUTUAL: half a pair',
    'mode: MUTUAL, credentialName: c',
    secret('c', 'tls.crt: a, ca.crt: c'),
    'certificate Secret egress/c: no, unknown | roots Secret egress/c-cacert c: yes, yes',
    {},
  ],
  [
    '§3.27 MUTUAL with a Role',
    'mode: MUTUAL, credentialName: c',
    secret('c', `${pair}, ca.crt: c`) + role(list) + binding(wp),
    'certificate Secret egress/c: yes, yes | roots Secret egress/c-cacert c: yes, yes',
    {},
  ],
  [
    '§3.26 a form with the namespace',
    'mode: SIMPLE, credentialName: "kubernetes://egress/c"',
    '',
    'roots Secret egress/c-cacert c: unknown, yes',
    {},
  ],
  ['§3.26 another namespace', 'mode: SIMPLE, credentialName: "kubernetes://team/c"', '', 'other-namespace', {}],
  [
    '§3.26 a ConfigMap',
    'mode: SIMPLE, credentialName: "configmap://team/c"',
    '',
    'roots ConfigMap team/c: unknown, yes',
    {},
  ],
  ['§3.26 a ConfigMap without its namespace', 'mode: SIMPLE, credentialName: "configmap://c"', '', 'form', {}],
  ['§3.26 a form for gateways', 'mode: SIMPLE, credentialName: "kubernetes-gateway://egress/c"', '', 'form', {}],
  ["§3.26 the waypoint's own certificate", 'mode: MUTUAL, credentialName: "builtin://"', '', 'none', {}],
] as const satisfies readonly (readonly [string, string, string, string, MeshOptions])[])
  test(title, () => assert.equal(partsOf(tls, files, options), expected));

const accessIn = (files: string, options: MeshOptions = {}) => {
  const { mesh, find } = meshFromYaml(gateway() + files, options);
  const { state, because, evidence } = mayListSecrets(mesh, waypointReader(find('Gateway', 'wp')));
  return [state, because, ...evidence.map(({ kind, name }) => `${kind} ${name}`)].join(' ');
};

for (const [title, files, expected, options] of [
  ['nothing is shown', '', 'unknown not-vouched', {}],
  ['nothing, and all is shown', '', 'no no-role', complete],
  ['a Role that is bound', role(list) + binding(wp), 'yes granted RoleBinding bind Role reader', {}],
  ['a Role that is not bound', role(list), 'no no-role', {}],
  [
    'a Role that is bound to another account',
    role(list) + binding('{ kind: ServiceAccount, name: other }'),
    'no no-role',
    {},
  ],
  [
    'an account of another namespace',
    role(list) + binding('{ kind: ServiceAccount, name: wp, namespace: team }'),
    'no no-role',
    {},
  ],
  ['a Role of another namespace', role(list, 'team') + binding(wp, { namespace: 'team' }), 'unknown not-vouched', {}],
  [
    'any of everything',
    role('{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }') + binding(wp),
    'yes granted RoleBinding bind Role reader',
    {},
  ],
  [
    'get is not list',
    role('{ apiGroups: [""], resources: [secrets], verbs: [get] }') + binding(wp),
    'no no-role RoleBinding bind Role reader',
    {},
  ],
  [
    'certain names are not all',
    role('{ apiGroups: [""], resources: [secrets], verbs: [list], resourceNames: [c] }') + binding(wp),
    'no certain-names-only RoleBinding bind Role reader',
    {},
  ],
  [
    'another group',
    role('{ apiGroups: [apps], resources: [secrets], verbs: [list] }') + binding(wp),
    'no no-role RoleBinding bind Role reader',
    {},
  ],
  ['a ClusterRole', binding(wp, { to: 'ClusterRole' }), 'unknown cluster-role RoleBinding bind', complete],
  [
    'a ClusterRole for another account',
    binding('{ kind: ServiceAccount, name: other }', { to: 'ClusterRole' }),
    'no no-role',
    complete,
  ],
  ['a Role that no source shows', binding(wp), 'unknown role-not-shown RoleBinding bind', {}],
  ['a Role that is not there', binding(wp), 'no no-role', complete],
  [
    'every account of the namespace',
    role(list) + binding('{ kind: Group, name: "system:serviceaccounts:egress" }'),
    'yes granted RoleBinding bind Role reader',
    {},
  ],
  ['a group of people', role(list) + binding('{ kind: Group, name: admins }'), 'no no-role', {}],
  [
    'the account as a user',
    role(list) + binding('{ kind: User, name: "system:serviceaccount:egress:wp" }'),
    'yes granted RoleBinding bind Role reader',
    {},
  ],
] as const satisfies readonly (readonly [string, string, string, MeshOptions])[])
  test(`§3.27 who may list Secrets: ${title}`, () => assert.equal(accessIn(files, options), expected));

test("§1.53 the service account is the Gateway's name, or what the annotation says", () => {
  const accountOf = (annotations: string) => serviceAccountOf(meshFromYaml(gateway(annotations)).find('Gateway', 'wp'));
  assert.equal(accountOf(''), 'wp');
  assert.equal(accountOf('gateway.istio.io/service-account: other'), 'other');
});
