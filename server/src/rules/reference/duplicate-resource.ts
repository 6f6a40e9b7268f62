import { allKinds } from '../../model/kind-of.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { Kind } from '../../model/kinds.ts';
import { defineRule, type Severity } from '../rule.ts';

export const duplicateResource = defineRule<Kind, Record<never, never>>({
  id: 'duplicate-resource',
  stage: 'reference',
  summary: 'The same object is declared twice: whichever is applied last wins.',
  severity: 'error',
  since: '0.1.0',
  subjects: allKinds,
  inputs: [],

  *check(subject, mesh) {
    const copies = mesh.named(subject.kind, subject.namespace, subject.name).filter(({ written }) => written.kind === subject.written.kind);
    const first = copies[0];
    if (!first || first.id === subject.id) return;
    const same = first.digest === subject.digest;
    yield {
      at: subject.at.name,
      message: same
        ? `${describe(subject)} is declared a second time with the same content.`
        : `${describe(subject)} is declared a second time with other content, and whichever is applied last wins.`,
      related: [{ resource: first, at: first.at.name, message: `${describe(first)} is declared here first.` }],
      severity: same ? 'information' : severityOf(subject, first),
      data: {},
    };
  },
});

/**
 * One file is applied as a whole, so that the first of the two is lost for certain. Folders are often alternatives
 * (overlays, clusters), and teams that share a namespace each declare it.
 */
function severityOf(subject: Resource, first: Resource): Severity {
  if (subject.kind === 'Namespace' || folderOf(subject) !== folderOf(first)) return 'information';
  return subject.uri === first.uri ? 'error' : 'warning';
}

function folderOf({ uri }: Resource): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1);
}
