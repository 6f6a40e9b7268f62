// Where that which a place names is made.
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import { declarationsOf, type Declaration } from '../../references/declarations.ts';
import { writtenAt, type Navigated } from './situations.ts';

export interface DefinitionAnswer {
  /** In the file: what leads there. */
  readonly origin: Span;
  readonly declarations: readonly Declaration[];
}

/** Of the narrowest name at the offset that anything makes: `ns` in `ns/gateway` leads to the namespace. */
export function definitionAt(navigated: Navigated, offset: number): DefinitionAnswer | undefined {
  const mesh = navigated.workspace.writtenMesh;
  for (const { span, entities } of writtenAt(navigated, offset)) {
    const declarations = distinct(entities.flatMap((entity) => declarationsOf(mesh, entity)));
    if (declarations.length > 0) return { origin: span, declarations };
  }
  return undefined;
}

function distinct(declarations: readonly Declaration[]): readonly Declaration[] {
  const key = (resource: Resource, at: Span): string => `${resource.id} ${at.start}`;
  return [...new Map(declarations.map((one) => [key(one.resource, one.at), one])).values()];
}
