import type { Mesh } from '../../mesh/mesh.ts';
import { sourcesOf } from '../shared/policy-sources.ts';
import { defineRule } from '../rule.ts';

export const unknownServiceAccount = defineRule({
  id: 'unknown-service-account',
  stage: 'reference',
  summary: 'A policy names a service account that does not exist, so no client matches it.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA0106'],
  subjects: ['AuthorizationPolicy'],
  inputs: ['ServiceAccount', 'Workload', 'Pod', 'Gateway'],

  *check(policy, mesh) {
    const reported = new Set<string>();
    for (const { field, namespace, account, path } of sourcesOf(policy)) {
      const name = `${namespace}/${account}`;
      if (account === undefined || reported.has(name) || !isMissing(mesh, namespace, account)) continue;
      reported.add(name);
      yield {
        at: field.span,
        message: `${field.value} matches no workload: no ServiceAccount ${name} in these files.`,
        data: { namespace, account, path },
      };
    }
  },

  *fixes({ namespace, account }, policy, mesh) {
    const nearest = mesh.nearestName('ServiceAccount', namespace, account);
    if (nearest === undefined) return;
    const changes = [...sourcesOf(policy)]
      .filter((source) => source.namespace === namespace && source.account === account)
      .map(({ path, rewrite }) => ({ op: 'set', in: policy, path, value: rewrite({ account: nearest }) }) as const);
    yield { title: `Change the account to ${nearest}`, safety: 'unsafe', changes };
  },
});

/** Kubernetes makes `default`, Istio the accounts of gateways, and what a workload runs as was made somewhere. */
function isMissing(mesh: Mesh, namespace: string, account: string): boolean {
  if (
    account === 'default' ||
    mesh.named('ServiceAccount', namespace, account).length > 0 ||
    !mesh.knows('ServiceAccount', namespace)
  )
    return false;
  const isGatewaysOwn = mesh
    .inNamespace('Gateway', namespace)
    .some(({ name, spec, annotations }) =>
      [
        name,
        `${name}-${spec.gatewayClassName?.value}`,
        annotations.get('gateway.istio.io/service-account')?.value,
      ].includes(account),
    );
  const runs = [...mesh.inNamespace('Workload', namespace), ...mesh.inNamespace('Pod', namespace)];
  return !isGatewaysOwn && !runs.some(({ spec }) => spec.serviceAccount?.value === account);
}
