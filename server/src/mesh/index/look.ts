// What counts in the views of one version of the index.
import type { Kind } from '../../model/kinds.ts';
import type { Resource } from '../../model/resource.ts';

/** A view belongs to one version of the index; its use after an edit is a bug of the caller. */
export class StaleMesh extends Error {
  constructor() {
    super('this view of the mesh was taken before an edit');
    this.name = 'StaleMesh';
  }
}

/** What counts in a view of one version, and what was found out by it about namespaces and kinds. */
export interface Look {
  readonly version: number;
  readonly get: (key: string) => readonly Resource[];
  readonly namespaces: Map<string, boolean | undefined>;
  readonly kinds: Map<Kind, boolean>;
  /** Derived facts that no recording view asked for. */
  readonly facts: Map<string, unknown>;
}
