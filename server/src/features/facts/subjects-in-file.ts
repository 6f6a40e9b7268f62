// The resources of a file with their places in it.
import { shift, type Span } from '../../base/span.ts';
import type { Workspace } from '../../engine/workspace.ts';
import type { AnyResource } from '../../model/resource.ts';

export interface Subject {
  readonly resource: AnyResource;
  /** A span of the resource's document as one of the file. */
  readonly place: (span: Span) => Span;
}

export function subjectsIn(workspace: Workspace, uri: string): readonly Subject[] {
  return workspace
    .documents(uri)
    .flatMap(({ record, start }) =>
      record.resources.map((resource) => ({ resource, place: (span: Span) => shift(span, start) })),
    );
}
