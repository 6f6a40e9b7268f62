// Which pods are gateways: they send on what others send to them, and are no clients themselves.
import { selects, textLabels } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { couldBe, workloadDataPlane, type Workload } from './data-plane.ts';
import { asksForGateway } from './injection.ts';

/**
 * By the template that injects their proxy, or because a Gateway selects them and nothing gives them a sidecar. A pod with a sidecar that a Gateway
 * selects by mistake is a client. server/docs/istio-semantics-classic.md §A.7, §F.1.
 */
export function isGatewayPod(mesh: Mesh, workload: Workload): boolean {
  if (asksForGateway(workload.spec.annotations)) return true;
  return (
    !couldBe(workloadDataPlane(mesh, workload), 'sidecar') &&
    isSelectedByGateway(mesh, textLabels(workload.spec.labels))
  );
}

/** Whether a Gateway with servers selects pods with these labels. One without a selector is for all of them, and proves nothing. */
export function isSelectedByGateway(mesh: Mesh, labels: ReadonlyMap<string, string>): boolean {
  return mesh
    .gatewaysSelecting(labels)
    .some(({ spec: { selector, servers } }) => selector.size > 0 && servers.length > 0 && selects(selector, labels));
}
