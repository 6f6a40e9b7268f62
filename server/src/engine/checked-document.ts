// One reading of a document's text: its objects, each with what the schema says of it.
import { lineStart } from '../yaml/lines.ts';
import type { YamlDocument } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { recogniseUnparsed } from '../model/recognise.ts';
import { readDocument, type DocumentContext, type DocumentRoot, type Recognition } from '../model/read-document.ts';
import { isRefusal } from '../schema/refusal.ts';
import { validateErrors, validateResource, type SchemaFinding } from '../schema/validate.ts';

export interface ReadOptions extends DocumentContext {
  readonly istioVersion: string;
}

export interface CheckedObject extends DocumentRoot {
  readonly found: readonly SchemaFinding[];
}

export interface CheckedDocument {
  readonly tree: YamlDocument;
  readonly recognition: Recognition;
  readonly syntax: readonly SchemaFinding[];
  readonly roots: readonly CheckedObject[];
}

export function readChecked(text: string, options: ReadOptions): CheckedDocument {
  return checkTree(parseDocument(text), text, options);
}

/** A document that is skipped whatever its tree is: nothing of it is read, so nothing is parsed. */
export function readUnparsed(text: string, options: ReadOptions): CheckedDocument | undefined {
  const recognition = recogniseUnparsed(text, options);
  return recognition && { tree: { root: undefined, errors: [], comments: [] }, recognition, syntax: [], roots: [] };
}

/** `tree` has its places in `text`. */
export function checkTree(tree: YamlDocument, text: string, options: ReadOptions): CheckedDocument {
  const { recognition, roots } = readDocument(tree, options, text);
  const syntax = isChecked(roots, recognition) ? validateErrors(tree.errors) : [];
  return {
    tree,
    recognition,
    syntax,
    roots: roots.map((one) => ({
      ...one,
      found: withoutConsequences(validateResource(one.root, options), syntax, text),
    })),
  };
}

/** What the API server refuses it for. */
export function faultsIn({ syntax, roots }: CheckedDocument): readonly SchemaFinding[] {
  if (syntax.length === 0 && roots.every(({ found }) => found.length === 0)) return [];
  return [...syntax, ...roots.flatMap(({ found }) => found)].filter(isRefusal);
}

/** What the schema says of a line that is broken follows from that: the error is told once. */
function withoutConsequences(
  found: readonly SchemaFinding[],
  syntax: readonly SchemaFinding[],
  text: string,
): readonly SchemaFinding[] {
  if (syntax.length === 0 || found.length === 0) return found;
  const broken = new Set(syntax.filter(isRefusal).map(({ at }) => lineStart(text, at.start)));
  if (broken.size === 0) return found;
  const first = lineStart(text, text.length - text.trimStart().length);
  const last = lineStart(text, text.trimEnd().length);
  return found.filter(({ at }) => {
    const line = lineStart(text, at.start);
    return !broken.has(line) || (line === first && line === last);
  });
}

/** Objects of other kinds, read for facts about Istio: their text is not checked. */
const onlyLookedAt: ReadonlySet<string> = new Set(['Pod', 'Workload', 'Secret', 'ConfigMap']);

/** The schema also checks kinds that no rule reads. The syntax of a text that is not a manifest is not checked. */
export function isChecked(roots: readonly DocumentRoot[], { state }: Recognition): boolean {
  return (
    state === 'manifest' &&
    !(roots.length > 0 && roots.every(({ resource }) => resource && onlyLookedAt.has(resource.kind)))
  );
}
