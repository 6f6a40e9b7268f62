// Which documents are read and which are skipped. Templates, patches and texts with placeholders are skipped completely: they
// have no resource and no finding, but they list the kinds that they may define, so that nothing is concluded from missing ones.
import type { Field } from './field.ts';
import { isForeignText } from './foreign-text.ts';
import { allKinds, groupOf, isOurGroup, kindsBeingTyped, kindsNamed, kindOf } from './kind-of.ts';
import type { Kind } from './kinds.ts';
import { addsUnseen, readKustomization } from './kustomization.ts';
import { mistypedKeys } from './mistyped-keys.ts';
import { beginsWithTemplateAction, hasPlaceholder, hasTemplateAction, mayHaveHole } from './placeholders.ts';
import { child, items, textField } from './read-field.ts';
import { namespaceOf, type ResourceContext } from './read-resource.ts';
import { sniffKinds } from './sniff.ts';
import type { YamlDocument, YamlMap } from '../yaml/node.ts';
import { isKubernetesLabel } from '../names/kubernetes-names.ts';

export type RecognitionState =
  /** A manifest of a supported kind: read, checked, its errors reported. */
  | 'manifest'
  /** Kubernetes objects of kinds that are not read. */
  | 'other-kubernetes'
  | 'helm-template'
  /** A Kustomize patch, or the kustomization itself. */
  | 'kustomize-patch'
  /** A manifest with holes for another tool to fill: `${VAR}`, `<NAME>`. */
  | 'placeholder'
  /** Other YAML: values, workflows, CRDs, anything that is not an object to apply. */
  | 'foreign'
  | 'empty';

/** What a file's place can say of all its documents, whatever they hold. */
export type LeftAlone = Extract<RecognitionState, 'helm-template' | 'kustomize-patch' | 'foreign'>;

/** A kind of which the document may hold more than was read; the namespace is undefined if it is unknown. */
interface SuppliesUnknown {
  readonly kind: Kind;
  readonly namespace: string | undefined;
}

export interface Recognition {
  readonly state: RecognitionState;
  readonly suppliesUnknown: readonly SuppliesUnknown[];
}

/** An object of the document: its root, or an item of its List. */
export interface Root {
  readonly root: YamlMap;
  readonly apiVersion: Field<string> | undefined;
  readonly kind: Field<string> | undefined;
  /** The kind that is read of it; undefined for others. */
  readonly read: Kind | undefined;
  readonly listIndex: number | undefined;
}

export type RecogniseContext = Pick<ResourceContext, 'defaultNamespace' | 'overrideNamespace'> & {
  readonly leftAlone?: LeftAlone | undefined;
};

export function recognise(
  tree: YamlDocument,
  roots: readonly Root[],
  text: string,
  context: RecogniseContext,
): Recognition {
  if (context.leftAlone !== undefined) return leave(context.leftAlone, tree.root, text);
  if (text.includes('{{') && hasTemplateAction(tree, text)) return leave('helm-template', tree.root, text);
  if (tree.root === undefined && tree.errors.length === 0) return { state: 'empty', suppliesUnknown: [] };
  const state = stateOf(tree, roots, text);
  if (state === 'kustomize-patch') return leave(state, tree.root, text);
  if (state !== 'manifest') return { state, suppliesUnknown: [] };
  if (mayHaveHole(text) && roots.some(({ root }) => hasPlaceholder(root)))
    return { state: 'placeholder', suppliesUnknown: unknownOf(roots, text, context, () => true) };
  // Of a List a broken line may hide where an object begins.
  const all = isBroken(tree) && (hidesObjects(tree) || roots.some(({ listIndex }) => listIndex !== undefined));
  const suppliesUnknown = unknownOf(roots, text, context, (root) => all || !isComplete(root));
  return suppliesUnknown.length > 0 ? { state, suppliesUnknown } : wholeManifest;
}

/**
 * What `recognise` says of a text without a tree of it: of one that is skipped whatever it holds, of most templates, which are
 * no YAML and take the parser longest, and of most files of other tools. Undefined where the tree decides.
 */
export function recogniseUnparsed(text: string, { leftAlone }: RecogniseContext): Recognition | undefined {
  const state = leftAlone ?? stateOfText(text);
  return state === undefined || state === 'kustomize-patch' ? undefined : leave(state, undefined, text);
}

function stateOfText(text: string): LeftAlone | undefined {
  if (isForeignText(text)) return 'foreign';
  return beginsWithTemplateAction(text) ? 'helm-template' : undefined;
}

function leave(state: LeftAlone, root: YamlDocument['root'], text: string): Recognition {
  if (state === 'foreign') return { state, suppliesUnknown: [] };
  const unseen = state === 'kustomize-patch' ? addsUnseen(readKustomization(root)) : 'none';
  if (unseen !== 'none')
    return { state, suppliesUnknown: allKinds.map((kind) => ({ kind, namespace: unseen.namespace })) };
  return { state, suppliesUnknown: sniffKinds(text).map((kind) => ({ kind, namespace: undefined })) };
}

