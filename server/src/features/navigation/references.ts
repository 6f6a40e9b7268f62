// Everything that names what a place names, in all files of the folder.
import type { Span } from '../../base/span.ts';
import { keyOf, type Entity } from '../../references/entity.ts';
import { namesAt, namesIn, type NamedFiles, type Navigated, type PlacedName } from './situations.ts';

export interface NamedPlace extends PlacedName {
  readonly uri: string;
}

/** The thing that an offset is about, and the piece of text that says so. */
export interface Subject {
  readonly span: Span;
  readonly entities: readonly Entity[];
}

export function subjectAt(navigated: Navigated, offset: number): Subject | undefined {
  const [first] = namesAt(navigated, offset);
  return first && { span: first.span, entities: first.entities };
}

type AllFiles = Pick<NamedFiles, 'workspace' | 'host'>;

export function* placesNaming(files: AllFiles, entities: readonly Entity[]): Generator<NamedPlace> {
  for (const { places } of placesByFile(files, entities)) yield* places;
}

/** Each file at a step, those without any too: edits may come between two steps. Files whose text lacks the name are not parsed. */
export function* placesByFile(
  files: AllFiles,
  entities: readonly Entity[],
): Generator<{ readonly uri: string; readonly places: readonly NamedPlace[] }> {
  for (const uri of files.workspace.uris) yield { uri, places: [...placesIn({ ...files, uri }, entities)] };
}

/** Of one file. */
export function* placesIn(navigated: NamedFiles, entities: readonly Entity[]): Generator<NamedPlace> {
  const text = navigated.host.textOf(navigated.uri)?.toLowerCase();
  const wanted = new Set(entities.map(keyOf));
  if (text === undefined || !entities.some((entity) => text.includes(writtenPart(entity)))) return;
  for (const one of namesIn(navigated))
    if (one.entities.some((entity) => wanted.has(keyOf(entity)))) yield { ...one, uri: navigated.uri };
}

/** What any spelling of the name has in it, in lower case: of a host its first label, as the rest may be left out. */
function writtenPart(entity: Entity): string {
  switch (entity.type) {
    case 'host':
      return entity.host.includes('.svc.') ? entity.host.split('.')[0]! : entity.host;
    case 'port':
      return String(entity.number);
    case 'label':
      return entity.value.toLowerCase();
    default:
      return entity.name.toLowerCase();
  }
}
