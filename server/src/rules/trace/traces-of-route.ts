// Requests that a VirtualService means for an egress gateway, followed from a client with a sidecar.
import { keptFor } from '../../base/kept-for.ts';
import { egressGatewayOf, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { couldHaveSidecars, namespaceDataPlane, namespacesJoining } from '../../mesh/clients/data-plane.ts';
import { labelsWithSidecar } from '../../mesh/clients/injection.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { hostsOfService, isForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import type { Resource } from '../../model/resource.ts';
import type { VirtualServiceMatch, VirtualServiceRoute } from '../../model/specs.ts';
import { fullHost, looksInCluster, patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { concreteHost } from '../../eval/trace/concrete-host.ts';
import { plainRequest } from '../../eval/trace/samples-of-routes.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import { hostMeant } from '../../eval/trace/host-meant.ts';
import { sampleRequest } from '../../eval/trace/sample-request.ts';
import { authorization } from '../../eval/trace/stages/authorization.ts';
import type { Trace } from '../../eval/trace/step.ts';
import { trace } from '../../eval/trace/trace.ts';

type Service = Resource<'VirtualService'>;
type Kind = 'http' | 'tls' | 'tcp';

type RouteClient = 'sidecar' | 'assumed' | 'ambient' | 'outside';

export interface RouteTrace {
  readonly kind: Kind;
  readonly leg: VirtualServiceRoute;
  readonly index: number;
  /** Undefined for a rule without matches. */
  readonly match: VirtualServiceMatch | undefined;
  readonly gateway: EgressGateway;
  readonly request: TraceRequest;
  readonly trace: Trace;
  /**
   * `assumed`: no file shows whether pods of the namespace have sidecars. `ambient`: they have none, and are followed as if they had.
   * `outside`: the same where the Namespace does not ask for injection, and nothing else in the files does.
   */
  readonly client: RouteClient;
}

/** The walks that are done, by view, as in `declared-traces.ts`. */
const walksIn = keptFor((_: Mesh) => new Map<Resource, readonly RouteTrace[]>());

/** One request for each match of each rule that sends an outside host to an egress gateway, followed once. */
export function tracesOfRoute(mesh: Mesh, service: Service): readonly RouteTrace[] {
  const done = walksIn(mesh);
  const [first] = service.spec.hosts;
  const host = first && fullHost(first.value, service.namespace, mesh.settings.clusterDomain);
  const found = done.get(service) ?? (host === undefined ? [] : tracesOfHost(mesh, service, host));
  done.set(service, found);
  return found;
}

/** The same for one host of the rule, its first or another one. */
export function tracesOfHost(mesh: Mesh, service: Service, host: string): readonly RouteTrace[] {
  const client = clientIn(mesh, service.namespace);
  if (!isForMesh(service.spec.gateways) || !client) return [];
  return (['http', 'tls', 'tcp'] as const).flatMap((kind) =>
    service.spec[kind].flatMap((leg, index) => {
      const gateway = gatewayOf(mesh, service, leg);
      if (!gateway) return [];
      const matches = leg.matches.length > 0 ? leg.matches : [undefined];
      return matches.flatMap((match) =>
        match && !isForMesh(match.gateways)
          ? []
          : requestsOf(mesh, service, { kind, match, host, client }).map(
              (request): RouteTrace => ({
                kind,
                leg,
                index,
                match,
                gateway,
                request,
                client,
                trace: trace(mesh, request, { skip: [authorization] }),
              }),
            ),
      );
    }),
  );
}

function clientIn(mesh: Mesh, namespace: string): RouteClient | undefined {
  const plane = namespaceDataPlane(mesh, namespace);
  if (plane.mode === 'sidecar' || plane.mode === 'ambient') return plane.mode;
  if (isOutside(mesh, namespace)) return 'outside';
  return plane.mode === 'unknown' && plane.because === 'not-described' ? 'assumed' : undefined;
}

/** The Namespace does not ask for injection, and neither a workload of it nor another Namespace does. */
export function isOutside(mesh: Mesh, namespace: string): boolean {
  const plane = namespaceDataPlane(mesh, namespace);
  const isNotEnrolled = plane.mode === 'none' && plane.because === 'not-enrolled';
  return isNotEnrolled && !couldHaveSidecars(mesh, namespace) && namespacesJoining(mesh, 'sidecar').length === 0;
}

function gatewayOf(mesh: Mesh, { namespace }: Service, leg: VirtualServiceRoute): EgressGateway | undefined {
  const { clusterDomain } = mesh.settings;
  const [destination] = leg.destinations;
  const written = destination?.host?.value;
  if (written === undefined || leg.destinations.length > 1 || !looksInCluster(written, clusterDomain)) return undefined;
  const host = fullHost(written, namespace, clusterDomain);
  const owners = mesh.hostOwners(host).map(({ resource }) => resource);
  const service = owners.find((owner) => owner.kind === 'Service');
  return owners.length === 0 || service ? egressGatewayOf(mesh, host, service) : undefined;
}

interface Wanted {
  readonly kind: Kind;
  readonly match: VirtualServiceMatch | undefined;
  readonly host: string;
  readonly client: RouteClient;
}

/** Nothing where no request for the match is found, or the host is not one outside. */
function requestsOf(
  mesh: Mesh,
  service: Service,
  { kind, match, host: first, client }: Wanted,
): readonly TraceRequest[] {
  const host = (match?.http && hostMeant(match.http, hostsOfService(service))) ?? first;
  const listed = portsOutside(mesh, host);
  const name = concreteHost(match?.sniHosts[0]?.value ?? host);
  const sample = match?.http ? sampleRequest({ ...match.http, bySegment: false }) : plainRequest;
  if (!listed || name === undefined || !sample) return [];
  const ports = match?.port === undefined ? listed[kind] : [match.port];
  const scheme = ({ http: 'http', tls: 'https', tcp: 'tcp' } as const)[kind];
  return ports.map((port) => ({
    ...sample,
    host: name,
    port,
    scheme,
    sni: undefined,
    from: {
      namespace: match?.sourceNamespace?.value ?? service.namespace,
      serviceAccount: 'default',
      labels: new Map([...(match?.sourceLabels ?? []), ...(client === 'sidecar' ? [] : labelsWithSidecar)]),
    },
  }));
}

/** Of the entries that have the host; undefined where none has it, or a Service does. */
function portsOutside(mesh: Mesh, host: string): Readonly<Record<Kind, readonly number[]>> | undefined {
  return mesh.derived(`ports outside ${host}`, (view) => {
    const owners = patternsFor(host).flatMap((pattern) => view.hostOwners(pattern).map(({ resource }) => resource));
    const entries = owners.filter((owner) => owner.kind === 'ServiceEntry');
    if (entries.length === 0 || entries.length < owners.length) return undefined;
    return { http: portsOf(entries, 'http'), tls: portsOf(entries, 'tls'), tcp: portsOf(entries, 'tcp') };
  });
}

function portsOf(entries: readonly Resource<'ServiceEntry'>[], kind: Kind): readonly number[] {
  const found = entries.flatMap(({ spec }) =>
    spec.ports.flatMap(({ number, protocol }) =>
      number && protocolKind(protocol?.value) === kind ? [number.value] : [],
    ),
  );
  return [...new Set(found)];
}
