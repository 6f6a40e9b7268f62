// Whether a ServiceEntry lists an address by which a sidecar can tell its TCP connections from others.
import type { Resource } from '../../model/resource.ts';

/** An unspecified address matches all, whatever its prefix length. istio@86c9f01 pilot/pkg/networking/core/listener.go toFilterChainMatch. */
export function listsNoAddress({ spec }: Resource<'ServiceEntry'>): boolean {
  return spec.addresses.every(({ value }) => value.startsWith('0.0.0.0/'));
}
