// Routes can change the connection to a host, and with it the TLS settings. If a route might, rules do not report:
// this module only checks whether any route could, not whether each proxy would use it.
import { normalizeHost, patternsFor, fullHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import type { BackendRef, RouteDestination, VirtualServiceRoute } from '../../model/specs.ts';

type Route = AnyResource<'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute'>;

/** Whether a route takes what arrives on that port anywhere but straight to the host's same port. */
export function isRerouted(mesh: Mesh, entry: Resource<'ServiceEntry'>, port: number, host: string): boolean {
  return (
    mesh.routesTo('ServiceEntry', entry.namespace, entry.name).some((route) => routeLeads(route, entry, port, host)) ||
    mesh.derivedOf(`rerouted ${port} of ${host}`, { port, host }, isReroutedByServices)
  );
}

interface PortOfHost {
  readonly port: number;
  readonly host: string;
}

function isReroutedByServices(mesh: Mesh, { port, host }: PortOfHost): boolean {
  return patternsFor(host).some((pattern) =>
    mesh.virtualServices(pattern).some((service) => virtualServiceLeads(mesh, service, port, host)),
  );
}

/** Whether a route brings plaintext to that port of the host, as egress gateways and port rewrites do on purpose. */
export function isRoutedInPlaintext(mesh: Mesh, port: number, host: string): boolean {
  return mesh.derived(`plaintext routes to ${port} of ${host}`, (view) => isLedToInPlaintext(view, port, host));
}

function isLedToInPlaintext(mesh: Mesh, port: number, host: string): boolean {
  return (
    mesh
      .routesToHost(host)
      .some(
        (route) =>
          route.kind !== 'TLSRoute' &&
          backends(route).some((backend) => isHost(backend, host) && backend.port?.value === port),
      ) ||
    mesh
      .virtualServicesRoutingTo(host)
      .some((service) =>
        [...service.spec.http, ...service.spec.tcp].some((route) =>
          [...route.destinations, ...route.mirrors].some(
            (destination) => goesTo(mesh, service, destination, host) && (destination.port?.value ?? port) === port,
          ),
        ),
      )
  );
}

function routeLeads(route: Route, entry: Resource<'ServiceEntry'>, port: number, host: string): boolean {
  const attached = route.spec.parentRefs.some(
    (ref) => ref.kind?.value === 'ServiceEntry' && ref.name?.value === entry.name && (ref.port?.value ?? port) === port,
  );
  // A rule without backends redirects or answers itself.
  return (
    attached &&
    route.spec.rules.some(
      ({ backendRefs }) =>
        backendRefs.length === 0 ||
        backendRefs.some((backend) => !isHost(backend, host) || backend.port?.value !== port),
    )
  );
}

function virtualServiceLeads(mesh: Mesh, service: Resource<'VirtualService'>, port: number, host: string): boolean {
  const leads = (route: VirtualServiceRoute) =>
    takes(route, port) &&
    (route.terminal ||
      route.delegate ||
      route.destinations.some(
        (destination) =>
          destination.subset !== undefined ||
          (destination.port?.value ?? port) !== port ||
          !goesTo(mesh, service, destination, host),
      ));
  // Not put together: one of the first often decides, and thousands of hosts can have the same thousands of rules.
  const { http, tls, tcp } = service.spec;
  return [http, tls, tcp].some((routes) => routes.some(leads));
}

function takes(route: VirtualServiceRoute, port: number): boolean {
  return route.matches.length === 0 || route.matches.some((match) => (match.port ?? port) === port);
}

function goesTo(mesh: Mesh, service: Resource<'VirtualService'>, destination: RouteDestination, host: string): boolean {
  return (
    destination.host !== undefined &&
    fullHost(destination.host.value, service.namespace, mesh.settings.clusterDomain) === host
  );
}

function backends(route: Route): readonly BackendRef[] {
  return route.spec.rules.flatMap(({ backendRefs }) => backendRefs);
}

function isHost(backend: BackendRef, host: string): boolean {
  return backend.kind?.value === 'Hostname' && normalizeHost(backend.name?.value ?? '') === host;
}
