// Which policies the pods of an egress gateway, or of a client, enforce: those of their own and of the root namespace that select them.
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export interface GatewayPolicies {
  readonly policies: readonly Policy[];
  /** Policies whose selectors ask for labels that the pods may have. */
  readonly possible: readonly Policy[];
  /** Whether policies that no file shows are ruled out. */
  readonly areAllKnown: boolean;
}

/** Policies with targetRefs are for gateways of the Gateway API, which read the others too. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy; §H.2, §H.3. */
export function policiesAtPods(
  mesh: Mesh,
  {
    namespace,
    labels,
    hasAllLabels,
    managed,
  }: Pick<EgressGateway, 'namespace' | 'labels' | 'hasAllLabels' | 'managed'>,
  otherNamespaces: readonly string[] = [],
): GatewayPolicies {
  const namespaces = [...new Set([mesh.settings.rootNamespace, namespace, ...otherNamespaces])];
  const found = namespaces
    .flatMap((one) => mesh.inNamespace('AuthorizationPolicy', one))
    .filter(({ spec }) => spec.targetRefs.length === 0)
    .map((policy) => ({
      policy,
      asks: [...(policy.spec.selector?.matchLabels ?? [])].filter(([key, value]) => labels.get(key) !== value),
    }));
  const attached = managed ? mesh.targeting('Gateway', namespace, managed.name) : [];
  const onGateway = attached.filter((one) => one.kind === 'AuthorizationPolicy');
  return {
    policies: [...onGateway, ...found.filter(({ asks }) => asks.length === 0).map(({ policy }) => policy)],
    possible: hasAllLabels
      ? []
      : found
          .filter(({ asks }) => asks.length > 0 && asks.every(([key]) => !labels.has(key)))
          .map(({ policy }) => policy),
    areAllKnown: namespaces.every((one) => mesh.knows('AuthorizationPolicy', one)),
  };
}
