import type { FieldPath } from '../../base/field-path.ts';
import type { YamlMap, YamlNode } from '../../yaml/node.ts';
import { asMap, asSeq, at } from '../../yaml/read.ts';
import { contains } from '../../base/span.ts';
import type { Change, DocumentView } from '../rule.ts';

type In = Extract<Change, { readonly op: 'set' }>['in'];

/** The object of the document that the finding is about: the document itself, or an item of its List. */
export interface Place {
  readonly in: In;
  readonly object: YamlMap;
}

export function placeOf({ uri, document, tree, at: span }: DocumentView): Place | undefined {
  const root = asMap(tree.root);
  if (!root) return undefined;
  const kind = at(root, ['kind']);
  const isList = kind?.kind === 'scalar' && typeof kind.value === 'string' && kind.value.endsWith('List');
  const items = isList ? (asSeq(at(root, ['items']))?.items ?? []) : [];
  const listIndex = items.findIndex((item) => contains(item.span, span.start));
  const object = listIndex < 0 ? root : asMap(items[listIndex]);
  return object && { in: { uri, document, listIndex: listIndex < 0 ? undefined : listIndex }, object };
}

/** The value at a path of the finding's object. */
export function valueAt(
  document: DocumentView,
  path: FieldPath,
): { readonly in: In; readonly node: YamlNode } | undefined {
  const place = placeOf(document);
  const node = place && at(place.object, path);
  return place && node && { in: place.in, node };
}
