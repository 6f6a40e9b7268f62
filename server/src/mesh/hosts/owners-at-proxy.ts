// Which of the services with one host a sidecar or a gateway uses, and which of their ports are put together.
// server/docs/istio-semantics-classic.md §B.20 to §B.24.
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';
import { scopeOf } from './visibility.ts';

export type Owner = Resource<'ServiceEntry'> | Resource<'Service'>;

export interface OwnersAtProxy {
  /** Those of which a sidecar's listeners and routes are made: all of the namespace that is chosen. */
  readonly listed: readonly Owner[];
  /** Those of which clusters are made, the oldest first. */
  readonly merged: readonly [Owner, ...Owner[]];
  /** Of the namespace, read last: names of certificates and the domain of HTTP are its. */
  readonly newest: Owner;
}

/**
 * Of services that the proxy sees: one answer for each that may be the oldest, and the newest; none where it sees none. A sidecar prefers its own namespace,
 * both a Service before entries, and what is exported to the namespace by name.
 * istio@86c9f01 pilot/pkg/model/push_context.go servicesExportedToNamespace; pilot/pkg/model/sidecar.go selectServices, appendSidecarServices.
 */
export function ownersAtProxy(
  mesh: Mesh,
  { kind, namespace }: { readonly kind: 'sidecar' | 'gateway'; readonly namespace: string },
  seen: readonly Owner[],
): readonly OwnersAtProxy[] {
  const own = kind === 'sidecar' ? seen.filter((one) => one.namespace === namespace) : [];
  const services = (own.length > 0 ? own : seen).filter((one) => one.kind === 'Service');
  const named = seen.filter((one) => scopeOf(mesh, one) !== 'everywhere');
  const foremost = [services, own, named, seen].find((group) => group.length > 0) ?? [];
  return foremost.flatMap((first) => {
    const merged = [first, ...seen.filter((one) => one !== first && areMerged(first, one))] as const;
    const listed = kind === 'sidecar' ? seen.filter((one) => one.namespace === first.namespace) : merged;
    const alike = seen.filter((one) => one.namespace === first.namespace && one.kind === first.kind && one !== first);
    return (alike.length > 0 ? alike : [first]).map((newest) => ({ listed, merged, newest }));
  });
}

/** The service whose port of that number makes the cluster. */
export function clusterOwner({ merged }: OwnersAtProxy, port: number): Owner | undefined {
  return merged.find((one) => portNumbers(one).includes(port));
}

export function portNumbers(owner: Owner): readonly number[] {
  return owner.kind === 'ServiceEntry'
    ? owner.spec.ports.flatMap(({ number }) => (number ? [number.value] : []))
    : owner.spec.ports.map(({ number }) => number.value);
}

/** Entries of one namespace whose ports are put together. istio@86c9f01 pilot/pkg/model/sidecar.go canMergeServices; §B.22. */
function areMerged(a: Owner, b: Owner): boolean {
  return a.kind === 'ServiceEntry' && b.kind === 'ServiceEntry' && comparable(a) === comparable(b);
}

function comparable({ namespace, spec, labels }: Resource<'ServiceEntry'>): string {
  return JSON.stringify([
    namespace,
    spec.resolution?.value ?? 'NONE',
    [...labels].map(([key, { value }]) => `${key}=${value}`).sort(),
    spec.exportTo?.map(({ value }) => (value === '.' ? namespace : value)).sort() ?? [],
    [...(spec.workloadSelector ?? [])].map(([key, value]) => `${key}=${value}`).sort(),
  ]);
}
