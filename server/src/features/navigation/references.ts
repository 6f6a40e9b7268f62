// Everything that names what a place names, in all files of the folder: manifests and expectations.
import type { Span } from '../../base/span.ts';
import type { AnyResource } from '../../model/resource.ts';
import { keyOf, type Entity } from '../../references/entity.ts';
import type { WrittenName } from '../../references/occurrences.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import { expectationNames } from './expectation-names.ts';
import { namesByDocument, writtenAt, type NamedFiles, type Navigated } from './situations.ts';

export interface NamedPlace extends WrittenName {
  readonly uri: string;
  /** Undefined for an expectation. */
  readonly resource: AnyResource | undefined;
}

/** The thing that an offset is about, and the piece of text that says so. */
export interface Subject {
  readonly span: Span;
  readonly entities: readonly Entity[];
}

export function subjectAt(navigated: Navigated, offset: number): Subject | undefined {
  const [first] = writtenAt(navigated, offset);
  return first && { span: first.span, entities: first.entities };
}

type AllFiles = Pick<NamedFiles, 'workspace' | 'host'>;

export function* placesNaming(files: AllFiles, entities: readonly Entity[]): Generator<NamedPlace> {
  for (const { places } of placesByFile(files, entities)) yield* places;
}

/** Each file at a step, those without any too: edits may come between two steps. */
export function* placesByFile(
  files: AllFiles,
  entities: readonly Entity[],
): Generator<{ readonly uri: string; readonly places: readonly NamedPlace[] }> {
  for (const uri of files.workspace.uris) {
    const places: NamedPlace[] = [];
    // Of a file of thousands of documents each is a step.
    for (const inDocument of placesByDocument({ ...files, uri }, entities)) {
      yield { uri, places: [] };
      for (const one of inDocument) places.push(one);
    }
    yield { uri, places };
  }
}

/** Of one file. */
export function* placesIn(navigated: NamedFiles, entities: readonly Entity[]): Generator<NamedPlace> {
  for (const places of placesByDocument(navigated, entities)) yield* places;
}

/** Some of them at a step. Files and documents whose text lacks the name are not parsed. */
export function* placesByDocument(
  navigated: NamedFiles,
  entities: readonly Entity[],
): Generator<readonly NamedPlace[]> {
  const { uri, host } = navigated;
  const text = host.textOf(uri);
  const wanted = new Set(entities.map(keyOf));
  const mayName = (part: string) => {
    const lower = part.toLowerCase();
    return entities.some((entity) => lower.includes(writtenPart(entity)));
  };
  if (text === undefined || !mayName(text)) return;
  for (const names of namesOf(navigated, ({ start, end }) => mayName(text.slice(start, end))))
    yield names
      .filter(({ entities: named }) => named.some((entity) => wanted.has(keyOf(entity))))
      .map(({ span, role, edit, entities: named, resource }) => ({ span, role, edit, entities: named, resource, uri }));
}

function* namesOf(
  navigated: NamedFiles,
  wants: (span: Span) => boolean,
): Generator<readonly Omit<NamedPlace, 'uri'>[]> {
  const { workspace, host, uri } = navigated;
  if (!isEgressTestName(uri)) return yield* namesByDocument(navigated, wants);
  const names = expectationNames(workspace.writtenMesh, host.textOf(uri) ?? '');
  yield [...names].map((one) => ({ ...one, resource: undefined }));
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
