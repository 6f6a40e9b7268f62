// Writes other names where a draft's files name a thing, as the table of references finds them.
import type { Draft } from '../../engine/draft.ts';
import { isEditable } from '../../engine/draft.ts';
import type { Entity } from '../../references/entity.ts';
import { keyOf } from '../../references/entity.ts';
import type { AnyResource } from '../../model/resource.ts';
import type { Change } from '../../rules/rule.ts';
import { placesNaming, type NamedPlace } from '../navigation/references.ts';

/** A place that names other things as well, or is in a file that users do not write, stays as it is. */
export function followNames(
  draft: Draft,
  entities: readonly Entity[],
  newName: string,
  wants: (resource: AnyResource) => boolean,
): void {
  const keys = new Set(entities.map(keyOf));
  const isOurs = (place: NamedPlace) =>
    isEditable(place.uri) &&
    place.entities.every((entity) => keys.has(keyOf(entity))) &&
    place.resource &&
    wants(place.resource);
  const places = [...placesNaming({ workspace: draft, host: draft }, entities)].filter(isOurs);
  // From the end of each file, so that the spans before stay right.
  const lastFirst = places.toSorted((a, b) => b.span.start - a.span.start);
  const seen = new Set<string>();
  const changes = lastFirst.flatMap((place): readonly Change[] => {
    const edit = place.edit(newName);
    const where = place.resource && draft.documentAt(place.resource.document);
    const key = `${place.uri} ${place.span.start}`;
    if (!edit || !place.resource || !where || seen.has(key)) return [];
    seen.add(key);
    const span = { start: edit.span.start - where.start, end: edit.span.end - where.start };
    return [{ op: 'replace-text', in: place.resource, span, newText: edit.newText }];
  });
  draft.apply(changes);
}
