// Which extensions select pods: those of the pods' namespace and of the root namespace. A namespace can have thousands of both, so that they
// are found once for all who ask, and looked up by label.
import { keptFor } from '../../base/kept-for.ts';
import { extensionKindOf, type ExtensionKind } from '../../model/extension-kinds.ts';
import { groupOf } from '../../model/kind-of.ts';
import type { Resource } from '../../model/resource.ts';
import type { ExtendedProxy } from '../../model/specs.ts';
import { bySelector, type Selecting } from '../by-selector.ts';
import { workloadsByAccount, workloadsIn, workloadsSelected, type Workload } from '../clients/data-plane.ts';
import { selects, textLabels } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';

export type ProxyExtension = Resource<'ProxyExtension'>;

/** Whether a request is asked about that carries a token: some kinds change no other. */
export type Carried = 'no-token' | 'token';

export interface SelectedPods {
  readonly namespace: string;
  /** Empty if they are not set. */
  readonly labels: ReadonlyMap<string, string>;
  /** `undefined`: any. */
  readonly serviceAccount?: string | undefined;
}

/** What is asked about. */
export interface AtProxy {
  readonly proxy: ExtendedProxy;
  readonly carried: Carried;
}

/** Whether such proxies read selectors of a kind: waypoints do for few. */
const readsSelectors: Readonly<Record<ExtendedProxy, (kind: ExtensionKind) => boolean>> = {
  waypoint: ({ waypoint }) => waypoint === 'workload',
  sidecar: ({ sidecar }) => sidecar,
  gateway: ({ kinds }) => kinds !== undefined,
};

export function kindOfExtension({ written }: ProxyExtension): ExtensionKind {
  return extensionKindOf(groupOf(written.apiVersion), written.kind);
}

/** Whether Istio reads its kind, and it changes such requests where it is attached to such a proxy. */
export function changesAt({ settings }: Mesh, extension: ProxyExtension, { proxy, carried }: AtProxy): boolean {
  const { since: first, tokensOnly } = kindOfExtension(extension);
  return (
    extension.spec.proxies.has(proxy) &&
    (first === undefined || since(settings, first)) &&
    (carried === 'token' || !tokensOnly)
  );
}

/** Those that select the pods, or may. */
export function extensionsSelecting(mesh: Mesh, pods: SelectedPods, at: AtProxy): readonly ProxyExtension[] {
  const [first = [], ...others] = homesOf(mesh, pods).map((home) => selectingIn(mesh, home, pods, at));
  // Most have none of their own, and share the list of the root namespace.
  return others.every((list) => list.length === 0) ? first : [first, ...others].flat();
}

/** The first of them. */
export function firstExtensionSelecting(mesh: Mesh, pods: SelectedPods, at: AtProxy): ProxyExtension | undefined {
  for (const home of homesOf(mesh, pods)) {
    const [first] = withoutTarget(mesh, home, at);
    const found = first?.spec.selector.size === 0 ? first : selectingIn(mesh, home, pods, at)[0];
    if (found) return found;
  }
  return undefined;
}

/** Whether it is one of them. */
export function isSelecting(mesh: Mesh, extension: ProxyExtension, pods: SelectedPods, at: AtProxy): boolean {
  return (
    homesOf(mesh, pods).includes(extension.namespace) &&
    goesBySelector(mesh, extension, at) &&
    mayBeSelected(mesh, extension.spec.selector, pods)
  );
}

/** Whether such proxies are changed if its selector selects their pods, or if it has none. */
export function goesBySelector(mesh: Mesh, extension: ProxyExtension, at: AtProxy): boolean {
  return (
    extension.spec.targetRefs.length === 0 &&
    readsSelectors[at.proxy](kindOfExtension(extension)) &&
    changesAt(mesh, extension, at)
  );
}

function homesOf({ settings }: Mesh, { namespace }: SelectedPods): readonly string[] {
  return settings.rootNamespace === namespace ? [namespace] : [settings.rootNamespace, namespace];
}

function withoutTarget(mesh: Mesh, home: string, at: AtProxy): readonly ProxyExtension[] {
  return mesh.derived(`extensions in ${home} of ${at.proxy} pods, ${at.carried}`, (view) =>
    view.inNamespace('ProxyExtension', home).filter((one) => goesBySelector(view, one, at)),
  );
}

/** By the list of a namespace, which stands until one of its members changes; undefined where none has a selector. */
const selectingOf = keptFor((list: readonly ProxyExtension[]): Selecting<ProxyExtension> | undefined =>
  list.some(({ spec }) => spec.selector.size > 0) ? bySelector(list, ({ spec }) => spec.selector) : undefined,
);

function selectingIn(mesh: Mesh, home: string, pods: SelectedPods, at: AtProxy): readonly ProxyExtension[] {
  const list = withoutTarget(mesh, home, at);
  const selecting = selectingOf(list);
  if (!selecting) return list;
  if (pods.labels.size > 0) return selecting(pods.labels);
  const { namespace, serviceAccount } = pods;
  const account = serviceAccount === undefined ? '' : `/${serviceAccount}`;
  return mesh.derived(`extensions in ${home} of ${at.proxy} pods of ${namespace}${account}, ${at.carried}`, (view) => {
    const all = withoutTarget(view, home, at);
    const known = workloadsOf(view, namespace, serviceAccount);
    if (known.length === 0) return all;
    const selected = selectingOf(all) ?? (() => all);
    const found = new Set(known.flatMap(({ spec }) => selected(textLabels(spec.labels))));
    return all.filter((one) => found.has(one));
  });
}

function workloadsOf(mesh: Mesh, namespace: string, serviceAccount: string | undefined): readonly Workload[] {
  if (serviceAccount === undefined) return workloadsIn(mesh, namespace);
  return workloadsByAccount(mesh, namespace).get(serviceAccount) ?? [];
}

/** Where a client's labels are not said, those of the workloads in the files that it can be decide; without any, it may be selected. */
function mayBeSelected(
  mesh: Mesh,
  selector: ReadonlyMap<string, string>,
  { namespace, serviceAccount, labels }: SelectedPods,
): boolean {
  if (selector.size === 0 || labels.size > 0) return selects(selector, labels);
  const accounts = workloadsByAccount(mesh, namespace);
  if (serviceAccount === undefined)
    return accounts.size === 0 || workloadsSelected(mesh, namespace, selector).length > 0;
  return accounts.get(serviceAccount)?.some(({ spec }) => selects(selector, spec.labels)) ?? true;
}
