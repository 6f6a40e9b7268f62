// How a namespace or a pod joins the mesh. Only this file decides it; rules, trace and access call it.
// Capture by ztunnel: server/docs/istio-semantics.md §1.40; injection: server/docs/istio-semantics-classic.md §A.1 to §A.7.
import { groupBy } from '../../base/group-by.ts';
import type { Span } from '../../base/span.ts';
import { dataplaneMode, namespaceInjection, revision } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import { byLabel, selectedOf } from '../by-selector.ts';
import { textLabels } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { injectionOf, type DecidingLabel, type Injection, type PodFacts } from './injection.ts';

export type { PodFacts };
export type Workload = Resource<'Pod'> | Resource<'Workload'>;

interface LabelPlace {
  readonly resource: Resource;
  readonly span: Span;
}

interface Decided {
  /** The label that decides; undefined if the lack of one does. */
  readonly label: DecidingLabel | undefined;
  /** That label, or the name of the object that lacks it; undefined if no file has it. */
  readonly at: LabelPlace | undefined;
}

export type KnownDataPlane =
  /** ztunnel captures the connections. */
  | ({ readonly mode: 'ambient' } & Decided)
  /** An injected sidecar takes them. */
  | ({ readonly mode: 'sidecar' } & Decided)
  /** They leave as they are made. */
  | ({
      readonly mode: 'none';
      readonly because:
        | 'not-enrolled'
        | 'pod-opts-out'
        | 'system-namespace'
        | 'host-network'
        /** An injection template gives the pod a gateway or an agent. */
        | 'gateway-template';
    } & Decided);

export type DataPlane =
  | KnownDataPlane
  | ({
      readonly mode: 'unknown';
      readonly because: /** No file describes the namespace; nothing is `possible` by a label then. */
        | 'not-described'
        | 'manifests-differ'
        /** A revision in an ambient namespace: sidecars if it injects there, ambient if not. */
        | 'revision-in-ambient'
        /** An injection template that no file shows. */
        | 'custom-template';
      readonly possible: readonly KnownDataPlane[];
    } & Decided);

const noLabels: PodFacts = { labels: new Map() };

/** How pods of the namespace join that say nothing themselves. */
export function namespaceDataPlane(mesh: Mesh, namespace: string): DataPlane {
  return mesh.derivedOf(`data plane ${namespace}`, namespace, dataPlaneOfNamespace);
}

function dataPlaneOfNamespace(mesh: Mesh, namespace: string): DataPlane {
  return podDataPlane(mesh, namespace, noLabels);
}

/** How the pods of a Pod, Deployment, Job … join. */
export function workloadDataPlane(mesh: Mesh, workload: Workload): DataPlane {
  const { labels, annotations, hostNetwork } = workload.spec;
  const pod = { labels: textLabels(labels), annotations: textLabels(annotations), hostNetwork };
  return podDataPlane(mesh, workload.namespace, pod, workload);
}

/** How such a pod joins in that namespace. Where its manifests differ, so that the answers do, all of them are possible. */
export function podDataPlane(mesh: Mesh, namespace: string, pod: PodFacts, workload?: Workload): DataPlane {
  const homes = mesh.named('Namespace', '', namespace);
  const planes = (homes.length > 0 ? homes : [undefined]).map((home) => inHome({ namespace, home, pod, workload }));
  const [first] = planes;
  if (planes.every(({ mode }) => mode === first?.mode) && first) return first;
  const possible = differing(planes.flatMap((plane) => (plane.mode === 'unknown' ? plane.possible : [plane])));
  return { ...deciding(planes), mode: 'unknown', because: 'manifests-differ', possible };
}

/** Every Pod and workload of the namespace that files show. */
export function workloadsIn(mesh: Mesh, namespace: string): readonly Workload[] {
  return [...mesh.inNamespace('Pod', namespace), ...mesh.inNamespace('Workload', namespace)];
}

/** Those that have all of the labels. */
export function workloadsSelected(
  mesh: Mesh,
  namespace: string,
  selector: ReadonlyMap<string, string>,
): readonly Workload[] {
  if (selector.size === 0) return workloadsIn(mesh, namespace);
  const pods = mesh.derived(`pods by label in ${namespace}`, (view) => byLabel(workloadsIn(view, namespace), labelsOf));
  return selectedOf(pods, selector, labelsOf);
}

const labelsOf = ({ spec }: Workload) => spec.labels;

/** By their service accounts. */
export function workloadsByAccount(mesh: Mesh, namespace: string): ReadonlyMap<string, readonly Workload[]> {
  return mesh.derived(`workloads by account ${namespace}`, (view) =>
    groupBy(workloadsIn(view, namespace), ({ spec }) => spec.serviceAccount?.value ?? 'default'),
  );
}

/** How all workloads join that files show in the namespace; `unknown` where there are none, or they differ. */
export function workloadsMode(mesh: Mesh, namespace: string): DataPlane['mode'] {
  return mesh.derived(`workloads ${namespace}`, (view) => {
    const modes = new Set(workloadsIn(view, namespace).map((workload) => workloadDataPlane(view, workload).mode));
    const [mode] = modes;
    return modes.size === 1 && mode !== undefined ? mode : 'unknown';
  });
}

/** Whether it surely joins so, or does by what one of the files says. False for what no file describes. */
export function couldBe(plane: DataPlane, mode: KnownDataPlane['mode']): boolean {
  return plane.mode === 'unknown' ? plane.possible.some((one) => one.mode === mode) : plane.mode === mode;
}