function stateOf(tree: YamlDocument, roots: readonly Root[], text: string): RecognitionState {
  if (tree.root?.kind === 'seq' && tree.root.items.some((item) => child(item, 'op') && child(item, 'path')))
    return 'kustomize-patch';
  const states = new Set(roots.map(stateOfRoot));
  for (const state of ['kustomize-patch', 'manifest', 'other-kubernetes'] as const) if (states.has(state)) return state;
  // What errors hide may still be ours: then the errors are worth telling.
  return isBroken(tree) && sniffKinds(text).length > 0 ? 'manifest' : 'foreign';
}

function stateOfRoot({ root, apiVersion, kind, read }: Root): RecognitionState {
  if (child(root, '$patch') !== undefined || groupOf(apiVersion?.value ?? '') === 'kustomize.config.k8s.io')
    return 'kustomize-patch';
  if (read !== undefined || mistypedKeys(root).length > 0) return 'manifest';
  if (apiVersion === undefined)
    return kind !== undefined && looksLikeManifest(root) && kindsNamed(kind.value).length > 0 ? 'manifest' : 'foreign';
  if (kind === undefined) return isOurGroup(apiVersion.value) && looksLikeManifest(root) ? 'manifest' : 'foreign';
  return stateOfTyped(apiVersion.value, kind.value);
}

/** Of a kind that is not read. */
function stateOfTyped(apiVersion: string, kind: string): RecognitionState {
  if (kind === 'CustomResourceDefinition') return 'foreign';
  const isBeingTyped = kindOf(apiVersion, kind) === undefined && kindsBeingTyped(apiVersion, kind).length > 0;
  if (isBeingTyped) return 'manifest';
  return looksLikeApiVersion(apiVersion) ? 'other-kubernetes' : 'foreign';
}

const manifestKeys: ReadonlySet<unknown> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'status',
  'data',
  'stringData',
  'type',
  'rules',
  'roleRef',
  'subjects',
]);

/** Distinguishes an incomplete manifest from a file of another tool with the same key, such as `apiVersion` of a chart. */
function looksLikeManifest(root: YamlMap): boolean {
  return root.entries.every(({ key }) => manifestKeys.has(key.value));
}

function looksLikeApiVersion(apiVersion: string): boolean {
  return /^([a-z0-9.-]+\/)?v\d+((alpha|beta)\d+)?$/.test(apiVersion);
}

/** True if parts of the document may be missing from the tree. A doubled key hides nothing that would be read. */
function isBroken(tree: YamlDocument): boolean {
  return tree.errors.some(({ code }) => code !== 'duplicate-key');
}

function hidesObjects(tree: YamlDocument): boolean {
  return tree.errors.some(({ code, isLocal }) => code !== 'duplicate-key' && !isLocal);
}

/** True for an object that is read, or that is certainly none of the kinds that are. */
function isComplete(root: Root): boolean {
  return (
    (root.read !== undefined && hasName(root.root)) || (root.read === undefined && kindsSupplied(root).length === 0)
  );
}

function hasName(root: YamlMap): boolean {
  return Boolean(textField(child(root, 'metadata'), 'name')?.value);
}

/** Kinds that an object is or may become. */
function kindsSupplied({ apiVersion, kind, read }: Root): readonly Kind[] {
  if (read !== undefined) return [read];
  if (apiVersion === undefined) return kind === undefined ? [] : kindsNamed(kind.value);
  return kindsBeingTyped(apiVersion.value, kind?.value ?? '');
}

const none: readonly SuppliesUnknown[] = [];
const wholeManifest: Recognition = { state: 'manifest', suppliesUnknown: none };

function unknownOf(
  roots: readonly Root[],
  text: string,
  context: RecogniseContext,
  isUnknown: (root: Root) => boolean,
): readonly SuppliesUnknown[] {
  if (!roots.some(isUnknown) && roots.some((root) => kindsSupplied(root).length > 0)) return none;
  const unknown = roots.filter(isUnknown).flatMap((root) => {
    const named = textField(child(root.root, 'metadata'), 'namespace')?.value;
    return kindsSupplied(root).map((kind) => ({ kind, namespace: placeOf(kind, named, text, context) }));
  });
  if (unknown.length > 0 || roots.some((root) => kindsSupplied(root).length > 0)) return unique(unknown);
  return sniffKinds(text).map((kind) => ({ kind, namespace: undefined }));
}

/** A namespace with a hole in it, or that errors may hide, is any. */
function placeOf(kind: Kind, named: string | undefined, text: string, context: RecogniseContext): string | undefined {
  if (named === undefined && /^\s*["']?namespace["']?\s*:/m.test(text)) return undefined;
  return named === undefined || isKubernetesLabel(named) ? namespaceOf(kind, named, context) : undefined;
}

function unique(list: readonly SuppliesUnknown[]): readonly SuppliesUnknown[] {
  if (list.length < 2) return list;
  return [...new Map(list.map((one) => [`${one.kind}@${one.namespace ?? '*'}`, one])).values()];
}

/** True for an object that holds others: `v1 List`, and the typed lists that an API server answers with. */
export function isList(root: YamlMap, kind: string | undefined): boolean {
  return (
    kind !== undefined &&
    kind.endsWith('List') &&
    (items(root, 'items').length > 0 || child(root, 'items')?.kind === 'seq')
  );
}
