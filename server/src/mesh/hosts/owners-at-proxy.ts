// Which of the services with one host a sidecar or a gateway uses, and which of their ports are put together.
// server/docs/istio-semantics-classic.md §B.20 to §B.24.
import { keptFor } from '../../base/kept-for.ts';
import { firstOfEach } from '../../base/first-of-each.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';
import { scopeOf } from './visibility.ts';

export type Owner = Resource<'ServiceEntry'> | Resource<'Service'>;

export interface OwnersAtProxy {
  /** Those of which a sidecar's listeners and routes are made: all of the namespace that is chosen. */
  readonly listed: readonly Owner[];
  /** Those of which clusters are made, the oldest first. */
  readonly merged: readonly [Owner, ...Owner[]];
  /** Of the namespace, read last: the domain of HTTP is its. */
  readonly newest: Owner;
  /** Whose names of certificates count: the youngest of the namespace, whether the proxy sees it or not. */
  readonly naming: Owner;
}

export interface OwnersOfHost {
  /** By the proxy. */
  readonly seen: readonly Owner[];
  readonly hidden?: readonly Owner[];
}

type Proxy = { readonly kind: 'sidecar' | 'gateway'; readonly namespace: string };

/** Of more orders of age than that no one reads the outcomes. */
export const mostOrders = 64;

/**
 * Of services that the proxy sees: one answer for each that may be the oldest, and the newest; none where it sees none. A sidecar prefers its own namespace,
 * both a Service before entries, and what is exported to the namespace by name. Where there are more than `most` answers, `most + 1` of them.
 * istio@86c9f01 pilot/pkg/model/push_context.go servicesExportedToNamespace; pilot/pkg/model/sidecar.go selectServices, appendSidecarServices; names of
 * certificates: push_context.go addServiceAccounts.
 */
export function ownersAtProxy(
  mesh: Mesh,
  proxy: Proxy,
  { seen: all, hidden = [] }: OwnersOfHost,
  most: number = mostOrders,
): readonly OwnersAtProxy[] {
  const seen = withoutCopies(all);
  const ofNamespace = groupBy(seen, ({ namespace }) => namespace);
  const merging = groupBy(seen, mergedBy);
  const alike = groupBy(seen, kindAndNamespace);
  const unseen = groupBy(hidden, kindAndNamespace);
  const ways: OwnersAtProxy[] = [];
  for (const first of foremostOf(mesh, proxy, seen)) {
    const merged = [first, ...merging.get(mergedBy(first))!.filter((one) => one !== first)] as const;
    const listed = proxy.kind === 'sidecar' ? ofNamespace.get(first.namespace)! : merged;
    const [earlier, later] = inReadingOrder(mesh, alike.get(kindAndNamespace(first))!);
    for (const newest of later) {
      if (newest === first && later.length > 1) continue;
      const lastEarlier = earlier.length > 1 ? earlier.filter((one) => one !== first) : earlier;
      const naming = [newest, ...lastEarlier, ...(unseen.get(kindAndNamespace(first)) ?? [])];
      ways.push(...firstOfEach(naming, namesOf).map((one) => ({ listed, merged, newest, naming: one })));
      if (ways.length > most) return ways.slice(0, most + 1);
    }
  }
  return ways;
}

function namesOf(owner: Owner): string {
  return owner.kind === 'ServiceEntry' ? owner.spec.subjectAltNames.map(({ value }) => value).join(' ') : '';
}

const kindAndNamespace = ({ kind, namespace }: Owner) => `${kind} ${namespace}`;

/** Of services that a sidecar sees: those of which its listeners and routes are made, for each namespace that age may choose. */
export function listedAtSidecar(mesh: Mesh, namespace: string, seen: readonly Owner[]): readonly (readonly Owner[])[] {
  const chosen = new Set(foremostOf(mesh, { kind: 'sidecar', namespace }, seen).map((one) => one.namespace));
  return [...groupBy(seen, ({ namespace: its }) => its)].flatMap(([its, list]) => (chosen.has(its) ? [list] : []));
}

