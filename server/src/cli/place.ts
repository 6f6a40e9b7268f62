// Places in files, as outputs show them.
import type { Position } from '../base/line-index.ts';
import { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { Resource } from '../model/resource.ts';
import { displayPath } from './display-path.ts';
import type { CliHost } from './host.ts';
import type { Loaded } from './load.ts';

export interface Placed {
  readonly file: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Turns a span in a resource's document into a place in its file. Reads each file's lines once. */
export function placer({ workspace, textOf }: Pick<Loaded, 'workspace' | 'textOf'>, host: CliHost): (resource: Resource, span: Span) => Placed {
  const lines = new Map<string, LineIndex>();
  return (resource, span) => {
    const start = workspace.documentAt(resource.document)?.start ?? 0;
    const index = lines.get(resource.uri) ?? new LineIndex(textOf(resource.uri) ?? '');
    lines.set(resource.uri, index);
    return {
      file: displayPath(resource.uri, host),
      range: { start: index.positionAt(start + span.start), end: index.positionAt(start + span.end) },
      resource: { kind: resource.written.kind, namespace: resource.namespace, name: resource.name },
    };
  };
}

/** 1-based, as editors and terminals write it. */
export function placeText({ file, range }: Pick<Placed, 'file' | 'range'>): string {
  return `${file}:${range.start.line + 1}:${range.start.character + 1}`;
}
