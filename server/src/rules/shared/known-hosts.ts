// Whether any resource has a host, for rules that report unknown hosts.
import { expandHost, looksInCluster, normalizeHost, patternsFor, fullHost } from '../../names/hosts.ts';
import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
import { waypointOfService } from './waypoint-objects.ts';

/** `unknown` if the files may lack resources that have the host. */
export type HostState = 'found' | 'missing' | 'unknown';

/** A host that is there and nearly the same: a fact of its own, as it rests on every host. */
export function nearestHost(mesh: Mesh, host: string): string | undefined {
  return mesh.derived(`host nearest to ${host}`, (view) => view.nearestHost(host));
}

/** A host as a resource of that namespace writes it: short names are the namespace's Services. */
export function hostState(mesh: Mesh, written: string, namespace: string): HostState {
  const name = fullHost(written, namespace, mesh.settings.clusterDomain);
  // A waypoint's Service is made by Istio.
  if (name === '' || ownersOf(mesh, name).length > 0 || waypointOfService(mesh, name)) return 'found';
  return isVouchedFor(mesh, name) && !isHalfWritten(mesh, name) ? 'missing' : 'unknown';
}

/** Whether the folder may be a piece of something larger, whose entries are elsewhere. */
export function isWithoutEntries(mesh: Mesh, written: string, namespace: string): boolean {
  return (
    !looksInCluster(expandHost(written, namespace, mesh.settings.clusterDomain), mesh.settings.clusterDomain) &&
    mesh.inNamespace('ServiceEntry', namespace).length === 0
  );
}

/**
 * The Service of a gateway that an installation of Istio makes, by Helm, istioctl or for a Gateway of the Gateway API: no manifest
 * of a folder has it, whatever other Services the folder has.
 */
export function isInstalledGateway(mesh: Mesh, written: string, namespace: string): boolean {
  const name = fullHost(written, namespace, mesh.settings.clusterDomain);
  if (!looksInCluster(name, mesh.settings.clusterDomain)) return false;
  return /(^|-)(egress|ingress)-?(gateway|gw)|-istio$/.test(name.split('.')[0] ?? '');
}

/** `reviews.shop`, which looks like the Service, and `x.local`, which no public DNS has. */
function isHalfWritten(mesh: Mesh, name: string): boolean {
  const [, service, namespace] = /^([^.*]+)\.([^.]+)$/.exec(name) ?? [];
  if (service === undefined || namespace === undefined) return false;
  return (
    namespace === 'local' ||
    mesh.named('Service', namespace, service).length > 0 ||
    mesh.inNamespace('Service', namespace).length > 0
  );
}

/** Whether it would be seen here if anything had the name. Wildcards over all Services and foreign cluster domains never are. */
export function isVouchedFor(mesh: Mesh, name: string): boolean {
  const { clusterDomain, rootNamespace } = mesh.settings;
  if (!looksInCluster(name, clusterDomain))
    return !/(^|\.)svc\./.test(name) && name !== '*' && mesh.knows('ServiceEntry');
  const namespace = /(?:^|\.)([^.*]+)\.svc(?:\.|$)/.exec(name)?.[1];
  // Istio's own Services come with its installation, which no folder of manifests shows.
  return (
    namespace !== undefined &&
    namespace !== rootNamespace &&
    mesh.knows('Service', namespace) &&
    mesh.knows('ServiceEntry')
  );
}

/** An entry with a wider wildcard counts, although it takes no settings of a narrower rule: the host is not unknown. */
export function ownersOf(mesh: Mesh, name: string): readonly HostOwner[] {
  return mesh.derivedOf(`known owners ${normalizeHost(name)}`, name, ownersOfName);
}

function ownersOfName(mesh: Mesh, name: string): readonly HostOwner[] {
  const wider = patternsFor(name).flatMap((pattern) => mesh.hostOwners(pattern));
  return name.startsWith('*') ? [...wider, ...mesh.hostOwnersUnder(name.slice(1))] : wider;
}
