// Ports of two entries for one host that no proxy can serve both. Told once, as a conflict: neither as a host that is there twice, nor by
// what TLS would meet there.
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';

type Entry = Resource<'ServiceEntry'>;

export function portConflict(
  entry: Entry,
  other: Entry,
): { readonly own: ServiceEntryPort; readonly its: ServiceEntryPort } | undefined {
  for (const own of entry.spec.ports) {
    const its = other.spec.ports.find((one) => differs(own, one));
    if (its) return { own, its };
  }
  return undefined;
}

/** Whether another entry of the host has another protocol on that port. */
export function isContested(mesh: Mesh, host: string, port: ServiceEntryPort): boolean {
  return mesh
    .hostOwners(host)
    .some(({ resource }) => resource.kind === 'ServiceEntry' && resource.spec.ports.some((one) => differs(port, one)));
}

/** Whether another entry of the host would contradict the port if it had a protocol of this kind. */
export function isDeclaredOtherwise(
  mesh: Mesh,
  { entry, host }: { readonly entry: Entry; readonly host: string },
  { number }: ServiceEntryPort,
  kind: 'http' | 'tls' | 'tcp',
): boolean {
  return mesh
    .hostOwners(host)
    .some(
      ({ resource }) =>
        resource.kind === 'ServiceEntry' &&
        resource.id !== entry.id &&
        resource.spec.ports.some(
          (one) => one.number?.value === number?.value && protocolKind(one.protocol?.value) !== kind,
        ),
    );
}

/** HTTPS and TLS are one. istio@86c9f01 pkg/config/analysis/analyzers/serviceentry (IST0177). */
function differs(a: ServiceEntryPort, b: ServiceEntryPort): boolean {
  const [x, y] = [protocolKind(a.protocol?.value), protocolKind(b.protocol?.value)];
  return (
    a.number !== undefined &&
    a.number.value === b.number?.value &&
    x !== y &&
    [x, y].every((kind) => ['http', 'tls', 'tcp'].includes(kind))
  );
}
