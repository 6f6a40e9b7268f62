// Whether a VirtualService counts at a client's sidecar for a name that no service has: its host makes a domain of HTTP, or its server names a chain of TLS.
// server/docs/istio-semantics-classic.md §D.10, §D.11, §D.30.
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import { servicePortKind } from '../../names/protocols.ts';
import { servicesSeen, type SidecarClient } from '../clients/sidecar-scope.ts';
import { listedAtSidecar, hasPortNumber, type Owner } from '../hosts/owners-at-proxy.ts';
import { isReplacedByEndpoints } from '../hosts/whole-port.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import type { ByteRoute } from './byte-routes-at-sidecar.ts';
import { chainsOf, portOf } from './chain-of-port.ts';
import { isTls } from './sidecar-bytes.ts';
import { hasOwnListener } from './sidecar-chains.ts';
import { hostsOf } from './virtual-service-entries.ts';

/** Undefined where it is not known, or age decides. */
type Known = boolean | undefined;

interface At {
  readonly client: SidecarClient;
  readonly port: number;
}

/**
 * No wildcard is a domain where any service on the port meets it. Outside port 80 another host of the route must have one for HTTP.
 * istio@86c9f01 pilot/pkg/networking/core/route/route.go separateVSHostsAndServices, buildSidecarVirtualHostsForVirtualService.
 */
export function makesDomain(mesh: Mesh, at: At, service: Resource<'VirtualService'>, host: string): Known {
  const meets = host.startsWith('*') ? isMet(mesh, at, host, 'any') : false;
  if (meets !== false) return meets && false;
  if (at.port === 80) return true;
  const found = hostsOf(mesh, service).map((one) => servesHttp(mesh, at, one));
  return found.includes(true) || (found.includes(undefined) ? undefined : false);
}

/** Of services under a wildcard, which VirtualService counts for them is not looked at. */
function servesHttp(mesh: Mesh, at: At, host: string): Known {
  if (host.startsWith('*')) return isMet(mesh, at, host, 'http') === false ? false : undefined;
  return isAnySeen(
    mesh,
    at,
    mesh.hostOwners(host).filter(({ resource }) => suits(mesh, at, { resource, host }, 'http')),
    'http',
  );
}

/** Chains are made for services with TLS on the port that the route's hosts meet, and listen where nothing else tells connections apart. */
export function isChained(mesh: Mesh, at: At, { hosts }: ByteRoute): Known {
  const found = hosts.map((host) => isMet(mesh, at, host, 'tls'));
  return found.includes(true) || (found.includes(undefined) ? undefined : false);
}

type Wanted = 'any' | 'http' | 'tls';

function isMet(mesh: Mesh, at: At, host: string, wanted: Wanted): Known {
  const { namespace, labels, sidecar } = at.client;
  const key = JSON.stringify([host, at.port, wanted, namespace, [...labels], sidecar?.id]);
  return mesh.derived(`service that meets ${key}`, (view) => {
    const owners = [
      ...patternsFor(host).flatMap((pattern) => view.hostOwners(pattern)),
      ...(host.startsWith('*') ? view.hostOwnersUnder(host.slice(1)) : []),
    ];
    const suiting = owners.filter((owner) => suits(view, at, owner, wanted));
    return isAnySeen(view, at, suiting, wanted);
  });
}

function isAnySeen(mesh: Mesh, at: At, owners: readonly HostOwner[], wanted: Wanted): Known {
  let isOpen = false;
  for (const { host } of owners) {
    const seen = servicesSeen(mesh, at.client, host);
    const ways = seen && listedAtSidecar(mesh, at.client.namespace, seen);
    const having = ways?.filter((list) => list.some((resource) => suits(mesh, at, { resource, host }, wanted)));
    if (ways && having!.length === ways.length && ways.length > 0) return true;
    isOpen ||= having === undefined || having.length > 0;
  }
  return isOpen ? undefined : false;
}

function suits(mesh: Mesh, { port }: At, { resource, host }: HostOwner, wanted: Wanted): boolean {
  if (!hasPortNumber(resource, port)) return false;
  if (wanted === 'tls') return isTls(resource, port) && isOnWholePort(mesh, resource, host, port);
  return wanted === 'any' || isForHttp(resource, port);
}

/** Its chain is of the listener that all connections to the port meet. */
function isOnWholePort(mesh: Mesh, owner: Owner, host: string, port: number): boolean {
  const isReplaced = owner.kind === 'ServiceEntry' && isReplacedByEndpoints(mesh, owner, host, port);
  return !isReplaced && !hasOwnListener(mesh, owner, host);
}

function isForHttp(owner: Owner, number: number): boolean {
  if (owner.kind === 'ServiceEntry') {
    const port = portOf(owner, number);
    return port !== undefined && chainsOf(port).includes('http');
  }
  return owner.spec.ports.some((port) => port.number.value === number && servicePortKind(port) === 'http');
}
