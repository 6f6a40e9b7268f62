// Ports of two entries for one host that no proxy can serve both. Told once, as a conflict: neither as a host that is there twice, nor by
// what TLS would meet there.
import { normalizeHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
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
  const own = protocolKind(port.protocol?.value);
  const declared = port.number && declaredKinds(mesh, host).get(port.number.value);
  return comparable.has(own) && [...(declared?.keys() ?? [])].some((kind) => kind !== own && comparable.has(kind));
}

/** Whether another entry of the host would contradict the port if it had a protocol of this kind. */
export function isDeclaredOtherwise(
  mesh: Mesh,
  { entry, host }: { readonly entry: Entry; readonly host: string },
  { number }: ServiceEntryPort,
  kind: 'http' | 'tls' | 'tcp',
): boolean {
  const declared = number && declaredKinds(mesh, host).get(number.value);
  return [...(declared ?? [])].some(([its, by]) => its !== kind && by.some((id) => id !== entry.id));
}

type Kinds = ReadonlyMap<string, readonly number[]>;

/** Of more entries the ids are longer than what they save. */
const mostNamed = 20;

/** By port number and kind of protocol, the ids of entries of the host that declare it: two, which are enough to find another one. */
function declaredKinds(mesh: Mesh, host: string): ReadonlyMap<number, Kinds> {
  const owners = mesh.hostOwners(host);
  // All hosts of an entry share what its ports declare.
  const whose =
    owners.length > mostNamed
      ? normalizeHost(host)
      : entriesIn(owners)
          .map(({ id }) => id)
          .join(' ');
  return mesh.derived(`ports of ${whose}`, (view) => kindsIn(entriesIn(view.hostOwners(host))));
}

function entriesIn(owners: readonly HostOwner[]): readonly Entry[] {
  return owners.flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []));
}

function kindsIn(entries: readonly Entry[]): ReadonlyMap<number, Kinds> {
  const found = new Map<number, Map<string, number[]>>();
  for (const { id, spec } of entries)
    for (const { number, protocol } of spec.ports) {
      if (!number) continue;
      const kinds = found.get(number.value) ?? new Map<string, number[]>();
      found.set(number.value, kinds);
      const kind = protocolKind(protocol?.value);
      const by = kinds.get(kind) ?? [];
      if (by.length < 2 && !by.includes(id)) kinds.set(kind, [...by, id]);
    }
  return found;
}

const comparable: ReadonlySet<string> = new Set(['http', 'tls', 'tcp']);

/** HTTPS and TLS are one. istio@86c9f01 pkg/config/analysis/analyzers/serviceentry (IST0177). */
function differs(a: ServiceEntryPort, b: ServiceEntryPort): boolean {
  const [x, y] = [protocolKind(a.protocol?.value), protocolKind(b.protocol?.value)];
  return (
    a.number !== undefined &&
    a.number.value === b.number?.value &&
    x !== y &&
    [x, y].every((kind) => comparable.has(kind))
  );
}
