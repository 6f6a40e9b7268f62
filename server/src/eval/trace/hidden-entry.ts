// Why a sidecar does not know a service for a host, although an entry declares it.
import { importsHost, sidecarsFor } from '../../mesh/clients/sidecar-scope.ts';
import { isSeenFrom } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { portOf } from '../../mesh/routes/chain-of-port.ts';
import { describe } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { TraceRequest } from './request.ts';
import { at, atName } from './state.ts';
import type { Evidence } from './step.ts';

/** That the sidecar does not know the host, and what of the files keeps it from knowing. */
export interface Unknown {
  /** A clause, without its full stop. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

export function unknownService(mesh: Mesh, { from, port }: TraceRequest, host: string): Unknown {
  const text = `sidecar knows no service for ${host}:${port}`;
  const sidecars = sidecarsFor(mesh, from) ?? [];
  const [sidecar, ...others] = sidecars;
  for (const owner of patternsFor(host).flatMap((pattern) => mesh.hostOwners(pattern))) {
    const { resource } = owner;
    if (resource.kind !== 'ServiceEntry' || !portOf(resource, port)) continue;
    if (!isSeenFrom(mesh, resource, from.namespace)) {
      const [exported] = resource.spec.exportTo ?? [];
      return {
        text: `${describe(resource)} is not exported to namespace ${from.namespace}, so the ${text}`,
        evidence: [exported ? at(resource, exported.span) : atName(resource)],
      };
    }
    const [written] = sidecar?.spec.egressHosts ?? [];
    if (sidecar && written && others.length === 0 && !importsHost(mesh, sidecar, from.namespace, resource, owner.host))
      return {
        text: `${describe(sidecar)} does not import ${describe(resource)}, so the ${text}`,
        evidence: [at(sidecar, written.span), atName(resource)],
      };
  }
  return { text: `The ${text}`, evidence: [] };
}
