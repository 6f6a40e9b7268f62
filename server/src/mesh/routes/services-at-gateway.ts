// Which VirtualServices are for a server of a gateway, and which of their matches count there.
// server/docs/istio-semantics-classic.md §B.4, §F.6, §F.10, §F.20, §F.21.
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { EgressGateway } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { gatewayNamed, type Server } from './gateway-servers.ts';
import { placeOfVirtualService } from './route-units.ts';
import type { Takes } from './virtual-service-entries.ts';

type VirtualService = Resource<'VirtualService'>;
type Gateway = Resource<'IstioGateway'>;

/** Those that see the gateway's pods, and name the Gateway. §B.4. */
export function isAttached(
  mesh: Mesh,
  { namespace }: EgressGateway,
  gateway: Gateway,
  service: VirtualService,
): boolean {
  return (
    namesGateway(service.spec.gateways, gateway, service.namespace) &&
    placeOfVirtualService(mesh, service, namespace) !== undefined
  );
}

export function namesGateway(
  written: readonly { readonly value: string }[],
  { namespace, name }: Gateway,
  from: string,
): boolean {
  return written.some(({ value }) => {
    const named = gatewayNamed(value, from);
    return value !== 'mesh' && named.namespace === namespace && named.name === name;
  });
}

/** A server's hosts that take routes of that namespace. §F.10. */
export function serverHosts(gateway: Gateway, { hosts }: Server, from: string): readonly string[] {
  return hosts
    .map(({ value }) => value.split('/').reverse())
    .filter(([, home = '*']) => home === '*' || home === from || (home === '.' && gateway.namespace === from))
    .map(([name = '']) => name.toLowerCase());
}

export function servicesOn(mesh: Mesh, { hosts }: Server): readonly VirtualService[] {
  const found = hosts.flatMap(({ value }) => {
    const host = value.slice(value.indexOf('/') + 1);
    return [
      ...patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern)),
      ...(host.startsWith('*') ? mesh.virtualServicesUnder(host.slice(1)) : []),
    ];
  });
  return [...new Set(found)];
}

/** §F.6, §F.21: HTTP compares labels and the namespace of the source with the gateway's own pods; bytes do not. */
export function takesAtGateway(
  { namespace, labels, hasAllLabels }: EgressGateway,
  gateway: Gateway,
  { port }: Server,
  { kind, from }: { readonly kind: 'http' | 'bytes'; readonly from: string },
): Takes {
  return ({ port: only, gateways, sourceLabels, sourceNamespace }) => {
    if ((only || port) !== port) return false;
    if (gateways.length > 0) return namesGateway(gateways, gateway, from);
    if (kind === 'bytes') return true;
    if ((sourceNamespace?.value || namespace) !== namespace) return false;
    const differing = [...sourceLabels].filter(([key, value]) => labels.get(key) !== value);
    if (differing.length === 0) return true;
    return hasAllLabels || differing.some(([key]) => labels.has(key)) ? false : undefined;
  };
}
