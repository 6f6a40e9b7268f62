// Evidence that the traffic to a host is intended to go through a waypoint.
import { isIpAddress } from '../../names/addresses.ts';
import { fullHost, hostMatches, patternsFor, serviceHost } from '../../names/hosts.ts';
import { egressGatewayAt, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { managedGatewayBehind } from '../../mesh/clients/managed-gateway.ts';
import { isForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import type { GatewayRoute } from '../../mesh/routes/route-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isExportedTo, isHiddenFrom } from '../../mesh/hosts/visibility.ts';
import {
  bindWaypoint,
  isWaypointClass,
  waypointLabelOf,
  type WaypointBinding,
  type WaypointLabel,
} from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { at, atName, type Entry } from './state.ts';
import { entriesListing } from './service-by-address.ts';
import type { TraceRequest } from './request.ts';
import type { Evidence } from './step.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { rulesAnywhere } from '../../mesh/destination-rules/matching-rules.ts';

/** Sidecars apply DestinationRules, BackendTLSPolicies and routes too, so for them these are no evidence of a waypoint. */
export type Client = 'any' | 'sidecar';

export interface IntendedWaypoint {
  /** A clause without its full stop. */
  readonly because: string;
  readonly evidence: Evidence;
  /** An egress gateway for clients with sidecars is meant. */
  readonly isGateway?: true;
}

/** For a host or address that a client of that namespace reaches without its ServiceEntries: the waypoint of any ServiceEntry that the client can see. */
export function intendedForHost(
  mesh: Mesh,
  request: Pick<TraceRequest, 'host' | 'port' | 'from'>,
  client: Client,
): IntendedWaypoint | undefined {
  const { host, from } = request;
  const owners = isIpAddress(host)
    ? entriesListing(mesh, host).map(({ owner }) => owner)
    : patternsFor(host).flatMap((pattern) => mesh.hostOwners(pattern).map((owner) => ({ ...owner, host })));
  for (const { resource, host: called } of owners) {
    const intended =
      resource.kind === 'ServiceEntry' && isForClient(mesh, resource, from.namespace)
        ? (intendedForEntry(mesh, resource, { ...request, host: called }, client) ??
          // The sidecar that knows no service for the host does not use the route either.
          byVirtualService(mesh, { ...request, host: called }))
        : undefined;
    if (intended) return intended;
  }
  return undefined;
}

/** One that mesh settings show to its own namespace is for nobody else; one that they hide from all is hidden by mistake. */
function isForClient(mesh: Mesh, entry: Entry, namespace: string): boolean {
  return !isHiddenFrom(mesh, entry.namespace, namespace) || isHiddenFrom(mesh, entry.namespace, entry.namespace);
}

/** A waypoint that is bound or named, an object that applies only at a waypoint, or a waypoint in the namespace. The label `none` opts out. */
export function intendedForEntry(
  mesh: Mesh,
  entry: Entry,
  asked: Pick<TraceRequest, 'host' | 'port' | 'from'>,
  client: Client = 'any',
): IntendedWaypoint | undefined {
  const binding = bindWaypoint(mesh, entry);
  if (client === 'sidecar') return byBinding(mesh, entry, binding) ?? byPolicy(mesh, entry, client);
  return (
    byBinding(mesh, entry, binding) ??
    byPolicy(mesh, entry, client) ??
    byRoute(mesh, entry) ??
    byVirtualService(mesh, asked) ??
    byRule(mesh, asked.host) ??
    (isOptedOut(binding) ? undefined : byNeighbour(mesh, entry))
  );
}

function byBinding(mesh: Mesh, entry: Entry, binding: WaypointBinding): IntendedWaypoint | undefined {
  const label = binding.state === 'unbound' ? hiddenLabel(mesh, entry) : binding.label;
  if (!label) return undefined;
  const { namespace, name, on, field } = label;
  return { because: `${describe(entry)} names waypoint ${namespace}/${name}`, evidence: at(on, field.span) };
}

function hiddenLabel(mesh: Mesh, entry: Entry): WaypointLabel | undefined {
  if (!isHiddenFrom(mesh, entry.namespace, entry.namespace)) return undefined;
  const label = waypointLabelOf(mesh, entry);
  return label && !['', 'none'].includes(label.name) ? label : undefined;
}

function byPolicy(mesh: Mesh, { namespace, name }: Entry, client: Client): IntendedWaypoint | undefined {
  const first = mesh
    .targeting('ServiceEntry', namespace, name)
    .find(({ kind }) => client === 'any' || kind !== 'BackendTLSPolicy');
  return first && onlyThere(first);
}

function byRoute(mesh: Mesh, { namespace, name }: Entry): IntendedWaypoint | undefined {
  const [first] = mesh.routesTo('ServiceEntry', namespace, name);
  const gateway = first && gatewayBehind(mesh, first);
  if (!gateway) return first && onlyThere(first);
  const through = `egress gateway ${gateway.namespace}/${gateway.name}`;
  const because = `${describe(first)} sends clients with sidecars through ${through}`;
  return { because, evidence: atName(first), isGateway: true };
}

/** Of the Gateway API. */
function gatewayBehind(mesh: Mesh, { namespace: home, spec }: GatewayRoute): Resource<'Gateway'> | undefined {
  const services = spec.rules.flatMap(({ backendRefs }) =>
    backendRefs.filter(({ kind }) => (kind?.value ?? 'Service') === 'Service'),
  );
  const hosts = services.map(({ name, namespace }) =>
    serviceHost({ name: name?.value ?? '', namespace: namespace?.value ?? home }, mesh.settings.clusterDomain),
  );
  return hosts.map((host) => managedGatewayBehind(mesh, host)).find((one) => one !== undefined);
}

function onlyThere(resource: Resource): IntendedWaypoint {
  return { because: `${describe(resource)} has an effect only at a waypoint`, evidence: atName(resource) };
}

/** A rule for sidecars of the client's namespace that leads to an egress gateway: clients that do not use it go past the gateway. */
function byVirtualService(
  mesh: Mesh,
  { host, port, from: { namespace } }: Pick<TraceRequest, 'host' | 'port' | 'from'>,
): IntendedWaypoint | undefined {
  for (const service of patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern))) {
    const isMeant = isForMesh(service.spec.gateways) && isExportedTo(mesh, service, namespace);
    const gateway = isMeant ? gatewayOfRules(mesh, service, { host, port, namespace }) : undefined;
    if (!gateway) continue;
    const through = `egress gateway ${gateway.namespace}/${gateway.name}`;
    const because = `${describe(service)} sends clients with sidecars through ${through}`;
    return { because, evidence: atName(service), isGateway: true };
  }
  return undefined;
}

