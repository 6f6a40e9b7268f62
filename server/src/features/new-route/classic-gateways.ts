// Classic egress gateways that a new route can take: those that the files show, and the one of Istio's own installation.
import { egressGatewayOf, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { egressGatewaysOf } from '../../mesh/clients/gateways-of-pods.ts';
import { namespacesJoining } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { serviceHost } from '../../names/hosts.ts';

const installed = { namespace: 'istio-system', name: 'istio-egressgateway' };

/** What a name leads to that is no gateway of the Gateway API; undefined where nothing shows that it is an egress gateway. */
export function classicGatewayNamed(
  mesh: Mesh,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): EgressGateway | undefined {
  if (mesh.named('Gateway', namespace, name).length > 0) return undefined;
  const [service] = mesh.named('Service', namespace, name);
  const host = serviceHost({ name, namespace }, mesh.settings.clusterDomain);
  const found = egressGatewayOf(mesh, host, service);
  return found && isForEgress(mesh, found) ? found : undefined;
}

/** An ingress gateway is found in the same way. */
function isForEgress(mesh: Mesh, gateway: EgressGateway): boolean {
  const isNamed = gateway.name.includes('egressgateway') || gateway.labels.get('istio')?.includes('egressgateway');
  return (
    isNamed === true ||
    gateway.gateways.some((one) => egressGatewaysOf(mesh, one).some(({ host }) => host === gateway.host))
  );
}

/** Those of the files; else the one of Istio's installation where clients have sidecars. */
export function classicGateways(mesh: Mesh): readonly EgressGateway[] {
  const routed = mesh.all('IstioGateway').flatMap((gateway) => egressGatewaysOf(mesh, gateway));
  const served = mesh.all('Service').flatMap((service) => classicGatewayNamed(mesh, service) ?? []);
  const found = [...new Map([...routed, ...served].map((one) => [one.host, one])).values()];
  if (found.length > 0 || namespacesJoining(mesh, 'sidecar').length === 0) return found;
  return [classicGatewayNamed(mesh, installed)].filter((one) => one !== undefined);
}

/** By which Gateways and policies select its pods: as they do it already. */
export function selectorOf({ gateways, labels, service }: EgressGateway): ReadonlyMap<string, string> {
  const own = gateways.find(({ spec }) => spec.selector.size > 0)?.spec.selector;
  if (own) return own;
  const istio = labels.get('istio');
  return istio === undefined ? (service?.spec.selector ?? labels) : new Map([['istio', istio]]);
}
