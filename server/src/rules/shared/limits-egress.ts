import type { Mesh } from '../../mesh/mesh.ts';

/** Whether a NetworkPolicy of the files says where pods of the namespace may connect. */
export function limitsEgress(mesh: Mesh, namespace: string): boolean {
  return mesh
    .inNamespace('NetworkPolicy', namespace)
    .some(({ spec }) => spec.policyTypes.includes('Egress') || spec.egress !== undefined);
}
