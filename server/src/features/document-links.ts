// Texts in a file that lead to another one: what a kustomization lists, and the page of a rule that a comment names.
import type { Span } from '../base/span.ts';
import { shift } from '../base/span.ts';
import { isRemote } from '../model/kustomization.ts';
import { isKustomizationName } from '../sources/kustomize-facts.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import type { YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { at } from '../yaml/read.ts';

export interface TextLink {
  /** In the file. */
  readonly span: Span;
  /** A file beside this one as a relative path, or a rule. */
  readonly to: { readonly path: string } | { readonly rule: string };
}

/** A comment or a document at a step. */
export function* documentLinks(uri: string, text: string, isRule: (id: string) => boolean): Generator<TextLink> {
  yield* ruleLinks(text, isRule);
  if (isKustomizationName(uri.slice(uri.lastIndexOf('/') + 1))) yield* fileLinks(text);
}

/** `# istio-egress-ignore: a, b -- reason`. */
function* ruleLinks(text: string, isRule: (id: string) => boolean): Generator<TextLink> {
  for (const comment of text.matchAll(/#[^\n]*istio-egress-ignore[^\n]*/g))
    for (const word of comment[0].matchAll(/[a-z]+(?:-[a-z]+)+/g))
      if (isRule(word[0])) {
        const start = comment.index + word.index;
        yield { span: { start, end: start + word[0].length }, to: { rule: word[0] } };
      }
}

const listsOfFiles: readonly string[] = ['resources', 'bases', 'components', 'patchesStrategicMerge', 'crds'];

function* fileLinks(text: string): Generator<TextLink> {
  for (const { start, text: document } of splitDocuments(text)) {
    const { root } = parseDocument(document);
    const scalars = [
      ...listsOfFiles.flatMap((key) => itemsOf(at(root, [key]))),
      ...['patches', 'patchesJson6902', 'replacements'].flatMap((key) =>
        itemsOf(at(root, [key])).flatMap((item) => at(item, ['path']) ?? []),
      ),
    ];
    for (const node of scalars)
      if (node.kind === 'scalar' && typeof node.value === 'string' && isLocal(node.value))
        yield { span: shift(node.span, start), to: { path: node.value } };
  }
}

function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'seq' ? node.items : [];
}

function isLocal(path: string): boolean {
  return path !== '' && !path.includes('\n') && !isRemote(path);
}
