// A route to the Service of an egress gateway in a namespace where no file shows one, while the files show that it is in another.
import { serviceHost } from '../../names/hosts.ts';
import type { Resource } from '../../model/resource.ts';
import { namesakesOf } from '../hosts/namesakes.ts';
import type { Mesh } from '../mesh.ts';
import { gatewaysNamedBy } from '../routes/gateway-servers.ts';
import { workloadsIn } from './data-plane.ts';
import { managedGatewayBehind } from './managed-gateway.ts';

export type GatewayElsewhere =
  /** Services of that name in other namespaces. */
  | { readonly by: 'service'; readonly found: readonly [Resource<'Service'>, ...Resource<'Service'>[]] }
  /** The Gateways that the route names, all of another namespace than the route, which names the Service without a namespace. */
  | { readonly by: 'gateways'; readonly found: readonly [Resource<'IstioGateway'>, ...Resource<'IstioGateway'>[]] };

export interface NamedService {
  /** In full. */
  readonly host: string;
  /** Whether it is written without a namespace, so that Istio completes it. */
  readonly isShort: boolean;
  /** What names it; the Gateways of a route count too. */
  readonly by: Resource;
}

/** Undefined where a file shows the Service or its pods, or nothing shows that it is elsewhere. istio@86c9f01 pilot/pkg/model/config.go ResolveShortnameToFQDN. */
export function gatewayElsewhere(mesh: Mesh, { host, isShort, by }: NamedService): GatewayElsewhere | undefined {
  const [name = '', namespace = ''] = host.split('.');
  if (host !== serviceHost({ name, namespace }, mesh.settings.clusterDomain)) return undefined;
  if (mesh.hostOwners(host).length > 0 || managedGatewayBehind(mesh, host)) return undefined;
  if (workloadsIn(mesh, namespace).some((one) => one.name === name || isOfChart(one.spec.labels, name)))
    return undefined;
  const [service, ...services] = namesakesOf(mesh, 'Service', namespace, name);
  if (service) return { by: 'service', found: [service, ...services] };
  const named = isShort && by.kind === 'VirtualService' ? gatewaysNamedBy(mesh, by as Resource<'VirtualService'>) : [];
  const [gateway, ...gateways] = named;
  return gateway && named.every((one) => one.namespace !== namespace)
    ? { by: 'gateways', found: [gateway, ...gateways] }
    : undefined;
}

/** Labels of pods as Istio's charts write them. server/docs/istio-semantics-classic.md §F.2. */
function isOfChart(labels: ReadonlyMap<string, { readonly value: string }>, name: string): boolean {
  return labels.get('app')?.value === name || labels.get('istio')?.value === name.replace(/^istio-/, '');
}
