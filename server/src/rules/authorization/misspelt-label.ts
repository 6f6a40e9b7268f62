// A selector of a policy that has a label of an egress gateway's pods, but for one slip in its value.
import { nearest } from '../../base/nearest.ts';
import { workloadsSelected } from '../../mesh/clients/data-plane.ts';
import { egressGatewayOf, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { selects } from '../../mesh/label-selector.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { serviceHost } from '../../names/hosts.ts';

export interface MisspeltLabel {
  readonly gateway: EgressGateway;
  readonly service: Resource<'Service'>;
  readonly key: string;
  readonly value: string;
  readonly meant: string;
}

/** In the namespace of the policy, where no pod and no Service has the labels. `ingressgateway` is two slips away from `egressgateway`. */
export function misspeltLabel(
  mesh: Mesh,
  { namespace, spec }: Resource<'AuthorizationPolicy'>,
): MisspeltLabel | undefined {
  const asked = spec.selector?.matchLabels ?? new Map<string, string>();
  if (spec.targetRefs.length > 0 || asked.size === 0) return undefined;
  for (const { gateway, service } of gatewaysIn(mesh, namespace)) {
    const slip = slipIn(asked, gateway.labels);
    if (slip) return isOfOthers(mesh, namespace, asked) ? undefined : { gateway, service, ...slip };
  }
  return undefined;
}

type WithService = Pick<MisspeltLabel, 'gateway' | 'service'>;

/** Those behind Services of the namespace. */
function gatewaysIn(mesh: Mesh, namespace: string): readonly WithService[] {
  return mesh.derived(`gateways behind Services of ${namespace}`, (view) =>
    view.inNamespace('Service', namespace).flatMap((service): WithService[] => {
      const gateway = egressGatewayOf(view, serviceHost(service, view.settings.clusterDomain), service);
      return gateway && gateway.gateways.length > 0 ? [{ gateway, service }] : [];
    }),
  );
}

/** Whether files show pods of the namespace with the labels, or a Service for them. */
export function isOfOthers(mesh: Mesh, namespace: string, asked: ReadonlyMap<string, string>): boolean {
  return (
    workloadsSelected(mesh, namespace, asked).length > 0 ||
    mesh.inNamespace('Service', namespace).some(({ spec: { selector } }) => selector && selects(asked, selector))
  );
}

function slipIn(
  asked: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string>,
): Pick<MisspeltLabel, 'key' | 'value' | 'meant'> | undefined {
  const different = [...asked].filter(([key, value]) => labels.get(key) !== value);
  const [[key, value] = ['', '']] = different;
  const meant = labels.get(key);
  if (different.length !== 1 || meant === undefined) return undefined;
  return nearest(value, [meant], { maxDistance: 1 }) === undefined ? undefined : { key, value, meant };
}
