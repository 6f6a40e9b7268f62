// The objects of a file with their trees, as the table of references reads them.
import { shift, type Span } from '../../base/span.ts';
import type { FixHost } from '../../engine/apply-fix.ts';
import type { Workspace } from '../../engine/workspace.ts';
import type { AnyResource } from '../../model/resource.ts';
import type { Occurrence, WrittenName } from '../../references/occurrences.ts';
import { occurrencesAt, occurrencesIn } from '../../references/occurrences.ts';
import type { Situation } from '../../references/situation.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { at } from '../../yaml/read.ts';
import { expectationNamesAt } from './expectation-names.ts';

interface PlacedSituation extends Situation {
  readonly resource: AnyResource;
  /** Of its document. */
  readonly text: string;
  /** Where the document starts in the file. */
  readonly start: number;
}

/** Files with names in them: of a workspace, or of a draft of it. */
export interface NamedFiles {
  readonly workspace: Pick<Workspace, 'uris' | 'documents' | 'writtenMesh'>;
  readonly host: Pick<FixHost, 'textOf'>;
  readonly uri: string;
}

/** The queries of navigation on the folder. */
export interface Navigated extends NamedFiles {
  readonly workspace: Workspace;
}

/** A name with the resource that it is written in. */
export interface PlacedName extends Occurrence {
  readonly resource: AnyResource;
}

/** Only of documents that `wants` them: each is parsed. Undefined for each other one, as a file may have many. */
function* situationsIn(
  { workspace, host, uri }: NamedFiles,
  wants: (span: Span) => boolean = () => true,
): Generator<PlacedSituation | undefined> {
  const file = host.textOf(uri);
  if (file === undefined) return;
  const mesh = workspace.writtenMesh;
  for (const { record, start } of workspace.documents(uri)) {
    if (record.resources.length === 0 || !wants({ start, end: start + record.length })) {
      yield undefined;
      continue;
    }
    const text = file.slice(start, start + record.length);
    const tree = parseDocument(text);
    for (const resource of record.resources) {
      const root = resource.listIndex === undefined ? tree.root : at(tree.root, ['items', resource.listIndex]);
      if (!root) continue;
      const { kind, namespace, name } = resource;
      yield { mesh, kind, namespace, name, root, resource, text, start };
    }
  }
}

/** What a file names at an offset, in a manifest or an expectation, the narrowest first; spans count from the start of the file. */
export function writtenAt(navigated: Navigated, offset: number): readonly WrittenName[] {
  const { workspace, host, uri } = navigated;
  return isEgressTestName(uri)
    ? expectationNamesAt(workspace.writtenMesh, host.textOf(uri) ?? '', offset)
    : namesAt(navigated, offset);
}

/** The same in the resources of a manifest. */
export function namesAt(navigated: Navigated, offset: number): readonly PlacedName[] {
  const here = ({ start, end }: Span): boolean => start <= offset && offset <= end;
  return [...situationsIn(navigated, here)].flatMap((situation) =>
    situation
      ? occurrencesAt(situation, situation.text, offset - situation.start).map((one) => inFile(one, situation))
      : [],
  );
}

export function* namesIn(navigated: NamedFiles): Generator<PlacedName> {
  for (const situation of situationsIn(navigated)) if (situation) yield* namesOf(situation);
}

/** One object may have a hundred thousand names. */
const namesInPortion = 200;

/** A portion of one object of a document at a time, and only in documents that `wants` them: none of the others. */
export function* namesByDocument(
  navigated: NamedFiles,
  wants?: (span: Span) => boolean,
): Generator<readonly PlacedName[]> {
  for (const situation of situationsIn(navigated, wants)) {
    let portion: PlacedName[] = [];
    for (const one of situation ? namesOf(situation) : []) {
      portion.push(one);
      if (portion.length < namesInPortion) continue;
      yield portion;
      portion = [];
    }
    yield portion;
  }
}

function* namesOf(situation: PlacedSituation): Generator<PlacedName> {
  for (const one of occurrencesIn(situation, situation.text)) yield inFile(one, situation);
}

function inFile(occurrence: Occurrence, { start, resource }: PlacedSituation): PlacedName {
  return {
    ...occurrence,
    resource,
    span: shift(occurrence.span, start),
    edit: (name) => {
      const edit = occurrence.edit(name);
      return edit && { ...edit, span: shift(edit.span, start) };
    },
  };
}
