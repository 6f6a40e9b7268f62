// The hosts and namespaces of the manifests, for values of `.istio-egress.yaml` that name them.
import { subjectsOf } from '../../eval/access/access-subjects.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { KnownNames } from './completion.ts';

/** Hosts outside the mesh, and namespaces with clients; sorted. */
export function knownNames(mesh: Mesh): KnownNames {
  const entries = mesh.all('ServiceEntry').filter(({ spec }) => spec.location?.value !== 'MESH_INTERNAL');
  const hosts = entries.flatMap(({ spec }) => spec.hosts.map(({ value }) => value.toLowerCase()));
  const namespaces = subjectsOf(mesh).flatMap((subject) => (subject === '*' ? [] : [subject.namespace]));
  return { hosts: [...new Set(hosts)].sort(), namespaces: [...new Set(namespaces)].sort() };
}
