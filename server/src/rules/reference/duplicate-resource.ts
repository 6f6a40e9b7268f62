import { allKinds } from '../../model/kind-of.ts';
import { describe } from '../../model/resource.ts';
import type { Kind } from '../../model/kinds.ts';
import { defineRule } from '../rule.ts';

export const duplicateResource = defineRule<Kind, { readonly same: boolean }>({
  id: 'duplicate-resource',
  stage: 'reference',
  summary: 'The same object is declared twice: the manifest that is applied last replaces the other.',
  severity: 'error',
  since: '0.1.0',
  subjects: allKinds,
  inputs: [],

  *check(subject, mesh) {
    const { kind, namespace, name, written } = subject;
    const first = mesh.derived(`first ${written.kind} of ${kind}/${namespace}/${name}`, (view) =>
      view.named(kind, namespace, name).find((other) => other.written.kind === written.kind),
    );
    if (!first || first.id === subject.id) return;
    const same = first.digest === subject.digest;
    // One file is applied as a whole, so that the first of the two is lost for certain. Files are often alternatives, to try
    // or for one cluster each, and teams that share a namespace each declare it.
    const isLost = !same && first.uri === subject.uri && subject.kind !== 'Namespace';
    yield {
      at: subject.at.name,
      message: same
        ? `${describe(subject)} is declared twice with the same content.`
        : `The manifest that is applied last replaces the other: ${describe(subject)} is declared twice with different content.`,
      related: [{ resource: first, at: first.at.name, message: `${describe(first)} is first declared here.` }],
      severity: isLost ? 'error' : 'information',
      data: { same },
    };
  },

  *fixes({ same }, subject) {
    // A file that is left empty may still be named somewhere.
    if (same && subject.listIndex === undefined)
      yield { title: 'Remove the duplicate', safety: 'unsafe', changes: [{ op: 'remove-document', in: subject }] };
  },
});
