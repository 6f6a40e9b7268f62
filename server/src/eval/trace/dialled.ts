// Where a connection for an entry ends up outside the mesh.
import { firstOfEach } from '../../base/first-of-each.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { serviceNamespaces } from '../../mesh/destination-rules/service-namespaces.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import { authorityOf } from './client-bytes.ts';
import type { TraceRequest } from './request.ts';
import type { Entry } from './state.ts';
import { workloadsIn } from '../../mesh/clients/data-plane.ts';
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
  const { by, request, namespace } = options;
  const own = dialledByEntry(mesh, entry, host, port, options);
  if (by === 'ztunnel') return own;
  const resolution = entry.spec.resolution?.value ?? 'NONE';
  if ((resolution === 'NONE' && by === 'envoy') || resolution === 'DYNAMIC_DNS') return own;
  if (namespace === undefined) {
    if (options.labels && options.labels.size > 0) return own;
    const wanted = { host, port, home: entry.namespace, request };
    // Names are resolved by the proxy, or not at all.
    const isResolving = resolution.startsWith('DNS');
    const all = dialledInNamespace(mesh, wanted, isResolving ? 'any' : 'STATIC', isResolving);
    // In the same order whichever of the entries is asked about.
    return differentTargets([...all.map(({ target }) => target), ...own]);
  }
  // Endpoints of a STATIC entry are looked up by the host alone, among what is exported to the waypoint.
  const homes = resolution === 'STATIC' ? serviceNamespaces(mesh, host, namespace) : [entry.namespace];
  const wanted = { host, port, request };
  const others = homes.flatMap((home) => dialledBySiblings(mesh, entry, { ...wanted, home }));
  return differentTargets([...(homes.includes(entry.namespace) ? own : []), ...others]);
}

function differentTargets(targets: readonly Target[]): readonly Target[] {
  return firstOfEach(targets, keyOf);
}

function keyOf({ address, port }: Target): string {
  return `${address} ${port}`;
}

interface Wanted {
  readonly host: string;
  readonly port: ServiceEntryPort | undefined;
  readonly home: string;
  readonly request: TraceRequest;
}

/**
 * Other entries of a namespace with the same host: a waypoint adds the endpoints of their ports of the same name, though
 * it keeps the ports of one of them.
 * istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/conversion.go mergeServicesInstancesByNamespaceHost; pilot/pkg/xds/endpoints/endpoint_builder.go NewEndpointBuilder.
 */
function dialledBySiblings(mesh: Mesh, entry: Entry, wanted: Wanted): readonly Target[] {
  const { host, port, home } = wanted;
  // The waypoint asks for endpoints of the host by name; where a service is found that it would resolve itself, it is given none.
  const isAny = home === entry.namespace || hidesNames(mesh, host, home, port);
  return dialledInNamespace(mesh, wanted, isAny ? 'any' : 'STATIC')
    .filter(({ only }) => only !== entry.id)
    .map(({ target }) => target);
}

interface SharedTarget {
  readonly target: Target;
  /** The entry, where no other has this target. */
  readonly only: number | undefined;
}

/**
 * The same for all entries of the host there, so that of N copies not each is compared with each. What istiod hands out goes by the
 * ports' names, what a sidecar or gateway resolves itself by their numbers. istio@86c9f01 pilot/pkg/model/endpointshards.go CopyEndpoints.
 */
function dialledInNamespace(
  mesh: Mesh,
  { host, port, home, request }: Wanted,
  resolution: 'any' | 'STATIC',
  byNumber = false,
): readonly SharedTarget[] {
  const wanted = byNumber ? port?.number?.value : port?.name?.value;
  if (wanted === undefined) return [];
  const key = JSON.stringify([host, home, wanted, request.port, resolution]);
  return mesh.derived(`dialled ${key}`, (view) => {
    const found = entriesIn(view, host, home).flatMap((entry) => {
      const own = entry.spec.resolution?.value ?? 'NONE';
      if (resolution === 'STATIC' ? own !== 'STATIC' : own === 'NONE' || own === 'DYNAMIC_DNS') return [];
      const same = entry.spec.ports.find((one) => (byNumber ? one.number : one.name)?.value === wanted);
      return same
        ? endpointsOf(view, entry, host, same, ownPort(same, request)).map((target) => ({ target, id: entry.id }))
        : [];
    });
    return [...groupBy(found, ({ target }) => keyOf(target)).values()].map((owners): SharedTarget => {
      const { target, id } = owners[0];
      return { target, only: owners.every((other) => other.id === id) ? id : undefined };
    });
  });
}

/** Whether an entry of that namespace that resolves no names has the host and the port: where it is the oldest, the endpoints of all are handed out. */
function hidesNames(mesh: Mesh, host: string, home: string, port: ServiceEntryPort | undefined): boolean {
  const wanted = port?.number?.value;
  return mesh.derived(`hides names ${JSON.stringify([host, home, wanted])}`, (view) =>
    entriesIn(view, host, home).some(
      ({ spec: { resolution, ports } }) =>
        !(resolution?.value ?? 'NONE').startsWith('DNS') && ports.some(({ number }) => number?.value === wanted),
    ),
  );
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
 * A waypoint, a sidecar or an egress gateway dials what the Host header says, and there the port is missing: 443 with TLS of its own, else 80, whichever port the
 * client called. server/docs/istio-semantics.md §12.11; envoy@0f39b1c source/extensions/filters/http/dynamic_forward_proxy/proxy_filter.cc decodeHeaders (default_port).
 */
function dialledByHost(
  port: ServiceEntryPort | undefined,
  own: number,
  { by, request, tls = false }: DialledOptions,
): Target {
  // At a gateway its route decides that it is HTTP.
  const isByHost = by === 'gateway' || (by === 'envoy' && protocolKind(port?.protocol?.value) === 'http');
  if (!isByHost) return { address: request.host, port: own };
  return { address: authorityOf(request).replace(/:\d+$/, '').toLowerCase(), port: tls ? 443 : 80 };
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
  const isName = normalizeHost(called) === normalizeHost(host) || host.startsWith('*');
  return isName && address.state === 'listed' ? address.addresses[0]! : called;
}

/** Their addresses are in no file. */
function selectsPods(mesh: Mesh, { namespace, spec }: Entry): boolean {
  return workloadsIn(mesh, namespace).some((pod) => selectsEndpoint(spec.workloadSelector!, pod.spec.labels));
}

function workloadsOf(
  mesh: Mesh,
  entry: Entry,
): readonly {
  readonly address: { readonly value: string } | undefined;
  readonly ports: ReadonlyMap<string, number>;
}[] {
  return mesh
    .inNamespace('WorkloadEntry', entry.namespace)
    .map(({ spec }) => spec)
    .filter(({ labels }) => selectsEndpoint(entry.spec.workloadSelector!, labels));
}
