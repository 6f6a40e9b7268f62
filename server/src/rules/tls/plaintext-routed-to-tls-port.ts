import { inPortions } from '../../base/steps.ts';
import { isForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { tlsOfRule } from '../../mesh/destination-rules/client-tls.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import { unusedDestinations } from '../../mesh/routes/unused-routes.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { RouteDestination, ServiceEntryPort } from '../../model/specs.ts';
import { fullHost, patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { routeInputs } from '../shared/inputs.ts';
import { defineRule } from '../rule.ts';
import { isFaultOfRule } from './faults/faults-of-rule.ts';

type Entry = Resource<'ServiceEntry'>;

export const plaintextRoutedToTlsPort = defineRule({
  id: 'plaintext-routed-to-tls-port',
  stage: 'tls',
  summary: 'Requests fail because an HTTP route of a VirtualService sends plain HTTP to a port that expects TLS.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['VirtualService'],
  isOfIstioWaypoints: true,
  inputs: [
    'ServiceEntry',
    'Service',
    'DestinationRule',
    'BackendTLSPolicy',
    'AuthorizationPolicy',
    'Telemetry',
    'Namespace',
    'Gateway',
    'GatewayClass',
    'IstioGateway',
    ...routeInputs,
  ],

  *check(route, mesh) {
    // A route that no proxy uses is `route-kind-mismatch`.
    const unused = unusedDestinations(mesh, route);
    const used = route.spec.http.flatMap(({ destinations }) => destinations.filter((one) => !unused.has(one)));
    for (const destination of inPortions(used)) {
      if (!destination) yield undefined;
      const found = destination && tlsPortOf(mesh, route, destination);
      if (!found) continue;
      const { entry, port } = found;
      yield {
        at: destination.port?.span ?? destination.host!.span,
        message: messageFor(mesh, route, found),
        related: [
          {
            resource: entry,
            at: port.protocol!.span,
            message: `${describe(entry)} declares port ${port.number!.value}.`,
          },
        ],
        data: null,
      };
    }
  },
});

/** Where no port of the hosts is for plain HTTP, the author means the clients' own TLS, which passes the route by. */
function messageFor(mesh: Mesh, { spec, namespace }: Resource<'VirtualService'>, { host, port }: TlsPort): string {
  const target = `port ${port.number!.value} of ${host}`;
  const protocol = port.protocol!.value;
  const isAtSidecars = isForMesh(spec.gateways);
  const kinds = spec.hosts.map(({ value }) => tlsAlone(mesh, fullHost(value, namespace, mesh.settings.clusterDomain)));
  const isForTls = isAtSidecars && kinds.includes(true) && !kinds.includes(false);
  return isForTls
    ? `This HTTP route does not apply to the TLS that clients send to ${target} (${protocol}), so its timeouts, retries and matches have no effect, and plain HTTP that it takes fails there.`
    : `Requests fail: this HTTP route sends plain HTTP to ${target}, which expects TLS (${protocol}), and no DestinationRule originates TLS for it.`;
}

/** Whether all ports of a host are for TLS; undefined where nothing has it. */
function tlsAlone(mesh: Mesh, host: string): boolean | undefined {
  return mesh.derived(`is for TLS alone ${host}`, (view) => {
    const owners = view.hostOwners(host);
    return owners.length === 0
      ? undefined
      : owners.every(
          ({ resource }) =>
            resource.kind === 'ServiceEntry' &&
            resource.spec.ports.every((one) => protocolKind(one.protocol?.value) === 'tls'),
        );
  });
}

interface TlsPort {
  readonly entry: Entry;
  readonly host: string;
  readonly port: ServiceEntryPort;
}

/**
 * The port of an outside host where the client's TLS is expected, and no rule anywhere opens it. HTTP routes are for traffic that
 * a proxy sees as HTTP; what arrives as TLS never takes one.
 * istio@86c9f01 pilot/pkg/networking/core/route/route.go BuildHTTPRoutesForVirtualService
 */
function tlsPortOf(
  mesh: Mesh,
  { namespace }: Resource<'VirtualService'>,
  { host: written, port: wanted }: RouteDestination,
): TlsPort | undefined {
  if (!written) return undefined;
  const host = fullHost(written.value, namespace, mesh.settings.clusterDomain);
  return mesh.derived(`port for TLS ${wanted?.value} of ${host}`, (view) => tlsPortIn(view, host, wanted?.value));
}

function tlsPortIn(mesh: Mesh, host: string, wanted: number | undefined): TlsPort | undefined {
  const owners = mesh.hostOwners(host).map(({ resource }) => resource);
  const entries = owners.filter((one): one is Entry => one.kind === 'ServiceEntry');
  if (entries.length !== owners.length || !mesh.knows('DestinationRule')) return undefined;
  if (!entries.every((one) => expectsTls(mesh, one, host, portOf(one, wanted)))) return undefined;
  const [entry] = entries;
  const port = entry && portOf(entry, wanted);
  return entry && port ? { entry, host, port } : undefined;
}

function expectsTls(mesh: Mesh, entry: Entry, host: string, port: ServiceEntryPort | undefined): boolean {
  // At a waypoint the trace follows the route and says what comes of it.
  const isFollowed = bindWaypoint(mesh, entry).state === 'bound';
  if (!port || protocolKind(port.protocol?.value) !== 'tls' || !isExternal(entry) || isFollowed) return false;
  return !mayOriginate(mesh, entry, host, port);
}

/** Without a number, it is the only port. istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster */
function portOf({ spec }: Entry, number: number | undefined): ServiceEntryPort | undefined {
  const listed = spec.ports.filter((one) => one.number !== undefined);
  if (number === undefined) return listed.length === 1 ? listed[0] : undefined;
  return listed.find((one) => one.number!.value === number);
}

/** The rule that a sidecar or gateway applies depends on the client: if any could originate TLS, or is reported for not doing so, there is no finding. */
function mayOriginate(mesh: Mesh, entry: Entry, host: string, port: ServiceEntryPort): boolean {
  const rules = patternsFor(host).flatMap((pattern) => mesh.destinationRulesAnywhere(pattern));
  return (
    rules.some((rule) => {
      const own = tlsOfRule(rule, port.number!.value);
      const isReported = own.cause !== undefined && isFaultOfRule(mesh, rule, own.cause, port);
      return own.mode !== undefined || own.cause === undefined || rule.spec.subsets.length > 0 || isReported;
    }) || mesh.targeting('ServiceEntry', entry.namespace, entry.name).some(({ kind }) => kind === 'BackendTLSPolicy')
  );
}
