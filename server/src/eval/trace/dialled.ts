// Where a connection for an entry ends up outside the mesh.
import type { Mesh } from '../../mesh/mesh.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { serviceNamespaces } from '../../mesh/destination-rules/service-namespaces.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import type { TraceRequest } from './request.ts';
import type { Entry } from './state.ts';
import { entriesIn } from '../../mesh/hosts/owners-in.ts';

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** `envoy` at a waypoint or in a sidecar, `ztunnel` where none is. */
export interface DialledOptions {
  readonly by: 'envoy' | 'ztunnel';
  readonly request: TraceRequest;
  /** Of the waypoint, where one dials. */
  readonly namespace?: string | undefined;
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
  if (by === 'ztunnel' || namespace === undefined) return own;
  const resolution = entry.spec.resolution?.value;
  if (resolution === undefined || resolution === 'NONE' || resolution === 'DYNAMIC_DNS') return own;
  // Endpoints of a STATIC entry are looked up by the host alone, among what is exported to the waypoint.
  const homes = resolution === 'STATIC' ? serviceNamespaces(mesh, host, namespace) : [entry.namespace];
  const others = homes.flatMap((home) =>
    siblings(mesh, { entry, host, port, home }).map(([other, same]) =>
      dialledByEntry(mesh, other, host, same, { by, request }),
    ),
  );
  const merged = [...(homes.includes(entry.namespace) ? [own] : []), ...others].flat();
  return merged.filter(
    (one, i) => merged.findIndex(({ address, port: number }) => address === one.address && number === one.port) === i,
  );
}

interface Wanted {
  readonly entry: Entry;
  readonly host: string;
  readonly port: ServiceEntryPort | undefined;
  readonly home: string;
}

/**
 * Other entries of a namespace with the same host: a waypoint adds the endpoints of their ports of the same name, though
 * it keeps the ports of one of them.
 * istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/conversion.go mergeServicesInstancesByNamespaceHost; pilot/pkg/xds/endpoints/endpoint_builder.go NewEndpointBuilder.
 */
function siblings(mesh: Mesh, { entry, host, port, home }: Wanted): readonly (readonly [Entry, ServiceEntryPort])[] {
  return entriesIn(mesh, host, home).flatMap((other) => {
    if (other.id === entry.id) return [];
    const same = other.spec.ports.find(({ name }) => name !== undefined && name.value === port?.name?.value);
    const resolution = other.spec.resolution?.value ?? 'NONE';
    // The waypoint asks for endpoints of the host by name; where a service is found that it would resolve itself, it is given none.
    if (home !== entry.namespace && resolution !== 'STATIC' && !hidesNames(mesh, host, home, port)) return [];
    return same && resolution !== 'NONE' && resolution !== 'DYNAMIC_DNS' ? [[other, same] as const] : [];
  });
}

/** Whether an entry of that namespace that resolves no names has the host and the port: where it is the oldest, the endpoints of all are handed out. */
function hidesNames(mesh: Mesh, host: string, home: string, port: ServiceEntryPort | undefined): boolean {
  return entriesIn(mesh, host, home).some(
    ({ spec: { resolution, ports } }) =>
      !(resolution?.value ?? 'NONE').startsWith('DNS') &&
      ports.some(({ number }) => number?.value === port?.number?.value),
  );
}

function dialledByEntry(
  mesh: Mesh,
  entry: Entry,
  host: string,
  port: ServiceEntryPort | undefined,
  { by, request }: DialledOptions,
): readonly Target[] {
  const resolution = entry.spec.resolution?.value ?? 'NONE';
  const own = port?.targetPort?.value ?? port?.number?.value ?? request.port;
  if (resolution === 'NONE')
    return [{ address: dialledAddress(mesh, entry, host, request), port: by === 'envoy' ? own : request.port }];
  if (resolution === 'DYNAMIC_DNS') return [{ address: request.host, port: own }];
  return endpointsOf(mesh, entry, host, port, own);
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
  if (entry.spec.workloadSelector) return [{ address: host, port: own }];
  return entry.spec.resolution?.value === 'STATIC' ? [] : [{ address: normalizeHost(host), port: own }];
}

/** Without resolution the address that the client dialled is the endpoint: its own, or one that the entry lists. */
function dialledAddress(mesh: Mesh, entry: Entry, host: string, request: TraceRequest): string {
  const address = virtualAddress(mesh, entry, host);
  const isName = normalizeHost(request.host) === normalizeHost(host) || host.startsWith('*');
  return isName && address.state === 'listed' ? address.addresses[0]! : request.host;
}

function workloadsOf(
  mesh: Mesh,
  entry: Entry,
): readonly {
  readonly address: { readonly value: string } | undefined;
  readonly ports: ReadonlyMap<string, number>;
}[] {
  const selector = [...(entry.spec.workloadSelector ?? [])];
  return mesh
    .inNamespace('WorkloadEntry', entry.namespace)
    .map(({ spec }) => spec)
    .filter(({ labels }) => selector.every(([key, value]) => labels.get(key) === value));
}