/** Whether a label of the files puts pods of the namespace into ambient mode. */
export function couldBeAmbient(mesh: Mesh, namespace: string): boolean {
  return couldBe(namespaceDataPlane(mesh, namespace), 'ambient');
}

/** Whether files give sidecars to the namespace, or to a workload in it. */
export function couldHaveSidecars(mesh: Mesh, namespace: string): boolean {
  return mesh.derived(
    `sidecars in ${namespace}`,
    (view) =>
      couldBe(namespaceDataPlane(view, namespace), 'sidecar') ||
      workloadsIn(view, namespace).some((workload) => couldBe(workloadDataPlane(view, workload), 'sidecar')),
  );
}

/** Namespaces whose own label surely makes their pods join so. */
export function namespacesJoining(mesh: Mesh, mode: 'ambient' | 'sidecar'): readonly string[] {
  return mesh.derived(`namespaces joining ${mode}`, (view) => {
    const labels = mode === 'ambient' ? ([dataplaneMode] as const) : ([namespaceInjection, revision] as const);
    const names = new Set(labels.flatMap((label) => view.namespacesLabelled(label).map(({ name }) => name)));
    return [...names].filter((name) => view.discovers(name) === true && namespaceDataPlane(view, name).mode === mode);
  });
}

/** What to assume of clients that no file describes: that they are captured, by no label. */
const assumedDataPlane: KnownDataPlane = { mode: 'ambient', label: undefined, at: undefined };

/** The data planes to follow: each that is possible, or what is assumed. */
export function dataPlanesToFollow(plane: DataPlane): readonly KnownDataPlane[] {
  if (plane.mode !== 'unknown') return [plane];
  return plane.possible.length > 0 ? plane.possible : [assumedDataPlane];
}

interface Subject {
  readonly namespace: string;
  readonly home: Resource<'Namespace'> | undefined;
  readonly pod: PodFacts;
  readonly workload: Workload | undefined;
}

/** A pod with an injected proxy is not captured, whatever its labels say. istio@86c9f01 cni/pkg/util/enablement_selector.go Matches. */
function inHome(subject: Subject): DataPlane {
  const { namespace, home, pod } = subject;
  const injection = injectionOf(namespace, home && textLabels(home.labels), pod);
  if (!injection) return withoutProxy(subject);
  const by = decided(subject, injection.by);
  const sidecar: KnownDataPlane = { mode: 'sidecar', ...by };
  const template: KnownDataPlane = { mode: 'none', because: 'gateway-template', ...by };
  if (injection.proxy === 'gateway') return template;
  if (injection.proxy === 'custom')
    return { mode: 'unknown', because: 'custom-template', possible: [sidecar, template], ...by };
  const otherwise = withoutProxy(subject);
  if (isByRevision(injection) && otherwise.mode === 'ambient')
    return { mode: 'unknown', because: 'revision-in-ambient', possible: [otherwise, sidecar], ...by };
  return sidecar;
}

/**
 * The webhook's selectors do not look at the data plane mode, so a revision that is installed injects there (istio/istio#60313), and
 * Istio's guide to upgrading ambient meshes labels ambient namespaces so. The files do not show which of both is intended.
 */
function isByRevision({ by, isExplicit }: Injection): boolean {
  return by.name === revision && by.on === 'namespace' && !isExplicit;
}

/** istio@86c9f01 manifests/charts/istio-cni/values.yaml enablementSelectors, excludeNamespaces; cni/pkg/util/enablement_selector.go Matches. */
function withoutProxy(subject: Subject): DataPlane {
  const { namespace, home, pod } = subject;
  if (pod.hostNetwork === true) return { mode: 'none', because: 'host-network', ...decided(subject, undefined) };
  const value = pod.labels.get(dataplaneMode);
  const own = decided(subject, { name: dataplaneMode, value: value ?? '', on: 'pod' });
  if (value === 'none') return { mode: 'none', because: 'pod-opts-out', ...own };
  if (namespace === 'kube-system')
    return { mode: 'none', because: 'system-namespace', label: undefined, at: undefined };
  if (value === 'ambient') return { mode: 'ambient', ...own };
  if (!home) return { mode: 'unknown', because: 'not-described', possible: [], label: undefined, at: undefined };
  const ofNamespace = home.labels.get(dataplaneMode)?.value;
  if (ofNamespace === undefined) return { mode: 'none', because: 'not-enrolled', ...decided(subject, undefined) };
  const by = decided(subject, { name: dataplaneMode, value: ofNamespace, on: 'namespace' });
  // Selectors compare letter by letter: `Ambient` enrols nothing.
  return ofNamespace === 'ambient' ? { mode: 'ambient', ...by } : { mode: 'none', because: 'not-enrolled', ...by };
}

function decided({ home, workload }: Subject, label: DecidingLabel | undefined): Decided {
  if (label?.on === 'pod') return { label, at: workload && { resource: workload, span: spanOn(workload, label.name) } };
  return { label, at: home && { resource: home, span: (label && home.labels.get(label.name)?.span) ?? home.at.name } };
}

function spanOn({ spec, at }: Workload, name: string): Span {
  return (spec.labels.get(name) ?? spec.annotations.get(name))?.span ?? at.name;
}

/** What stands first of all that decides by a label. */
function deciding(planes: readonly DataPlane[]): Decided {
  const { label, at } = planes.find((plane) => plane.label !== undefined) ?? { label: undefined, at: undefined };
  return { label, at };
}

/** One of each mode, in an order that does not depend on the order of files. */
function differing(planes: readonly KnownDataPlane[]): readonly KnownDataPlane[] {
  return (['ambient', 'sidecar', 'none'] as const).flatMap((mode) => planes.find((plane) => plane.mode === mode) ?? []);
}
