// Each external host and port that some client may call, with the rows of the access table about it.
import { groupBy } from '../../base/group-by.ts';
import { access } from '../../eval/access/access.ts';
import { subjectsOf } from '../../eval/access/access-subjects.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { subjectsText } from '../../eval/access/subjects-text.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { Place } from './place.ts';

export function openPlaces(mesh: Mesh): readonly Place[] {
  const subjects = subjectsOf(mesh);
  const rows = access(mesh).rows.filter((row) => row.access !== 'none');
  return [...groupBy(rows, ({ host, port }) => `${host} ${port}`).values()].flatMap((same) => {
    const { host, port } = same[0];
    // In large meshes one row is about every host.
    const entry = host === '*' ? mesh.all('ServiceEntry').find(isExternal) : externalEntry(mesh, host);
    const clients = (some: readonly AccessRow[]) =>
      subjectsText(
        some.map(({ from }) => from),
        subjects,
      );
    return entry ? [{ host, port, entry, rows: same, clients }] : [];
  });
}

function externalEntry(mesh: Mesh, host: string): Resource<'ServiceEntry'> | undefined {
  return mesh
    .hostOwners(host)
    .flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []))
    .find(isExternal);
}

export function isExternal({ spec }: Resource<'ServiceEntry'>): boolean {
  return spec.location?.value !== 'MESH_INTERNAL';
}
