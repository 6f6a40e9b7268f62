// The egress gateways that routes of sidecars lead to, found from what configures or selects their pods.
import { firstOfEach } from '../../base/first-of-each.ts';
import { addToGroup } from '../../base/group-by.ts';
import { keptFor } from '../../base/kept-for.ts';
import { selects } from '../label-selector.ts';
import type { Resource } from '../../model/resource.ts';
import { fullHost, looksInCluster } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { mayBeSamePods, withChartLabels } from '../routes/gateway-servers.ts';
import { isForMesh } from '../routes/virtual-service-entries.ts';
import { egressGatewayAt, serversOnPort, type EgressGateway, type ServerOnPort } from './egress-gateway.ts';

/** Gateways behind the Services that routes of sidecars name for hosts of this Gateway. */
export function egressGatewaysOf(mesh: Mesh, gateway: Resource<'IstioGateway'>): readonly EgressGateway[] {
  const hosts = gateway.spec.servers.flatMap((server) => server.hosts.map(({ value }) => value.replace(/^.*\//, '')));
  const found = [...new Set(hosts)].flatMap((host) => withGateway(egressGatewaysFor(mesh, host), gateway));
  return firstOfEach(found, ({ host }) => host);
}

interface Placed {
  readonly place: number;
  readonly found: EgressGateway;
}

/** Where routes for a host lead. Each of many teams can have its own egress gateway, or all can configure one. */
interface LedTo {
  readonly shared: readonly Placed[];
  /** The others, by the ids of the Gateways that configure them. */
  readonly byGateway: ReadonlyMap<number, readonly Placed[]>;
}

/** More Gateways than this are not noted for each host whose routes lead there. */
const few = 8;

function withGateway({ shared, byGateway }: LedTo, { id }: Resource<'IstioGateway'>): readonly EgressGateway[] {
  return [...shared.filter(({ found }) => gatewaysAt(found).has(id)), ...(byGateway.get(id) ?? [])]
    .sort((a, b) => a.place - b.place)
    .map(({ found }) => found);
}

const gatewaysAt = keptFor(
  ({ gateways, possible }: EgressGateway): ReadonlySet<number> =>
    new Set([...gateways, ...possible].map(({ id }) => id)),
);

/** Behind the Services that routes for the host name. */
function egressGatewaysFor(mesh: Mesh, host: string): LedTo {
  return mesh.derived(`egress gateways of routes for ${host}`, (view) => {
    const routes = host.startsWith('*') ? view.virtualServicesUnder(host.slice(1)) : view.virtualServices(host);
    const shared: Placed[] = [];
    const byGateway = new Map<number, [Placed, ...Placed[]]>();
    for (const [place, name] of [...new Set(routes.flatMap((route) => servicesNamed(view, route)))].entries()) {
      const found = egressGatewayAt(view, name);
      if (!found) continue;
      if (gatewaysAt(found).size > few) shared.push({ place, found });
      else for (const id of gatewaysAt(found)) addToGroup(byGateway, id, { place, found });
    }
    return { shared, byGateway };
  });
}

/** The Services of the cluster to which sidecars send what the route is for. */
export function servicesNamed(mesh: Mesh, { namespace, spec }: Resource<'VirtualService'>): readonly string[] {
  const { clusterDomain } = mesh.settings;
  if (!isForMesh(spec.gateways)) return [];
  return [...spec.http, ...spec.tls, ...spec.tcp].flatMap(({ destinations }) =>
    destinations.flatMap(({ host }) =>
      host && looksInCluster(host.value, clusterDomain) ? [fullHost(host.value, namespace, clusterDomain)] : [],
    ),
  );
}

/** Egress gateways whose pods surely have these labels, found once for all policies with the selector. */
export function egressGatewaysSelected(mesh: Mesh, selector: ReadonlyMap<string, string>): readonly EgressGateway[] {
  if (selector.size === 0) return [];
  return mesh.derived(`egress gateways with ${JSON.stringify([...selector])}`, (view) => withLabels(view, selector));
}

function withLabels(mesh: Mesh, selector: ReadonlyMap<string, string>): readonly EgressGateway[] {
  const found = mesh
    .gatewaysSelecting(withChartLabels(selector))
    .filter(({ spec }) => mayBeSamePods(selector, spec.selector) === 'yes')
    .flatMap((gateway) => egressGatewaysOf(mesh, gateway));
  return firstOfEach(found, ({ host }) => host).filter((one) => selects(selector, one.labels));
}

type ListeningServer = ServerOnPort & { readonly written: number; readonly listening: number };

/** Every server of the gateway, with the port on which its pods listen for it. */
export const listeningServers = keptFor((gateway: EgressGateway): readonly ListeningServer[] => {
  const written = new Set(
    gateway.gateways.flatMap(({ spec }) => spec.servers.flatMap(({ port }) => (port === undefined ? [] : [port]))),
  );
  return [...written].flatMap((port) => {
    const { port: listening, servers } = serversOnPort(gateway, port);
    return servers.filter(({ server }) => server.port === port).map((one) => ({ ...one, written: port, listening }));
  });
});
