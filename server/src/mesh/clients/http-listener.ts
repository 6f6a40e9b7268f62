// Whether a client's sidecar looks for HTTP on a port: only there does it answer plaintext requests to names that it does not know.
// server/docs/istio-semantics-classic.md §C.10, §C.41.
import type { Resource } from '../../model/resource.ts';
import type { Owner } from '../hosts/owners-at-proxy.ts';
import type { Mesh } from '../mesh.ts';
import { hostsOfEntry } from '../hosts/hosts-of-entry.ts';
import { serviceHost } from '../../names/hosts.ts';
import { hostOfGateway, isManaged } from './managed-gateway.ts';
import { importsHost, servicesFor, sidecarsFor, type SidecarClient } from './sidecar-scope.ts';

/** One imported service with an HTTP port of that number is enough. Undefined if none is in the files and the cluster may have one. */
export function hasHttpListener(mesh: Mesh, client: SidecarClient, port: number): boolean | undefined {
  let isOpen = false;
  for (const owner of mesh.ownersOnHttpPort(port)) {
    const imported = isImported(mesh, client, owner);
    if (imported) return true;
    isOpen ||= imported === undefined;
  }
  return !isOpen && mesh.knows('Service') && mesh.knows('ServiceEntry') ? false : undefined;
}

type HttpOwner = Owner | Resource<'Gateway'>;

/** What makes the sidecar look for HTTP on the port. */
export function httpOwnersOnPort(mesh: Mesh, client: SidecarClient, port: number): readonly HttpOwner[] {
  return [...mesh.ownersOnHttpPort(port)].filter((owner) => isImported(mesh, client, owner));
}

function isImported(mesh: Mesh, client: SidecarClient, owner: HttpOwner): boolean | undefined {
  if (owner.kind === 'Gateway') return isServiceImported(mesh, client, owner);
  const hosts = owner.kind === 'Service' ? [serviceHost(owner, mesh.settings.clusterDomain)] : hostsOfEntry(owner);
  const found = hosts.map((host) => servicesFor(mesh, client, host)?.includes(owner));
  return found.includes(true) || (found.includes(undefined) ? undefined : false);
}

/** The Service that istiod makes for a Gateway is exported as the mesh has it by default. */
function isServiceImported(mesh: Mesh, client: SidecarClient, gateway: Resource<'Gateway'>): boolean | undefined {
  const { namespace } = gateway;
  const exportTo = mesh.settings.defaultServiceExportTo;
  const isSeen = exportTo.some((one) => one === '*' || (one === '.' ? namespace : one) === client.namespace);
  if (!isSeen || exportTo.includes('~') || !isManaged(mesh, gateway)) return false;
  const sidecars = sidecarsFor(mesh, client);
  const host = hostOfGateway(mesh, gateway);
  const [first = true, ...others] = (sidecars ?? []).map((one) =>
    importsHost(mesh, one, client.namespace, gateway, host),
  );
  return sidecars && others.every((one) => one === first) ? first : undefined;
}