function foremostOf(mesh: Mesh, { kind, namespace }: Proxy, seen: readonly Owner[]): readonly Owner[] {
  const own = kind === 'sidecar' ? seen.filter((one) => one.namespace === namespace) : [];
  const preferred = own.length > 0 ? own : seen;
  const services = preferred.filter((one) => one.kind === 'Service');
  return services.length > 0 ? services : (inReadingOrder(mesh, preferred).find((group) => group.length > 0) ?? []);
}

/** What is exported to namespaces by name is read before what all see; in each of the two age decides. The second is empty only with the first. */
function inReadingOrder(mesh: Mesh, owners: readonly Owner[]): readonly [readonly Owner[], readonly Owner[]] {
  const named = owners.filter((one) => scopeOf(mesh, one) !== 'everywhere');
  const others = owners.filter((one) => !named.includes(one));
  return others.length > 0 ? [named, others] : [[], named];
}

/** A cluster has an object once: equal manifests of it make no difference. */
function withoutCopies(seen: readonly Owner[]): readonly Owner[] {
  return firstOfEach(seen, ({ kind, namespace, name, digest }) => `${kind}/${namespace}/${name} ${digest}`);
}

/** Those whose port of that number may make the cluster: the oldest that has it, and others where that may be one of them. */
export function clusterOwners(owners: OwnersAtProxy, port: number): readonly Owner[] {
  return foremostAmong(
    owners,
    owners.merged.filter((one) => hasPortNumber(one, port)),
  );
}

/** Of some of the host's services, those that may be the oldest. */
export function foremostAmong({ merged: [first], newest }: OwnersAtProxy, some: readonly Owner[]): readonly Owner[] {
  return some.includes(first) ? [first] : unlessAlone(some, newest);
}

/** Of some of the host's services, those that may be read last. */
export function lastAmong({ merged: [first], newest }: OwnersAtProxy, some: readonly Owner[]): readonly Owner[] {
  return some.includes(newest) ? [newest] : unlessAlone(some, first);
}

function unlessAlone(some: readonly Owner[], other: Owner): readonly Owner[] {
  const rest = some.filter((one) => one !== other);
  return rest.length > 0 ? rest : some;
}

/** Does not list all of them, as an entry may have thousands of ports and each be asked for. */
export function hasPortNumber(owner: Owner, wanted: number): boolean {
  return owner.spec.ports.some(({ number }) => number?.value === wanted);
}

export function portNumbers(owner: Owner): readonly number[] {
  return owner.kind === 'ServiceEntry'
    ? owner.spec.ports.flatMap(({ number }) => (number ? [number.value] : []))
    : owner.spec.ports.map(({ number }) => number.value);
}

/** Whether sidecars and gateways put the ports of the two together. */
export function areMerged(a: Resource<'ServiceEntry'>, b: Resource<'ServiceEntry'>): boolean {
  return mergedBy(a) === mergedBy(b);
}

/** Entries for which it is equal are put together; a Service stays alone. istio@86c9f01 pilot/pkg/model/sidecar.go canMergeServices; §B.22. */
export const mergedBy = keptFor((owner: Owner) =>
  owner.kind === 'ServiceEntry' ? mergeKey(owner) : owner.id.toString(),
);

function mergeKey({ namespace, spec, labels }: Resource<'ServiceEntry'>): string {
  return JSON.stringify([
    namespace,
    spec.resolution?.value ?? 'NONE',
    [...labels].map(([key, { value }]) => `${key}=${value}`).sort(),
    spec.exportTo?.map(({ value }) => (value === '.' ? namespace : value)).sort() ?? [],
    [...(spec.workloadSelector ?? [])].map(([key, value]) => `${key}=${value}`).sort(),
  ]);
}
