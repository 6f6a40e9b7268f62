// Reads the objects of a parsed document. Never throws.
import type { YamlDocument, YamlMap } from '../yaml/node.ts';
import { KeptField } from './field.ts';
import { items, textField } from './read-field.ts';
import { readableKind, readResource, type ResourceContext } from './read-resource.ts';
import { isList, recognise, type LeftAlone, type Recognition, type Root } from './recognise.ts';
import type { AnyResource } from './resource.ts';

export type { Recognition, RecognitionState } from './recognise.ts';

export interface DocumentContext extends ResourceContext {
  /** Why the whole file is skipped, where its place says so. */
  readonly leftAlone?: LeftAlone | undefined;
}

/** An object as it is written; `resource` is undefined for kinds that are not read and for objects that are still being typed. */
export interface DocumentRoot extends Root {
  readonly resource: AnyResource | undefined;
}

export interface DocumentReading {
  readonly resources: readonly AnyResource[];
  readonly recognition: Recognition;
  /** All objects, in order, also those of kinds that are not read; none of a document that is skipped. */
  readonly roots: readonly DocumentRoot[];
}

/** `text` is the document's own, which the tree was read from. */
export function readDocument(tree: YamlDocument, context: DocumentContext, text: string): DocumentReading {
  const found = findRoots(tree);
  const recognition = recognise(tree, found, text, context);
  if (recognition.state !== 'manifest' && recognition.state !== 'other-kubernetes')
    return { resources: [], recognition, roots: [] };
  const roots = found.map((root) => ({ ...root, resource: resourceOf(root, context) }));
  return { resources: roots.flatMap(({ resource }) => resource ?? []), recognition, roots };
}

function resourceOf(
  { root, apiVersion, kind, read, listIndex }: Root,
  context: DocumentContext,
): AnyResource | undefined {
  if (apiVersion === undefined || kind === undefined || read === undefined) return undefined;
  return readResource(root, { apiVersion, kind }, read, listIndex, context);
}

type RootAsWritten = Omit<Root, 'read'>;

function rootOf(written: RootAsWritten): Root {
  const { root, apiVersion, kind } = written;
  return { ...written, read: apiVersion && kind && readableKind(root, apiVersion.value, kind.value) };
}

function findRoots(tree: YamlDocument): readonly Root[] {
  const root = tree.root;
  if (root?.kind !== 'map') return [];
  const apiVersion = textField(root, 'apiVersion');
  const kind = textField(root, 'kind');
  if (!isList(root, kind?.value)) return [rootOf({ root, apiVersion, kind, listIndex: undefined })];
  return items(root, 'items').flatMap((item, index) =>
    item.kind === 'map' ? [rootOf(itemRoot(item, index, { root, apiVersion, kind }))] : [],
  );
}

/** Items of a typed list (`ServiceEntryList`) may leave out what the list says for them. */
function itemRoot(item: YamlMap, index: number, list: Omit<RootAsWritten, 'listIndex'>): RootAsWritten {
  const kind = textField(item, 'kind');
  const apiVersion = textField(item, 'apiVersion');
  if (kind !== undefined || list.kind === undefined || list.kind.value === 'List')
    return { root: item, apiVersion, kind, listIndex: index };
  return {
    root: item,
    apiVersion: apiVersion ?? list.apiVersion,
    kind: new KeptField(list.kind.value.slice(0, -'List'.length), list.kind.span, list.kind.key),
    listIndex: index,
  };
}
