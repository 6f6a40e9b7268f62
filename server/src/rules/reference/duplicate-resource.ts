import { allKinds } from '../../model/kind-of.ts';
import { describe } from '../../model/resource.ts';
import type { Kind } from '../../model/kinds.ts';
import { defineRule } from '../rule.ts';

export const duplicateResource = defineRule<Kind, { readonly same: boolean }>({
  id: 'duplicate-resource',
  stage: 'reference',
  summary: 'The same object is declared twice: whichever is applied last wins.',
  severity: 'error',
  since: '0.1.0',
  subjects: allKinds,
  inputs: [],

  *check(subject, mesh) {
    const copies = mesh
      .named(subject.kind, subject.namespace, subject.name)
      .filter(({ written }) => written.kind === subject.written.kind);
    const first = copies[0];
    if (!first || first.id === subject.id) return;
    const same = first.digest === subject.digest;
    // One file is applied as a whole, so that the first of the two is lost for certain. Files are often alternatives, to try
    // or for one cluster each, and teams that share a namespace each declare it.
    const isLost = !same && first.uri === subject.uri && subject.kind !== 'Namespace';
    yield {
      at: subject.at.name,
      message: same
        ? `${describe(subject)} is declared a second time with the same content.`
        : `${describe(subject)} is declared a second time with other content, and whichever is applied last wins.`,
      related: [{ resource: first, at: first.at.name, message: `${describe(first)} is declared here first.` }],
      severity: isLost ? 'error' : 'information',
      data: { same },
    };
  },

  *fixes({ same }, subject) {
    // A file that is left empty may still be named somewhere.
    if (same && subject.listIndex === undefined)
      yield { title: 'Remove the copy', safety: 'unsafe', changes: [{ op: 'remove-document', in: subject }] };
  },
});
