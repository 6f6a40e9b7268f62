// An address that Istio allocates to a host, dialled on a port that leads past the mesh: nobody outside has it.
import { servicesFor, type SidecarClient } from '../../mesh/clients/sidecar-scope.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { patternsFor } from '../../names/hosts.ts';
import { clientBytes } from './client-bytes.ts';
import { atName, end, step, stop, type Entry, type TraceState, type Turn } from './state.ts';

/** Why nobody is at the address that the client was told for the name: Istio allocates it to an entry, and no port of that one takes the connection. §C.44. */
export function allocatedTo({ request }: TraceState, mesh: Mesh): TraceState['lost'] {
  const { host, port, from } = request;
  if (!mesh.settings.sidecarDnsCapture || isIpAddress(host)) return undefined;
  const named = patternsFor(host)
    .map((pattern) => ({ pattern, owners: entriesFor(mesh, from, pattern) }))
    .find(({ owners }) => owners.length > 0);
  const allocated = named?.owners.filter((one) => virtualAddress(mesh, one, named.pattern).state === 'allocated') ?? [];
  const [owner] = allocated;
  if (!named || !owner) return undefined;
  return {
    isSure: allocated.length === named.owners.length,
    why: `${host} resolves to an address that Istio allocates to ${describe(owner)}, which does not list port ${port}, and outside the mesh nobody has that address`,
    place: atName(owner),
  };
}

function entriesFor(mesh: Mesh, client: SidecarClient, pattern: string): readonly Entry[] {
  return (servicesFor(mesh, client, pattern) ?? []).filter((one) => one.kind === 'ServiceEntry');
}

/**
 * Why nobody is where a waypoint sends a request to an entry without resolution: that keeps the address which the client dialled, and
 * Istio allocated it to the host that the route is for. server/docs/istio-semantics.md §12.20.
 */
export function keptAllocated({ service }: TraceState, mesh: Mesh, entry: Entry): string | undefined {
  const isKept = (entry.spec.resolution?.value ?? 'NONE') === 'NONE' && service !== undefined;
  if (!isKept || virtualAddress(mesh, service.entry, service.host).state !== 'allocated') return undefined;
  return `${describe(entry)} has no resolution, so the waypoint keeps the address that the client dialled: Istio allocates it to ${service.host}, and outside the mesh nobody has it`;
}

/** Whether the sidecar dials what the client dialled: for what it does not know, and for entries without resolution. */
export function keepsAddress({ path, backend }: TraceState): boolean {
  return path === 'sidecar' && (backend?.entry.spec.resolution?.value ?? 'NONE') === 'NONE';
}

export function toNobody(state: TraceState, { why, place, isSure }: NonNullable<TraceState['lost']>): Turn {
  const { backend, isRequestSeen } = state;
  if (!isSure) {
    const message = `Perhaps ${why}: that depends on which entry was created first.`;
    return stop(state, step('upstream', 'unknown', message, place));
  }
  return end(state, [step('upstream', 'no', `${why}.`, place)], {
    verdict: 'fails',
    cause: 'port-not-listed',
    summary: `${why}.`,
    log: {
      upstreamCluster: backend?.cluster ?? 'PassthroughCluster',
      status: isRequestSeen && clientBytes(state.request) === 'http' ? 503 : undefined,
    },
  });
}
