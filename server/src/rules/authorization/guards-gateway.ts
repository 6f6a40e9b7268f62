import type { Resource } from '../../model/resource.ts';
import { gatewayName } from '../../model/label-names.ts';

/** Whether the policy picks the pods of an ingress or egress gateway, which are proxies of their own. */
export function guardsGateway({ spec }: Resource<'AuthorizationPolicy'>): boolean {
  const labels = spec.selector?.matchLabels;
  return (
    labels !== undefined &&
    (labels.has('istio') || labels.has(gatewayName) || [...labels.values()].some((value) => /gateway/i.test(value)))
  );
}
