// Namespaces that the files show to have gateways and nothing else: their pods send what others ask for, and call no host themselves.
import { workloadsIn } from '../../mesh/clients/data-plane.ts';
import { isSelectedByGateway } from '../../mesh/clients/gateway-pods.ts';
import { textLabels } from '../../mesh/label-selector.ts';
import type { Mesh } from '../../mesh/mesh.ts';

/** By the pods of the namespace, or by its Services where no file has a pod. */
export function hasOnlyGateways(mesh: Mesh, namespace: string): boolean {
  return mesh.derived(`only gateways in ${namespace}`, (view) => {
    const pods = workloadsIn(view, namespace).map(({ spec }) => textLabels(spec.labels));
    const all =
      pods.length > 0 ? pods : view.inNamespace('Service', namespace).map(({ spec }) => spec.selector ?? new Map());
    return all.length > 0 && all.every((labels) => isSelectedByGateway(view, labels));
  });
}
