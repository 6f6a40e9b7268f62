// Where a connection for an entry ends up outside the mesh.
import { firstOfEach } from '../../base/first-of-each.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { endpointServices, type EndpointService } from '../../mesh/hosts/endpoint-services.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import { authorityOf } from './client-bytes.ts';
import type { TraceRequest } from './request.ts';
import type { Entry, TraceState } from './state.ts';
import { entriesSelected, podsSelected } from '../../mesh/hosts/selected-endpoints.ts';
import { selectsEndpoint } from '../../mesh/label-selector.ts';
import { entriesIn } from '../../mesh/hosts/owners-in.ts';

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** `envoy` at a waypoint or in a sidecar, `gateway` at an egress gateway, `ztunnel` where none is. */
export interface DialledOptions {
  readonly by: 'envoy' | 'gateway' | 'ztunnel';
  readonly request: TraceRequest;
  /** Of the Service of that type that the client calls. */
  readonly externalName?: string | undefined;
  /** Of the waypoint; undefined for other proxies. */
  readonly namespace?: string | undefined;
  /** Those of the route's subset, which its endpoints have. */
  readonly labels?: ReadonlyMap<string, string> | undefined;
  /** Whether Envoy originates TLS. */
  readonly tls?: boolean;
}

/**
 * Every endpoint that can be dialled, in order; none where an entry has none. An endpoint's own port of that name counts
 * before `targetPort`, which counts before the number. istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/conversion.go convertEndpoint.
 */
export function dialledFor(
  mesh: Mesh,
  entry: Entry,
  host: string,
  port: ServiceEntryPort | undefined,
  options: DialledOptions,
): readonly Target[] {
  const { by, request, namespace, labels } = options;
  const own = dialledByEntry(mesh, entry, host, port, options);
  const resolution = entry.spec.resolution?.value ?? 'NONE';
  if (isAlone(resolution, by)) return own;
  if (labels && labels.size > 0) return own;
  const wanted = { host, home: entry.namespace, request };
  if (resolution.startsWith('DNS'))
    return inSameOrder(own, dialledInNamespace(mesh, { ...wanted, port: port?.number?.value }), namespace);
  const all =
    namespace === undefined
      ? dialledInNamespace(mesh, { ...wanted, port: port?.name?.value })
      : handedOut(mesh, wanted, port, namespace).flatMap(({ targets }) => targets);
  return inSameOrder(own, all, namespace);
}

/**
 * Endpoints of other entries of the host do not count, nor those of DNS_ROUND_ROBIN where the port has one: istio@86c9f01
 * pilot/pkg/serviceregistry/serviceentry/conversion.go mergeServicesInstancesByNamespaceHost. Of a resolution that does not exist only that is
 * told: the API server refuses it.
 */
function isAlone(resolution: string, by: DialledOptions['by']): boolean {
  if (by === 'ztunnel' || resolution === 'DNS_ROUND_ROBIN') return true;
  return resolution === 'NONE' ? by === 'envoy' : resolution !== 'STATIC' && !resolution.startsWith('DNS');
}

/** Of the state's backend, for the proxy that has the request. */
export function targetsOf(
  { backend, request, externalName, waypoint, path, tls }: TraceState,
  mesh: Mesh,
): readonly Target[] {
  return dialledFor(mesh, backend!.entry, backend!.host, backend!.port, {
    by: path === 'gateway' ? 'gateway' : 'envoy',
    request,
    externalName,
    namespace: waypoint?.namespace,
    labels: backend!.labels,
    tls: tls?.state === 'originated',
  });
}

/** At a waypoint its own come first. Else the order is the same whichever of the entries is asked about. */
function inSameOrder(own: readonly Target[], all: readonly Target[], namespace: string | undefined): readonly Target[] {
  const targets = differentTargets(all);
  if (namespace === undefined) return differentTargets([...targets, ...own]);
  const keys = new Set(targets.map(keyOf));
  return differentTargets([...own.filter((one) => keys.has(keyOf(one))), ...targets]);
}

function differentTargets(targets: readonly Target[]): readonly Target[] {
  return firstOfEach(targets, keyOf);
}

function keyOf({ address, port }: Target): string {
  return `${address} ${port}`;
}

export interface HandedOut {
  readonly by: EndpointService;
  readonly targets: readonly Target[];
}

/** To a waypoint of that namespace for a STATIC host: for each service that age may choose. */
export function handedOut(
  mesh: Mesh,
  wanted: Omit<Wanted, 'home' | 'port'>,
  port: ServiceEntryPort | undefined,
  namespace: string,
): readonly HandedOut[] {
  const number = port?.number?.value;
  if (number === undefined) return [];
  return endpointServices(mesh, wanted.host, number, namespace).map((by) => ({
    by,
    targets: dialledInNamespace(mesh, { ...wanted, home: by.namespace, port: by.portName }),
  }));
}

interface Wanted {
  readonly host: string;
  readonly home: string;
  /** Its name, where istiod hands out addresses; its number, where the proxy resolves the host itself. */
  readonly port: string | number | undefined;
  readonly request: TraceRequest;
}

/**
 * The endpoints of all entries of the host there: the same for each of them, so that of N copies not each is compared with each. What istiod hands out are
 * addresses, by the ports' names; what a proxy resolves itself goes by their numbers. istio@86c9f01 pilot/pkg/model/endpointshards.go CopyEndpoints;
 * pilot/pkg/serviceregistry/serviceentry/conversion.go mergeServicesInstancesByNamespaceHost; pilot/pkg/xds/endpoints/endpoint_builder.go BuildClusterLoadAssignment.
 */
