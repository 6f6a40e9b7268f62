// One line of computed facts above each resource that has any. Where lenses stand is cheap; what they say is worked out when one is shown.
import type { Span } from '../base/span.ts';
import type { Workspace } from '../engine/workspace.ts';
import { factsOf, mayHaveFacts } from './facts/facts.ts';
import { subjectsIn } from './facts/subjects-in-file.ts';
import { titleOf } from './facts/title.ts';

/** Names a resource of a file from one request to the next. */
export interface LensSubject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Lens {
  /** In the file. */
  readonly span: Span;
  readonly subject: LensSubject;
}

export function lensesIn(workspace: Workspace, uri: string): readonly Lens[] {
  return subjectsIn(workspace, uri)
    .filter(({ resource }) => mayHaveFacts(resource))
    .map(({ resource, place }) => {
      const { kind, namespace, name, at } = resource;
      return {
        span: place(at.apiVersion.start < at.kind.start ? at.apiVersion : at.kind),
        subject: { kind, namespace, name },
      };
    });
}

/** Undefined where the resource is gone by now, or has nothing to say. */
export function lensTitle(
  workspace: Workspace,
  uri: string,
  { kind, namespace, name }: LensSubject,
): string | undefined {
  const subject = subjectsIn(workspace, uri).find(
    ({ resource }) => resource.kind === kind && resource.namespace === namespace && resource.name === name,
  );
  const facts = subject && factsOf(workspace.mesh, subject.resource);
  return (facts && titleOf(facts)) || undefined;
}
