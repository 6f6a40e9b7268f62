// Positions in files, as all front ends show them.
import { LineIndex, type Position } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { Resource } from '../model/resource.ts';
import type { Sources } from './to-source.ts';
import type { Workspace } from './workspace.ts';

export interface PlacedSpan {
  readonly uri: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Turns a span in a resource's document into a place in its file. Reads each file's lines once. */
export function placesIn(
  workspace: Pick<Workspace, 'documentAt'>,
  { textOf, toSource }: Sources,
): (resource: Resource, span: Span) => PlacedSpan {
  const lines = new Map<string, LineIndex>();
  return (resource, at) => {
    const start = workspace.documentAt(resource.document)?.start ?? 0;
    const { uri, span } = toSource(resource.uri, { start: start + at.start, end: start + at.end });
    const index = lines.get(uri) ?? new LineIndex(textOf(uri) ?? '');
    lines.set(uri, index);
    return {
      uri,
      range: { start: index.positionAt(span.start), end: index.positionAt(span.end) },
      resource: { kind: resource.written.kind, namespace: resource.namespace, name: resource.name },
    };
  };
}
