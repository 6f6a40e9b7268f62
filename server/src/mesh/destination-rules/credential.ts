// Where the certificates of a `credentialName` come from at a waypoint, and whether the waypoint gets them.
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import type { ClientTls, RoleSpec } from '../../model/specs.ts';
import type { Mesh } from '../mesh.ts';
import { certificateIn, rootsIn, type Certainty, type SecretPart } from './secret-parts.ts';
import { since } from '../settings.ts';

export interface CredentialPart extends SecretPart {
  readonly kind: 'Secret' | 'ConfigMap';
  /** Whether the waypoint is given it. */
  readonly allowed: Certainty;
}

export type Credential =
  /** `parts` are all that the handshake needs. */
  | {
      readonly state: 'read';
      readonly field: Field<string>;
      readonly parts: readonly CredentialPart[];
      readonly access: SecretAccess;
    }
  /** Names a Secret of another namespace than the waypoint's, or in a form that Istio does not take: nothing is given. */
  | { readonly state: 'refused'; readonly field: Field<string>; readonly reason: 'other-namespace' | 'form' };

/** The Secret that the waypoint requests for a rule's TLS settings; undefined without a `credentialName`, or where no TLS is originated. */
export function credentialOf(mesh: Mesh, tls: ClientTls, gateway: Resource<'Gateway'>): Credential | undefined {
  const field = tls.credentialName;
  const mode = tls.mode?.value;
  // The waypoint's own certificate needs nothing.
  if (!field?.value || field.value.startsWith('builtin://') || (mode !== 'SIMPLE' && mode !== 'MUTUAL'))
    return undefined;
  const place = credentialPlace(field.value, gateway.namespace);
  if (place === 'form') return { state: 'refused', field, reason: 'form' };
  if (place.kind === 'Secret' && place.namespace !== gateway.namespace)
    return { state: 'refused', field, reason: 'other-namespace' };
  const access = mayListSecrets(mesh, gateway);
  // A ConfigMap holds roots only. INFER for MUTUAL, whose certificate then comes from nowhere.
  const certificate = mode === 'MUTUAL' && place.kind === 'Secret' ? [certificatePart(mesh, place, access)] : [];
  const roots = tls.insecureSkipVerify?.value ? [] : [rootsPart(mesh, place, access)];
  return { state: 'read', field, parts: [...certificate, ...roots], access };
}

interface Place {
  readonly kind: CredentialPart['kind'];
  readonly namespace: string;
  readonly name: string;
}

/** istio@86c9f01 pilot/pkg/model/credentials/resource.go ToResourceName, ParseResourceName. */
export function credentialPlace(credentialName: string, ownNamespace: string): Place | 'form' {
  const [, scheme = 'kubernetes', rest = ''] = /^(?:([a-z-]+):\/\/)?(.*)$/s.exec(credentialName) ?? [];
  const [first = '', second] = rest.split('/');
  if (scheme === 'configmap') return first && second ? { kind: 'ConfigMap', namespace: first, name: second } : 'form';
  if (scheme !== 'kubernetes') return 'form';
  return second === undefined
    ? { kind: 'Secret', namespace: ownNamespace, name: first }
    : { kind: 'Secret', namespace: first, name: second };
}

function certificatePart(mesh: Mesh, { kind, namespace, name }: Place, access: SecretAccess): CredentialPart {
  return { ...certificateIn(mesh, namespace, name), kind, allowed: access.state };
}

/** A Secret of roots alone needs no permission, which is so since 1.25. istio@86c9f01 pilot/pkg/credentials/kube/secrets.go GetConfigMapCaCert; pilot/pkg/xds/sds.go filterAuthorizedResources. */
function rootsPart(mesh: Mesh, { kind, namespace, name }: Place, access: SecretAccess): CredentialPart {
  if (kind === 'ConfigMap')
    return { use: 'roots', kind, namespace, names: [name], secret: undefined, present: 'unknown', allowed: 'yes' };
  return { ...rootsIn(mesh, namespace, name), kind, allowed: since(mesh.settings, '1.25') ? 'yes' : access.state };
}

