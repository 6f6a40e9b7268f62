import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { RoleSpec } from '../../model/specs.ts';
import { defineRule, type Plain } from '../rule.ts';
import { appliedBlocks, appliedInputs, firstOfEachBlock } from './applied-blocks.ts';

type Gateway = Resource<'Gateway'>;

export const credentialNotReadable = defineRule({
  id: 'credential-not-readable',
  stage: 'tls',
  summary: 'A waypoint may not list Secrets, so it gets no client certificate.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: [...appliedInputs, 'Role', 'RoleBinding'],

  *check(rule, mesh) {
    for (const { block: { tls }, waypoint } of firstOfEachBlock(appliedBlocks(mesh, rule))) {
      const name = tls.mode?.value === 'MUTUAL' ? tls.credentialName : undefined;
      if (!name || /^(configmap|sds|builtin):/.test(name.value) || mayList(mesh, waypoint) !== false) continue;
      // istio@86c9f01 pilot/pkg/xds/sds.go filterAuthorizedResources; pilot/pkg/credentials/kube/secrets.go Authorize.
      yield {
        at: name.span,
        message: `No Role lets service account ${accountOf(waypoint)} of ${waypoint.namespace} list Secrets, so ${describe(waypoint)} cannot read ${name.value}.`,
        related: [{ resource: waypoint, at: waypoint.at.name, message: 'This is the waypoint that needs it.' }],
        data: { namespace: waypoint.namespace, account: accountOf(waypoint) },
      };
    }
  },

  *fixes({ namespace, account }, rule, mesh) {
    const name = `${account}-secrets`;
    if (rule.listIndex !== undefined || mesh.named('Role', namespace, name).length > 0 || mesh.named('RoleBinding', namespace, name).length > 0) return;
    const [role, binding] = manifests(namespace, account, name);
    yield { title: `Let ${account} list the Secrets of ${namespace}`, safety: 'unsafe', changes: [{ op: 'append-document', after: rule, manifest: role }, { op: 'append-document', after: rule, manifest: binding }] };
  },
});

/** istio@86c9f01 pilot/pkg/config/kube/gateway/deploymentcontroller.go: the Gateway's name, or what the annotation says. */
function accountOf(gateway: Gateway): string {
  return gateway.annotations.get('gateway.istio.io/service-account')?.value ?? gateway.name;
}

/** Undefined where Roles are not described, or a ClusterRole may grant it. A Role for certain names is not enough. */
function mayList(mesh: Mesh, waypoint: Gateway): boolean | undefined {
  const { namespace } = waypoint;
  if (!mesh.knows('Role', namespace)) return undefined;
  const account = accountOf(waypoint);
  const bindings = mesh.inNamespace('RoleBinding', namespace).filter(({ spec }) => spec.subjects.some((subject) => subject.kind === 'Group'
    || (subject.kind === 'ServiceAccount' && subject.name === account && (subject.namespace ?? namespace) === namespace)));
  if (bindings.some(({ spec }) => spec.roleRef?.kind !== 'Role')) return undefined;
  return bindings.some(({ spec }) => mesh.named('Role', namespace, spec.roleRef!.name).some((role) => role.spec.rules.some(grantsList)));
}

function grantsList({ apiGroups, resources, verbs, resourceNames }: RoleSpec['rules'][number]): boolean {
  const has = (list: readonly string[], item: string) => list.includes(item) || list.includes('*');
  return has(apiGroups, '') && has(resources, 'secrets') && has(verbs, 'list') && resourceNames.length === 0;
}

function manifests(namespace: string, account: string, name: string): readonly [Plain, Plain] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return [
    { apiVersion, kind: 'Role', metadata: { name, namespace }, rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }] },
    { apiVersion, kind: 'RoleBinding', metadata: { name, namespace }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name }, subjects: [{ kind: 'ServiceAccount', name: account, namespace }] },
  ];
}
