// Maps output of `kustomize build` to the file that has the same value for the same object: the patch, otherwise the base.
import { shift, type Span } from '../../base/span.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import type { Chunk, YamlNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { asString, at, entryOf, nodeAt, toPlain } from '../../yaml/read.ts';
import type { Origin } from './origin.ts';
import type { RenderJob } from './plan-renderings.ts';
import type { FieldPath } from '../../base/field-path.ts';

export function kustomizeOrigin(
  { objects, patches, renames }: RenderJob,
  document: Chunk,
  span: Span,
  textOf: (path: string) => string | undefined,
): Origin | undefined {
  const root = parseDocument(document.text).root;
  const place = root && placeOf(root, shift(span, -document.start));
  if (!root || !place) return undefined;
  const originsIn = (path: string): readonly Origin[] =>
    documentsOf(textOf(path) ?? '').flatMap(({ start, node }) =>
      isSame(node, root, renames)
        ? matchingSpans(node, root, place).map((at) => ({ path, span: shift(at, start) }))
        : [],
    );
  // A patch has the last word. Two that could have said it prove nothing.
  const inPatches = patches.flatMap(originsIn);
  return onlyOne(inPatches.length > 0 ? inPatches : objects.flatMap(originsIn));
}

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

function documentsOf(text: string): readonly { readonly start: number; readonly node: YamlNode }[] {
  return splitDocuments(text).flatMap(({ start, text: own }) => {
    const node = parseDocument(own).root;
    return node ? [{ start, node }] : [];
  });
}

interface NodePlace {
  readonly path: FieldPath;
  readonly onKey: boolean;
}

/** The outermost node that a span is exactly, else the innermost around its start. */
function placeOf(root: YamlNode, span: Span): NodePlace | undefined {
  const inner = nodeAt(root, span.start);
  if (!inner) return undefined;
  const isExact = (node: YamlNode | undefined) => node?.span.start === span.start && node.span.end === span.end;
  for (let depth = 0; depth < inner.path.length; depth++)
    if (isExact(at(root, inner.path.slice(0, depth)))) return { path: inner.path.slice(0, depth), onKey: false };
  return { path: inner.path, onKey: inner.onKey };
}

/** Kind and name agree, and the namespace where the file gives one and the output still has it. */
function isSame(node: YamlNode, rendered: YamlNode, renames: boolean): boolean {
  const both = (path: FieldPath) => [asString(at(node, path)), asString(at(rendered, path))] as const;
  const [kind, renderedKind] = both(['kind']);
  const [name, renderedName] = both(['metadata', 'name']);
  if (kind === undefined || kind !== renderedKind || name === undefined || renderedName === undefined) return false;
  return renames ? renderedName.includes(name) : renderedName === name;
}

/** Where a file says what the output says at a place; none where it says something else there. */
function matchingSpans(node: YamlNode, rendered: YamlNode, { path, onKey }: NodePlace): readonly Span[] {
  if (
    path.some(
      (step, i) =>
        typeof step === 'number' && lengthOf(at(node, path.slice(0, i))) !== lengthOf(at(rendered, path.slice(0, i))),
    )
  )
    return [];
  const [own, shown] = [at(node, path), at(rendered, path)];
  if (!own || !shown || own.kind !== shown.kind) return [];
  const isName = path.join('.') === 'metadata.name';
  if (own.kind !== 'map' && !isName && JSON.stringify(toPlain(own)) !== JSON.stringify(toPlain(shown))) return [];
  const last = path.at(-1);
  const key = onKey && typeof last === 'string' ? entryOf(at(node, path.slice(0, -1)), last)?.key : undefined;
  return [key?.span ?? own.span];
}

function lengthOf(node: YamlNode | undefined): number {
  return node?.kind === 'seq' ? node.items.length : -1;
}
