// Services of type ExternalName: to a sidecar they are other names of the service that has their external name as its host.
// server/docs/istio-semantics-classic.md §K.1, §K.2.
import { importsAlias, servicesSeen } from '../../mesh/clients/sidecar-scope.ts';
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

/** Worked out once for a host: thousands of clients may call it. */
function externalNamed(mesh: Mesh, name: string): Resource<'Service'> | undefined {
  const host = normalizeHost(name);
  return mesh.derived(`ExternalName Service of ${host}`, (view) =>
    view
      .hostOwners(host)
      .map(({ resource }) => resource)
      .filter((one) => one.kind === 'Service')
      .find(({ spec }) => spec.type === 'ExternalName' && spec.externalName !== undefined),
  );
}

/** Of an alias of aliases the last counts. istio@86c9f01 pilot/pkg/model/push_context.go resolveServiceAliases. */
function lastName(mesh: Mesh, service: Resource<'Service'>): string | undefined {
  let current: Resource<'Service'> | undefined = service;
  let name: string | undefined;
  for (let i = 0; current && i < longestChain; i++) {
    name = normalizeHost(current.spec.externalName!);
    current = externalNamed(mesh, name);
  }
  return current ? undefined : name;
}

const longestChain = 8;

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
