// Whether a sidecar's listener sends a whole port to a ServiceEntry, because nothing tells its connections from others.
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import { servicesFor, servicesSeen, type SidecarClient } from '../clients/sidecar-scope.ts';
import type { Mesh } from '../mesh.ts';
import { entriesIn } from './owners-in.ts';
import { listsNoAddress } from './no-address.ts';
import { listedAtSidecar } from './owners-at-proxy.ts';
import { virtualAddress } from './virtual-address.ts';
import { bySight, type InSight } from './visibility.ts';

/**
 * A TCP port, or what is not HTTP on one whose protocol is detected, of an entry without addresses: the listener is 0.0.0.0:PORT and
 * matches all. A sidecar that captures DNS knows the allocated addresses.
 * server/docs/istio-semantics-classic.md §C.20, §C.21, §C.32; istio@86c9f01 pilot/pkg/networking/core/listener.go buildSidecarOutboundListener.
 */
export function takesWholePort(mesh: Mesh, entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): boolean {
  return (entry.spec.resolution?.value ?? 'NONE') !== 'NONE' && matchesWholePort(mesh, entry, port);
}

/** Entries of resolution NONE do so too, and leave connections at the address that the client dials. §C.24. */
export function matchesWholePort(mesh: Mesh, entry: Resource<'ServiceEntry'>, { protocol }: ServiceEntryPort): boolean {
  const { spec } = entry;
  if (!['tcp', 'sniffed'].includes(protocolKind(protocol?.value))) return false;
  if (!listsNoAddress(entry)) return false;
  if (!mesh.settings.sidecarDnsCapture) return true;
  return spec.hosts.some(({ value }) => virtualAddress(mesh, entry, value).state === 'none');
}

/** Whether the sidecar uses the entry in every order of age, where other services have its hosts. */
export function surelyTakesPort(mesh: Mesh, client: SidecarClient, { spec, id }: Resource<'ServiceEntry'>): boolean {
  return spec.hosts.some(({ value }) => {
    const seen = servicesSeen(mesh, client, value) ?? [];
    const lists = listedAtSidecar(mesh, client.namespace, seen);
    return lists.length > 0 && lists.every((listed) => listed.some((one) => one.id === id));
  });
}

/** Of more entries that have one port for all that comes to it, nobody reads what each would do. */
export const mostRivals = 8;

/** The entries that take a port for a client with a sidecar; of several, age decides. At most one more than `mostRivals`. */
export function wholePortOwners(mesh: Mesh, client: SidecarClient, port: number): readonly Resource<'ServiceEntry'>[] {
  const { namespace, labels, sidecar } = client;
  return mesh.derived(`whole port for ${JSON.stringify([namespace, [...labels], sidecar?.id, port])}`, (view) => {
    const { everywhere, named } = entriesForPort(view, port);
    const found: Resource<'ServiceEntry'>[] = [];
    for (const entries of [named.get(namespace) ?? [], everywhere])
      for (const entry of entries) {
        if (found.length > mostRivals) return found;
        if (isUsed(view, client, entry, port)) found.push(entry);
      }
    return found;
  });
}

function entriesForPort(mesh: Mesh, port: number): InSight<Resource<'ServiceEntry'>> {
  return mesh.derived(`entries for the whole port ${port}`, (view) =>
    bySight(
      view,
      view
        .entriesOnTcpPort(port)
        .filter((entry) =>
          entry.spec.ports.some((one) => one.number?.value === port && matchesWholePort(view, entry, one)),
        ),
    ),
  );
}

function isUsed(mesh: Mesh, client: SidecarClient, entry: Resource<'ServiceEntry'>, port: number): boolean {
  return entry.spec.hosts.some(
    ({ value }) =>
      !isReplacedByEndpoints(mesh, entry, value, port) && servicesFor(mesh, client, value)?.includes(entry) === true,
  );
}

/**
 * Whether an entry without resolution has listeners of addresses instead of one of the whole port: where another entry of its namespace
 * gives endpoints to its host and port. Names of hosts make no listener.
 * istio@86c9f01 pilot/pkg/networking/core/listener.go buildSidecarOutboundListeners.
 */
export function isReplacedByEndpoints(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  port: number,
): boolean {
  if ((entry.spec.resolution?.value ?? 'NONE') !== 'NONE' || !listsNoAddress(entry)) return false;
  return entriesIn(mesh, host, entry.namespace).some(
    (one) => givesEndpoints(one) && one.spec.ports.some(({ number }) => number?.value === port),
  );
}

/** The host itself is one where the proxy resolves it. */
function givesEndpoints({ spec }: Resource<'ServiceEntry'>): boolean {
  return spec.endpoints.length > 0 || ['DNS', 'DNS_ROUND_ROBIN'].includes(spec.resolution?.value ?? 'NONE');
}