function gatewayOfRules(
  mesh: Mesh,
  { spec, namespace }: Resource<'VirtualService'>,
  client: { readonly host: string; readonly port: number; readonly namespace: string },
): EgressGateway | undefined {
  const rules = [...spec.http, ...spec.tls, ...spec.tcp].filter(
    ({ matches }) =>
      matches.length === 0 ||
      matches.some(
        ({ port, gateways, sourceNamespace, sniHosts }) =>
          (port || client.port) === client.port &&
          (sniHosts.length === 0 || sniHosts.some(({ value }) => hostMatches(value, client.host))) &&
          (sourceNamespace?.value || client.namespace) === client.namespace &&
          isForMesh(gateways),
      ),
  );
  for (const { host: written } of rules.flatMap(({ destinations }) => destinations)) {
    const to = fullHost(written?.value ?? '', namespace, mesh.settings.clusterDomain);
    const gateway = egressGatewayAt(mesh, to);
    if (gateway) return gateway;
  }
  return undefined;
}

function byRule(mesh: Mesh, host: string): IntendedWaypoint | undefined {
  const first = rulesAnywhere(mesh, host).find((rule) => ruleHost(rule, mesh.settings.clusterDomain) !== '*');
  return (
    first && {
      because: `${describe(first)} has an effect only at a waypoint`,
      evidence: at(first, first.spec.host?.span ?? first.at.name),
    }
  );
}

function byNeighbour(mesh: Mesh, entry: Entry): IntendedWaypoint | undefined {
  const gateway = mesh
    .inNamespace('Gateway', entry.namespace)
    .find((one) => isWaypointClass(one, mesh.settings) === true);
  return (
    gateway && {
      because: `waypoint ${gateway.namespace}/${gateway.name} is in the namespace of ${describe(entry)}`,
      evidence: atName(gateway),
    }
  );
}

function isOptedOut(binding: WaypointBinding): boolean {
  return binding.state === 'unbound' && binding.optedOut !== undefined;
}
