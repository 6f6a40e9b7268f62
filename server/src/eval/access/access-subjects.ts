// The callers of the access table: identities that the manifests name, the other accounts of each namespace that they name, and all others.
// All are of the mesh's own trust domain. Accounts of gateways alone are none: they send what clients send them.
import { compareText } from '../../base/compare.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isGatewayPod } from '../../mesh/clients/gateway-pods.ts';
import type { Resource } from '../../model/resource.ts';
import { conditionOf } from '../authz/evaluate.ts';
import { fieldConditions, whenCondition, type Condition } from '../authz/conditions.ts';

/** `serviceAccount` undefined: every account of the namespace that has no row of its own. `*`: callers in none of these namespaces. */
export type Subject = { readonly namespace: string; readonly serviceAccount: string | undefined } | '*';

/** Sorted by namespace and account, each namespace's rest behind its accounts, `*` last. */
export function subjectsOf(mesh: Mesh): readonly Subject[] {
  const named = [
    ...fromWorkloads(mesh),
    ...mesh.all('Namespace').map(({ name }) => ({ namespace: name, serviceAccount: undefined })),
    ...mesh.all('AuthorizationPolicy').flatMap((policy) => fromPolicy(policy, mesh.settings.trustDomain)),
  ];
  const accounts = new Map<string, Set<string>>();
  for (const { namespace, serviceAccount } of named) {
    const here = accounts.get(namespace) ?? new Set();
    accounts.set(namespace, serviceAccount === undefined ? here : here.add(serviceAccount));
  }
  return [
    ...[...accounts]
      .sort(([a], [b]) => compareText(a, b))
      .flatMap(([namespace, here]): Subject[] =>
        [...[...here].sort(compareText), undefined].map((serviceAccount) => ({ namespace, serviceAccount })),
      ),
    '*',
  ];
}

type Named = Exclude<Subject, '*'>;

function fromWorkloads(mesh: Mesh): readonly Named[] {
  const pods = (['Workload', 'Pod'] as const)
    .flatMap((kind) => mesh.all(kind))
    .map((pod) => ({ ...accountOf(pod), isGateway: isGatewayPod(mesh, pod) }));
  const clients = pods.filter(({ isGateway }) => !isGateway);
  const ofClients = new Set(clients.map(keyOf));
  const ofGateways = new Set(pods.filter(({ isGateway }) => isGateway).map(keyOf));
  return [
    ...mesh
      .all('ServiceAccount')
      .map(({ namespace, name }) => ({ namespace, serviceAccount: name }))
      .filter((one) => ofClients.has(keyOf(one)) || !ofGateways.has(keyOf(one))),
    ...clients.map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount })),
    ...mesh
      .all('WorkloadEntry')
      .flatMap(({ namespace, spec }) =>
        spec.serviceAccount ? [{ namespace, serviceAccount: spec.serviceAccount.value }] : [],
      ),
  ];
}

function accountOf({ namespace, spec }: Resource<'Pod'> | Resource<'Workload'>): Named {
  return { namespace, serviceAccount: spec.serviceAccount?.value ?? 'default' };
}

const keyOf = ({ namespace, serviceAccount }: Named) => `${namespace}/${serviceAccount}`;

function fromPolicy(policy: Resource<'AuthorizationPolicy'>, trustDomain: string): readonly Named[] {
  return (policy.spec.rules ?? []).flatMap((rule) => [
    ...rule.from.flatMap(({ fields }) =>
      fields.flatMap((field) =>
        namedBy(
          conditionOf(field)?.condition,
          field.values.map(({ value }) => value),
          policy,
          trustDomain,
        ),
      ),
    ),
    ...rule.when.flatMap(({ key, values, notValues }) =>
      namedBy(
        key && whenCondition(key.value),
        [...values, ...notValues].map(({ value }) => value),
        policy,
        trustDomain,
      ),
    ),
  ]);
}

/** Whom values of a condition name in full. */
export function namedBy(
  condition: Condition | undefined,
  values: readonly string[],
  policy: Resource<'AuthorizationPolicy'>,
  trustDomain: string,
): readonly Named[] {
  switch (condition) {
    case fieldConditions['principals']:
      return values.flatMap((value) => fromPrincipal(value, trustDomain));
    case fieldConditions['namespaces']:
      return values
        .filter((value) => value !== '' && !value.includes('*'))
        .map((namespace) => ({ namespace, serviceAccount: undefined }));
    case fieldConditions['serviceAccounts']:
      return values.map((value) => {
        const slash = value.indexOf('/');
        return slash < 0
          ? { namespace: policy.namespace, serviceAccount: value }
          : { namespace: value.slice(0, slash), serviceAccount: value.slice(slash + 1) };
      });
    default:
      return [];
  }
}

/** `td/ns/NAMESPACE/sa/ACCOUNT`, or a namespace with a star behind it. */
function fromPrincipal(value: string, trustDomain: string): readonly Named[] {
  const parts = /^([^*]+)\/ns\/([^/*]+)\/(?:sa\/([^/*]+)$)?/.exec(value);
  if (!parts || parts[1] !== trustDomain) return [];
  return [{ namespace: parts[2]!, serviceAccount: parts[3] }];
}
