// Whether ztunnel has an endpoint to dial where no waypoint takes the connection.
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';

export type NoDirectEndpoint =
  /** Only a waypoint resolves the names. INFER: ztunnel@62d8265 src/state.rs resolve_on_demand_dns. */
  | 'dynamic'
  /** Before 1.28 the address of an entry with resolution NONE has no endpoint: istio/istio#57656. */
  | 'none-before-1.28'
  | 'no-endpoint';

/** Undefined if there is one. */
export function noDirectEndpoint({ settings }: Mesh, { spec }: Resource<'ServiceEntry'>): NoDirectEndpoint | undefined {
  const resolution = spec.resolution?.value ?? 'NONE';
  if (resolution === 'DYNAMIC_DNS') return 'dynamic';
  if (resolution === 'NONE') return since(settings, '1.28') ? undefined : 'none-before-1.28';
  const hasEndpoint = spec.workloadSelector !== undefined || spec.endpoints.some(({ address }) => address);
  return resolution === 'STATIC' && !hasEndpoint ? 'no-endpoint' : undefined;
}
