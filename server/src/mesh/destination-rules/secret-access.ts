// Which proxy asks for a Secret, and whether istiod gives it one with a private key.
import type { Resource } from '../../model/resource.ts';
import type { RoleSpec } from '../../model/specs.ts';
import type { EgressGateway } from '../clients/egress-gateway.ts';
import { workloadsSelected } from '../clients/data-plane.ts';
import type { Mesh } from '../mesh.ts';
import type { Certainty } from './secret-parts.ts';

/** A proxy that opens TLS connections: it is given Secrets of its own namespace only. */
export interface SecretReader {
  readonly proxy: 'waypoint' | 'egress gateway' | 'sidecar';
  readonly namespace: string;
  /** Of the waypoint or the gateway. */
  readonly name?: string;
  /** Undefined where no file shows the proxy's pods. */
  readonly serviceAccount: string | undefined;
}

export function waypointReader(gateway: Resource<'Gateway'>): SecretReader {
  const { namespace, name } = gateway;
  return { proxy: 'waypoint', namespace, name, serviceAccount: serviceAccountOf(gateway) };
}

/** The chart of a gateway names the account, so that it is known only from its pods; istiod names that of a Gateway of the Gateway API. */
export function gatewayReader(mesh: Mesh, gateway: EgressGateway): SecretReader {
  const { namespace, name, labels, hasAllLabels, managed, host } = gateway;
  if (managed) {
    const serviceAccount = managed.annotations.get(serviceAccountAnnotation)?.value ?? host.split('.')[0];
    return { proxy: 'egress gateway', namespace, name, serviceAccount };
  }
  const pods = workloadsSelected(mesh, namespace, labels);
  const accounts = new Set(pods.map(({ spec }) => spec.serviceAccount?.value ?? 'default'));
  const [account] = accounts;
  return {
    proxy: 'egress gateway',
    namespace,
    name,
    serviceAccount: hasAllLabels && accounts.size === 1 ? account : undefined,
  };
}

export function sidecarReader(from: { readonly namespace: string; readonly serviceAccount: string }): SecretReader {
  return { proxy: 'sidecar', namespace: from.namespace, serviceAccount: from.serviceAccount };
}

/** For messages. */
export function readerText({ proxy, namespace, name }: SecretReader): string {
  return name === undefined ? `the ${proxy}` : `${proxy} ${namespace}/${name}`;
}

export interface SecretAccess {
  readonly state: Certainty;
  /** Undefined where no file shows the proxy's pods. */
  readonly serviceAccount: string | undefined;
  /** The binding and the Role that grant it; for `unknown` the bindings that may; for `no` those that grant too little. */
  readonly evidence: readonly Resource<'Role' | 'RoleBinding'>[];
  readonly because: 'granted' | 'no-role' | 'certain-names-only' | 'cluster-role' | 'role-not-shown' | 'not-vouched';
}

/** The service account that a waypoint runs as. istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go GetDefaultName. */
export function serviceAccountOf(gateway: Resource<'Gateway'>): string {
  return gateway.annotations.get(serviceAccountAnnotation)?.value ?? gateway.name;
}

const serviceAccountAnnotation = 'gateway.istio.io/service-account';

/**
 * Whether the proxy may list all Secrets of its namespace, which istiod checks at the API server before it sends a
 * private key. ClusterRoles and ClusterRoleBindings are not read: a RoleBinding to a ClusterRole may grant it.
 * istio@86c9f01 pilot/pkg/credentials/kube/secrets.go Authorize.
 */
export function mayListSecrets(mesh: Mesh, { namespace, serviceAccount }: SecretReader): SecretAccess {
  const answer = (
    state: Certainty,
    because: SecretAccess['because'],
    evidence: SecretAccess['evidence'] = [],
  ): SecretAccess => ({ state, serviceAccount, evidence, because });
  if (serviceAccount === undefined) return answer('unknown', 'not-vouched');
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
