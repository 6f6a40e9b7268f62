// One parsed document: its resources, its own findings, and its suppression comments.
import { hashText } from '../base/hash.ts';
import type { Span } from '../base/span.ts';
import type { AnyResource, DocumentId } from '../model/resource.ts';
import { readDocument, type DocumentContext, type Recognition } from '../model/read-document.ts';
import type { Severity } from '../rules/rule.ts';
import { validateErrors, validateResource } from '../schema/validate.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { YamlDocument } from '../yaml/node.ts';
import { readSuppressions, type Suppression } from './suppressions.ts';

/** A finding of a document by itself; `at` counts from the start of the document. */
export interface LocalFinding {
  readonly rule: string;
  readonly at: Span;
  readonly message: string;
  readonly data: unknown;
  /** Where it depends on the case; otherwise the rule's own. */
  readonly severity?: Severity;
  readonly resource: AnyResource | undefined;
}

/** What is kept of a document that no editor shows: facts, not the tree. */
export interface DocumentRecord {
  readonly id: DocumentId;
  readonly uri: string;
  readonly hash: number;
  readonly length: number;
  readonly resources: readonly AnyResource[];
  readonly recognition: Recognition;
  readonly local: readonly LocalFinding[];
  readonly suppressions: readonly Suppression[];
}

export interface ReadOptions extends DocumentContext {
  readonly istioVersion: string;
}

export function readRecord(text: string, options: ReadOptions): DocumentRecord {
  const tree = parseDocument(text);
  const { resources, recognition, roots } = readDocument(tree, options, text);
  const local = localFindings(tree, roots, recognition, options);
  return {
    id: options.document,
    uri: options.uri,
    hash: hashText(text),
    length: text.length,
    resources,
    recognition,
    local,
    suppressions: recognition.state === 'manifest' || local.length > 0 ? readSuppressions(text, tree.comments) : [],
  };
}

/** Other users' objects, read for what they tell of Istio's: their text is others' to judge. */
const onlyLookedAt: ReadonlySet<string> = new Set(['Pod', 'Workload', 'Secret']);

/** Kinds that no rule reads are still checked by their schema; what is no manifest at all has no syntax that is ours to judge. */
function localFindings(
  tree: YamlDocument,
  roots: ReturnType<typeof readDocument>['roots'],
  { state }: Recognition,
  options: ReadOptions,
): LocalFinding[] {
  const isOurs =
    state === 'manifest' &&
    !(roots.length > 0 && roots.every(({ resource }) => resource && onlyLookedAt.has(resource.kind)));
  const syntax = !isOurs
    ? []
    : validateErrors(tree.errors).map((finding) => ({ ...finding, resource: roots[0]?.resource }));
  const schema = roots.flatMap(({ root, resource }) =>
    validateResource(root, options).map((finding) => ({ ...finding, resource })),
  );
  return [...syntax, ...schema];
}
