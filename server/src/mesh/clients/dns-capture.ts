// Whether ztunnel answers the DNS queries of captured pods. Where it does not, they dial the real addresses of hosts and skip waypoints.
import type { Field } from '../../model/field.ts';
import { dnsCapture } from '../../model/label-names.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';
import type { Workload } from './data-plane.ts';

/** What says of a captured client that its DNS is captured, or is not. */
export type DnsCapture =
  | { readonly state: 'on' }
  /** For the whole mesh: by its settings, or by a release that does not do it by default. */
  | { readonly state: 'off-in-mesh' }
  /** By the annotation of every workload that the client can be. */
  | { readonly state: 'off-for-pods'; readonly by: readonly Workload[] }
  /** By the annotation of some of them. */
  | { readonly state: 'differs'; readonly by: readonly Workload[] };

/** On by default since 1.25: server/docs/istio-semantics.md §1.41. */
export function capturesDnsByDefault({ settings }: Mesh): boolean {
  return settings.dnsCapture && since(settings, '1.25');
}

/** The annotation that turns DNS capture off for the pods. istio@86c9f01 cni/pkg/util/podutil.go; cni/pkg/constants/constants.go. */
export function dnsCaptureOff(workload: Workload): Field<string> | undefined {
  const field =
    workload.spec.annotations.get(dnsCapture) ??
    (workload.kind === 'Pod' ? workload.annotations.get(dnsCapture) : undefined);
  return field?.value.toLowerCase() === 'false' ? field : undefined;
}

/** What holds for a client that can be any of these workloads. */
export function dnsCaptureFor(mesh: Mesh, workloads: readonly Workload[]): DnsCapture {
  if (!capturesDnsByDefault(mesh)) return { state: 'off-in-mesh' };
  const by = workloads.filter((workload) => dnsCaptureOff(workload));
  if (by.length === 0) return { state: 'on' };
  return { state: by.length === workloads.length ? 'off-for-pods' : 'differs', by };
}
