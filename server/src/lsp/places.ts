import { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Resource } from '../model/resource.ts';
import type { Evidence } from './protocol.ts';
import { toRange } from './to-lsp.ts';

/** Turns a span in a resource's document into a place in its file. Reads each file's lines once. */
export function placesIn(workspace: Workspace, textOf: (uri: string) => string | undefined): (resource: Resource, span: Span) => Evidence {
  const lines = new Map<string, LineIndex>();
  return (resource, span) => {
    const start = workspace.documentAt(resource.document)?.start ?? 0;
    const index = lines.get(resource.uri) ?? new LineIndex(textOf(resource.uri) ?? '');
    lines.set(resource.uri, index);
    return {
      uri: resource.uri,
      range: toRange({ start: start + span.start, end: start + span.end }, index),
      resource: { kind: resource.written.kind, namespace: resource.namespace, name: resource.name },
    };
  };
}
