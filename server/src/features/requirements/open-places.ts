// Each external host and port that some client may call, with the rows of the access table about it.
import { groupBy } from '../../base/group-by.ts';
import { mapInSteps } from '../../base/steps.ts';
import { accessInSteps } from '../../eval/access/access.ts';
import { subjectsOf } from '../../eval/access/access-subjects.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { subjectsText } from '../../eval/access/subjects-text.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { Place } from './place.ts';

/** In a large mesh the table takes long. */
export function* openPlacesInSteps(mesh: Mesh): Generator<undefined, readonly Place[]> {
  const subjects = subjectsOf(mesh);
  const rows = (yield* accessInSteps(mesh)).rows.filter((row) => row.access !== 'none');
  const groups = [...groupBy(rows, ({ host, port }) => `${host} ${port}`).values()];
  const places = yield* mapInSteps(groups, (same): readonly Place[] => {
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
  return places.flat();
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
