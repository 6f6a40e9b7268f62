// Services of type ExternalName: to a sidecar they are other names of the service that has their external name as its host.
// server/docs/istio-semantics-classic.md §K.1, §K.2.
import { importsAlias, servicesSeen } from '../../mesh/clients/sidecar-scope.ts';
import { externalNamed, lastName } from '../../mesh/hosts/external-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { SidecarChoice } from '../../mesh/routes/sidecar-question.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { clientBytes } from './client-bytes.ts';
import type { TraceRequest } from './request.ts';

export interface Alias {
  readonly service: Resource<'Service'>;
  /** Undefined where it is not known which service it stands for. */
  readonly name: string | undefined;
}

/** The alias that the client calls. */
export function aliasOf(mesh: Mesh, from: TraceRequest['from'], name: string): Alias | undefined {
  const service = externalNamed(mesh, name);
  if (!service) return undefined;
  const isSeen = servicesSeen(mesh, from, normalizeHost(name))?.includes(service) === true;
  const isAlone = mesh.hostOwners(name).length === 1 && mesh.virtualServices(name).length === 0;
  return { service, name: isSeen && isAlone ? lastName(mesh, service) : undefined };
}

/**
 * Whether what the sidecar has for the service counts under the alias too: names of HTTP and TLS that a service has do. Server names that
 * `tls` routes list are not among them, nor those of wildcards. istio@86c9f01 pilot/pkg/networking/core/route/route.go generateVirtualHostDomains.
 */
export function isUnderAlias(
  mesh: Mesh,
  choice: SidecarChoice,
  { alias, target, request }: { readonly alias: string; readonly target: string; readonly request: TraceRequest },
): boolean {
  if (choice.state !== 'found') return true;
  const { service, host, decision } = choice;
  const isRouted = clientBytes(request) === 'tls' && decision.state !== 'none';
  const isNamed =
    service !== undefined &&
    host === target &&
    importsAlias(mesh, request.from, service, { host, alias: normalizeHost(alias) });
  const isKnown = isNamed && !isRouted;
  return isKnown || choice.taken === 'listener' || choice.taken === 'bytes';
}
