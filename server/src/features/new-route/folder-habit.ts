// How a folder keeps its manifests, so that new ones look as if its authors had written them: in which file, with which namespace,
// labels and indentation.
import { isEditable } from '../../engine/draft.ts';
import type { Workspace } from '../../engine/workspace.ts';
import type { AnyResource } from '../../model/resource.ts';
import { textAt } from '../../references/situation.ts';
import { folderOf } from '../../sources/paths.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { DEFAULT_STYLE, styleOf, type Style } from '../../yaml/style.ts';

export interface FolderHabit {
  /** URI of the folder of new files. */
  readonly folder: string;
  readonly extension: string;
  readonly layout: Layout;
  readonly withNamespace: boolean;
  /** That all objects of routes have here. */
  readonly labels: Readonly<Record<string, string>>;
  readonly style: Style;
}

type Layout =
  /** One file for all hosts. */
  | { readonly kind: 'one-file'; readonly uri: string }
  /** A file for each kind, with the objects of all hosts. */
  | { readonly kind: 'by-kind'; readonly uris: ReadonlyMap<string, string> }
  /** A file for each object. */
  | { readonly kind: 'by-object' }
  /** A file for each host, with all its objects. */
  | { readonly kind: 'by-host' };

export interface HabitContext {
  readonly workspace: Workspace;
  readonly textOf: (uri: string) => string | undefined;
  /** Where new files stand if no manifest shows it: a folder. */
  readonly home: string;
}

interface HabitFile {
  readonly uri: string;
  readonly resources: readonly AnyResource[];
}

/** What a route consists of; its gateway and its namespace are others. */
const kindsOfRoutes: ReadonlySet<string> = new Set([
  'ServiceEntry',
  'DestinationRule',
  'AuthorizationPolicy',
  'Telemetry',
  'VirtualService',
  'IstioGateway',
]);

export function folderHabit({ workspace, textOf, home }: HabitContext, namespace: string): FolderHabit {
  const inNamespace = [...workspace.uris]
    .sort()
    .filter((uri) => isEditable(uri) && /\.ya?ml$/.test(uri) && workspace.facts(uri).leftAlone === undefined)
    .map((uri) => ({ uri, resources: workspace.documents(uri).flatMap(({ record }) => record.resources) }))
    .filter(({ resources }) => resources.some((one) => one.namespace === namespace));
  const ofRoutes = inNamespace
    .map(({ uri, resources }) => ({ uri, resources: resources.filter(({ kind }) => kindsOfRoutes.has(kind)) }))
    .filter(({ resources }) => resources.length > 0);
  const withEntries = ofRoutes.filter(({ resources }) => resources.some(({ kind }) => kind === 'ServiceEntry'));
  const [model] = [...withEntries, ...ofRoutes, ...inNamespace];
  if (!model) return { ...plainHabit, folder: home };
  const folder = folderOf(model.uri);
  const near = ofRoutes.filter(({ uri }) => folderOf(uri) === folder);
  const text = textOf(model.uri) ?? '';
  const tree = parseDocument(text.replace(/^(---[^\n]*\n)+/, '').split(/^---/m)[0] ?? '');
  const named = tree.root && textAt(tree.root, ['metadata', 'namespace']);
  return {
    folder,
    extension: model.uri.endsWith('.yml') ? '.yml' : '.yaml',
    layout: layoutOf(
      near,
      withEntries.filter(({ uri }) => folderOf(uri) === folder),
    ),
    withNamespace: named !== undefined,
    labels: sharedLabels(near.flatMap(({ resources }) => resources)),
    style: styleOf(text, tree),
  };
}

const plainHabit = {
  extension: '.yaml',
  layout: { kind: 'by-host' },
  withNamespace: true,
  labels: {},
  style: DEFAULT_STYLE,
} as const satisfies Omit<FolderHabit, 'folder'>;

function layoutOf(files: readonly HabitFile[], withEntries: readonly HabitFile[]): Layout {
  const isMixed = ({ resources }: HabitFile) => new Set(resources.map(({ kind }) => kind)).size > 1;
  const entriesIn = ({ resources }: HabitFile) => resources.filter(({ kind }) => kind === 'ServiceEntry').length;
  const crowded = withEntries.find((file) => entriesIn(file) > 1);
  if (crowded && isMixed(crowded)) return { kind: 'one-file', uri: crowded.uri };
  if (crowded) return { kind: 'by-kind', uris: filesByKind(files.filter((file) => !isMixed(file))) };
  if (withEntries.some(isMixed) || withEntries.length === 0) return { kind: 'by-host' };
  return { kind: 'by-object' };
}

/** The fullest file of each kind. */
function filesByKind(files: readonly HabitFile[]): ReadonlyMap<string, string> {
  const fullestLast = files.toSorted((a, b) => a.resources.length - b.resources.length);
  return new Map(fullestLast.map(({ uri, resources }) => [resources[0]!.kind, uri]));
}

/** Of at least two objects: the labels of one say nothing about a habit. Istio's own labels mean something. */
function sharedLabels(resources: readonly AnyResource[]): Readonly<Record<string, string>> {
  const [first, ...others] = resources;
  if (!first || others.length === 0) return {};
  const shared = [...first.labels].filter(
    ([key, { value }]) =>
      !/(^|\.)istio\.io\//.test(key) && others.every(({ labels }) => labels.get(key)?.value === value),
  );
  return Object.fromEntries(shared.map(([key, { value }]) => [key, value]));
}

const words = (kind: string) => kind.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/** The file of a new object; `host` is what the file of one host is named after. */
export function fileFor(
  { layout, folder, extension }: FolderHabit,
  { kind, name }: { readonly kind: string; readonly name: string },
  host: string,
): string {
  const fresh = (stem: string) => `${folder.replace(/\/$/, '')}/${encodeURIComponent(stem)}${extension}`;
  switch (layout.kind) {
    case 'one-file':
      return layout.uri;
    case 'by-kind':
      return layout.uris.get(kind) ?? fresh(words(kind));
    case 'by-object':
      return fresh(`${name}-${words(kind)}`);
    case 'by-host':
      return fresh(host);
  }
}

/** Of a folder: its list must name new files. */
export function kustomizationBeside(uri: string, textOf: HabitContext['textOf']): string | undefined {
  const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
  return names.map((name) => `${folderOf(uri)}/${name}`).find((one) => one !== uri && textOf(one) !== undefined);
}