export interface SecretAccess {
  readonly state: Certainty;
  readonly serviceAccount: string;
  /** The binding and the Role that grant it; for `unknown` the bindings that may; for `no` those that grant too little. */
  readonly evidence: readonly Resource<'Role' | 'RoleBinding'>[];
  readonly because: 'granted' | 'no-role' | 'certain-names-only' | 'cluster-role' | 'role-not-shown' | 'not-vouched';
}

/** The service account that a waypoint runs as. istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go GetDefaultName. */
export function serviceAccountOf(gateway: Resource<'Gateway'>): string {
  return gateway.annotations.get('gateway.istio.io/service-account')?.value ?? gateway.name;
}

/**
 * Whether the waypoint may list all Secrets of its namespace, which istiod checks at the API server before it sends a
 * private key. ClusterRoles and ClusterRoleBindings are not read: a RoleBinding to a ClusterRole may grant it.
 * istio@86c9f01 pilot/pkg/credentials/kube/secrets.go Authorize.
 */
export function mayListSecrets(mesh: Mesh, gateway: Resource<'Gateway'>): SecretAccess {
  const { namespace } = gateway;
  const serviceAccount = serviceAccountOf(gateway);
  const answer = (
    state: Certainty,
    because: SecretAccess['because'],
    evidence: SecretAccess['evidence'] = [],
  ): SecretAccess => ({ state, serviceAccount, evidence, because });
  const bindings = mesh.inNamespace('RoleBinding', namespace).filter((binding) => binds(binding, serviceAccount));
  const granted = bindings.flatMap((binding) => rolesOf(mesh, binding).map((role) => ({ binding, role })));
  const full = granted.find(({ role }) =>
    role.spec.rules.some((rule) => grantsList(rule) && rule.resourceNames.length === 0),
  );
  if (full) return answer('yes', 'granted', [full.binding, full.role]);
  const toCluster = bindings.filter(({ spec }) => spec.roleRef?.kind !== 'Role');
  if (toCluster.length > 0) return answer('unknown', 'cluster-role', toCluster);
  const open = bindings.filter((binding) => rolesOf(mesh, binding).length === 0);
  if (open.length > 0 && !mesh.knows('Role', namespace)) return answer('unknown', 'role-not-shown', open);
  if (!mesh.knows('RoleBinding', namespace) && !mesh.knows('Role', namespace)) return answer('unknown', 'not-vouched');
  const some = granted.find(({ role }) => role.spec.rules.some(grantsList));
  return some
    ? answer('no', 'certain-names-only', [some.binding, some.role])
    : answer(
        'no',
        'no-role',
        granted.flatMap(({ binding, role }) => [binding, role]),
      );
}

/** By name, or by a group that every service account, or every one of the namespace, is in. k8s.io/apiserver pkg/authentication/serviceaccount MakeGroupNames. */
function binds({ namespace, spec }: Resource<'RoleBinding'>, serviceAccount: string): boolean {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return spec.subjects.some((subject) => {
    if (subject.kind === 'ServiceAccount')
      return subject.name === serviceAccount && (subject.namespace ?? namespace) === namespace;
    if (subject.kind === 'User') return subject.name === `system:serviceaccount:${namespace}:${serviceAccount}`;
    return subject.kind === 'Group' && groups.includes(subject.name);
  });
}

function rolesOf(mesh: Mesh, { namespace, spec }: Resource<'RoleBinding'>): readonly Resource<'Role'>[] {
  return spec.roleRef?.kind === 'Role' ? mesh.named('Role', namespace, spec.roleRef.name) : [];
}

function grantsList({ apiGroups, resources, verbs }: RoleSpec['rules'][number]): boolean {
  const has = (list: readonly string[], item: string) => list.includes(item) || list.includes('*');
  return has(apiGroups, '') && has(resources, 'secrets') && has(verbs, 'list');
}
