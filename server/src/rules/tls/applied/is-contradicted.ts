import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';

/** Whether another manifest of the same object differs: the cluster's version is then unknown, and `duplicate-resource` reports it. */
export function isContradicted(mesh: Mesh, resource: Resource): boolean {
  const { kind, namespace, name } = resource;
  const digests = mesh.derived(`digests ${kind}/${namespace}/${name}`, (view) =>
    [...new Set(view.named(kind, namespace, name).map(({ digest }) => digest))].slice(0, 2),
  );
  return digests.some((digest) => digest !== resource.digest);
}
