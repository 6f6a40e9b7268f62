// What a backend of a route of the Gateway API stands for, and whether Istio takes it.
import type { BackendRef } from '../../model/specs.ts';
import { looksInCluster, normalizeHost, serviceHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import type { GatewayRoute } from './route-entry.ts';

/** Hosts are looked for in the route's namespace alone. istio@86c9f01 .../gateway/conversion.go buildDestination, gatewaycommon/context.go GetService. */
export function isFound(mesh: Mesh, { namespace }: GatewayRoute, backend: BackendRef): boolean | undefined {
  const to = kindOf(backend);
  if (to === 'other' || isInvalid(backend)) return false;
  const home = to === 'service' ? (backend.namespace?.value ?? namespace) : namespace;
  const name = backend.name?.value ?? '';
  const host =
    to === 'service' ? serviceHost({ name, namespace: home }, mesh.settings.clusterDomain) : normalizeHost(name);
  if (
    mesh
      .hostOwners(host)
      .some(({ resource }) => resource.namespace === home && (to === 'hostname' || resource.kind === 'Service'))
  )
    return true;
  const couldBe = [
    ...(to === 'hostname' ? (['ServiceEntry'] as const) : []),
    ...(looksInCluster(host, mesh.settings.clusterDomain) ? (['Service'] as const) : []),
  ];
  return couldBe.every((one) => mesh.knows(one, home)) ? false : undefined;
}

/** istio@86c9f01 .../gateway/conversion.go buildDestination, isInvalidBackend: other faults lose one backend alone. */
export function isInvalid({ group, kind, name, namespace, port }: BackendRef): boolean {
  const to = kindOf({ group, kind });
  if (to === 'other') return false;
  return port === undefined || (to === 'service' ? name?.value.includes('.') === true : namespace !== undefined);
}

function kindOf({ group, kind }: Pick<BackendRef, 'group' | 'kind'>): 'service' | 'hostname' | 'other' {
  const [of, named] = [group?.value ?? '', kind?.value ?? 'Service'];
  if (named === 'Hostname' && of === 'networking.istio.io') return 'hostname';
  return (named === 'Service' && of === '') || (named === 'ServiceImport' && of === 'multicluster.x-k8s.io')
    ? 'service'
    : 'other';
}

export function hostOf(route: GatewayRoute, backend: BackendRef, clusterDomain: string): string | undefined {
  const { name, namespace } = backend;
  const to = kindOf(backend);
  if (to === 'hostname') return name?.value;
  if (to !== 'service') return undefined;
  return serviceHost({ name: name?.value ?? '', namespace: namespace?.value ?? route.namespace }, clusterDomain);
}
