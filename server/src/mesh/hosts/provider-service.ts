// The service that a provider of MeshConfig's `extensionProviders` names: an external authorizer, or what takes logs and traces.
import { looksInCluster, normalizeHost } from '../../names/hosts.ts';
import type { HostOwner, Mesh } from '../mesh.ts';

export type ProviderTarget =
  | { readonly state: 'found'; readonly owner: HostOwner; readonly port: number | undefined }
  /** Istio has no connection to it: the mesh has no such service, or several namespaces have it and none is named. */
  | { readonly state: 'unusable'; readonly why: string }
  /** No provider of that name says it, or no file shows whether the mesh has the service. */
  | { readonly state: 'unknown' };

/** Whoever sees the service: `exportTo` does not count. istio@86c9f01 pilot/pkg/model/telemetry_logging.go LookupCluster. */
export function targetOfProvider(mesh: Mesh, name: string): ProviderTarget {
  const provider = mesh.settings.providerServices?.find((one) => one.name === name);
  if (!provider) return { state: 'unknown' };
  const slash = provider.service.indexOf('/');
  const home = slash < 0 ? undefined : provider.service.slice(0, slash);
  const host = hostOf(provider.service);
  const owners = mesh.hostOwners(host).filter(({ resource }) => home === undefined || resource.namespace === home);
  const [owner] = owners;
  if (!owner)
    return isMissing(mesh, host, home) ? { state: 'unusable', why: missing(host, home) } : { state: 'unknown' };
  if (owners.some(({ resource }) => resource.namespace !== owner.resource.namespace))
    return { state: 'unusable', why: `several namespaces have ${host}, and the provider does not say which one` };
  return { state: 'found', owner, port: provider.port };
}

/** Whether a proxy calls the port for a provider: in plaintext, where no rule originates TLS. */
export function isPortOfProvider({ settings }: Pick<Mesh, 'settings'>, host: string, port: number): boolean {
  return (settings.providerServices ?? []).some(
    (one) => one.port === port && hostOf(one.service) === normalizeHost(host),
  );
}

function hostOf(service: string): string {
  return normalizeHost(service.slice(service.indexOf('/') + 1));
}

function isMissing(mesh: Mesh, host: string, home: string | undefined): boolean {
  if (!mesh.knows('ServiceEntry')) return false;
  return !looksInCluster(host, mesh.settings.clusterDomain) || mesh.knows('Service', home ?? host.split('.')[1]);
}

function missing(host: string, home: string | undefined): string {
  return `no ServiceEntry or Service${home === undefined ? '' : ` of namespace ${home}`} in these files has ${host}`;
}