function dialledInNamespace(mesh: Mesh, { host, port, home, request }: Wanted): readonly Target[] {
  if (port === undefined) return [];
  const isName = typeof port === 'string';
  const key = JSON.stringify([normalizeHost(host), home, port, request.port]);
  return mesh.derived(`dialled ${key}`, (view) => {
    const found = entriesIn(view, host, home).flatMap((entry) => {
      const resolution = entry.spec.resolution?.value ?? 'NONE';
      if (resolution === 'NONE' || resolution === 'DYNAMIC_DNS') return [];
      if (!isName && resolution === 'DNS_ROUND_ROBIN') return [];
      const same = entry.spec.ports.find((one) => (isName ? one.name : one.number)?.value === port);
      const targets = same ? endpointsOf(view, entry, host, same, ownPort(same, request)) : [];
      return isName && resolution !== 'STATIC' ? targets.filter(({ address }) => isIpAddress(address)) : targets;
    });
    return differentTargets(found);
  });
}

function dialledByEntry(
  mesh: Mesh,
  entry: Entry,
  host: string,
  port: ServiceEntryPort | undefined,
  options: DialledOptions,
): readonly Target[] {
  const { by, request, labels, externalName } = options;
  const resolution = entry.spec.resolution?.value ?? 'NONE';
  const own = ownPort(port, request);
  if (resolution === 'NONE' && by !== 'gateway') {
    // The port that the client dials is kept, whichever the route names. server/docs/istio-semantics.md §12.20.
    const kept = port?.targetPort?.value ?? request.port;
    return [
      {
        address: dialledAddress(mesh, entry, host, externalName ?? request.host),
        port: by === 'envoy' ? kept : request.port,
      },
    ];
  }
  if (resolution === 'DYNAMIC_DNS') return [dialledByHost(port, own, options)];
  return endpointsOf(mesh, labels ? ofSubset(entry, labels) : entry, host, port, own);
}

function ofSubset(entry: Entry, labels: ReadonlyMap<string, string>): Entry {
  const endpoints = entry.spec.endpoints.filter((endpoint) => selectsEndpoint(labels, endpoint.labels));
  return { ...entry, spec: { ...entry.spec, endpoints } };
}

/**
 * A waypoint, a sidecar or an egress gateway dials what the Host header says; where that has no port, 443 with TLS of its own, else 80, whichever port the
 * client called (a waypoint has no route for a Host with a port). server/docs/istio-semantics.md §12.11; envoy@0f39b1c source/extensions/filters/http/dynamic_forward_proxy/proxy_filter.cc decodeHeaders (default_port).
 */
function dialledByHost(
  port: ServiceEntryPort | undefined,
  own: number,
  { by, request, tls = false }: DialledOptions,
): Target {
  // At a gateway its route decides that it is HTTP.
  const isByHost = by === 'gateway' || (by === 'envoy' && protocolKind(port?.protocol?.value) === 'http');
  if (!isByHost) return { address: request.host, port: own };
  const [, name = '', written] = /^(.*?)(?::(\d+))?$/.exec(authorityOf(request))!;
  const byScheme = tls ? 443 : 80;
  return { address: name.toLowerCase(), port: written === undefined ? byScheme : Number(written) };
}

function ownPort(port: ServiceEntryPort | undefined, request: Pick<TraceRequest, 'port'>): number {
  return port?.targetPort?.value ?? port?.number?.value ?? request.port;
}

function endpointsOf(
  mesh: Mesh,
  entry: Entry,
  host: string,
  port: ServiceEntryPort | undefined,
  own: number,
): readonly Target[] {
  const workloads = entry.spec.workloadSelector ? workloadsOf(mesh, entry) : entry.spec.endpoints;
  const named = workloads.flatMap(({ address, ports }) =>
    address ? [{ address: address.value, port: (port?.name && ports.get(port.name.value)) ?? own }] : [],
  );
  if (named.length > 0) return named;
  if (entry.spec.workloadSelector) return selectsPods(mesh, entry) ? [{ address: host, port: own }] : [];
  return ['STATIC', 'NONE'].includes(entry.spec.resolution?.value ?? 'NONE')
    ? []
    : [{ address: normalizeHost(host), port: own }];
}

/** Without resolution the address that the client dialled is the endpoint: its own, or one that the entry lists. */
function dialledAddress(mesh: Mesh, entry: Entry, host: string, called: string): string {
  const address = virtualAddress(mesh, entry, host);
  const isCalled = (name: string): boolean => normalizeHost(name) === normalizeHost(called);
  // By any of its names: the addresses are the same for all.
  const isName = host.startsWith('*') || [host, ...entry.spec.hosts.map(({ value }) => value)].some(isCalled);
  return isName && address.state === 'listed' ? address.addresses[0]! : called;
}

/** Their addresses are in no file. */
function selectsPods(mesh: Mesh, { namespace, spec }: Entry): boolean {
  return podsSelected(mesh, namespace, spec.workloadSelector!).length > 0;
}

function workloadsOf(
  mesh: Mesh,
  entry: Entry,
): readonly {
  readonly address: { readonly value: string } | undefined;
  readonly ports: ReadonlyMap<string, number>;
}[] {
  return entriesSelected(mesh, entry.namespace, entry.spec.workloadSelector!).map(({ spec }) => spec);
}
