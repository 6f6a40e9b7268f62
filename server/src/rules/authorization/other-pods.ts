// A policy that names a host of an egress gateway, and selects other pods than those of the gateway.
import { egressGatewayAt, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { servicesNamed } from '../../mesh/clients/gateways-of-pods.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { hostsNamed } from './egress-intent.ts';
import { isOfOthers } from './misspelt-label.ts';

export interface OtherPods {
  readonly gateway: EgressGateway;
  /** Whose selector says which value the pods of the gateway have. */
  readonly by: Resource<'IstioGateway'>;
  readonly host: string;
  readonly key: string;
  readonly meant: string;
}

/** In the namespace of the gateway's pods. Undefined where the labels may be those of the gateway, or files show other pods with them. */
export function selectsOtherPods(mesh: Mesh, policy: Resource<'AuthorizationPolicy'>): OtherPods | undefined {
  const { namespace, spec } = policy;
  const asked = spec.selector?.matchLabels ?? new Map<string, string>();
  if (spec.targetRefs.length > 0 || asked.size === 0) return undefined;
  for (const { value } of spec.rules?.flatMap(hostsNamed) ?? []) {
    const host = value.replace(/:\d+$/, '');
    for (const gateway of gatewaysOnTheWay(mesh, host)) {
      const found = gateway.namespace === namespace ? mismatch(gateway, asked) : undefined;
      if (found) return isOfOthers(mesh, namespace, asked) ? undefined : { gateway, host, ...found };
    }
  }
  return undefined;
}

/** To which sidecars send requests to the host. */
function gatewaysOnTheWay(mesh: Mesh, host: string): readonly EgressGateway[] {
  const named = mesh.virtualServices(host).flatMap((service) => servicesNamed(mesh, service));
  return [...new Set(named)].flatMap((to) => egressGatewayAt(mesh, to) ?? []);
}

function mismatch(
  { gateways }: EgressGateway,
  asked: ReadonlyMap<string, string>,
): Pick<OtherPods, 'by' | 'key' | 'meant'> | undefined {
  for (const by of gateways)
    for (const [key, meant] of by.spec.selector) {
      const value = asked.get(key);
      if (value !== undefined && value !== meant) return { by, key, meant };
    }
  return undefined;
}
