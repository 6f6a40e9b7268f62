// What a waypoint's coming or going changes: which hosts take another path, and what becomes of the requests of callers that files show.
import { meshAfter, type MeshChange } from '../engine/what-if.ts';
import type { Workspace } from '../engine/workspace.ts';
import { parseRequest } from '../eval/trace/parse-request.ts';
import type { Trace } from '../eval/trace/step.ts';
import { trace } from '../eval/trace/trace.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { bindWaypoint } from '../mesh/binding/waypoint-binding.ts';
import type { AnyResource, Resource } from '../model/resource.ts';
import { clientsOf, urlOf } from './facts/known-requests.ts';

export interface WaypointChange {
  readonly change: 'provision' | 'delete';
  readonly namespace: string;
  readonly name: string;
  /** Whether the namespace's label comes, or goes, with it. */
  readonly enroll: boolean;
  /** The Gateway that comes, as YAML; only for `provision`. */
  readonly manifest?: string | undefined;
  /** Its state in the cluster, if it was read: files may be newer. */
  readonly now?: WaypointNow | undefined;
}

export interface WaypointNow {
  readonly hasGateway: boolean;
  readonly useWaypoint: string | null;
}

export interface WaypointImpact<Place> {
  /** ServiceEntries and Services whose path is another one then; `before` and `after` are `NAMESPACE/NAME`, `direct` or `unknown`. */
  readonly bindings: readonly { readonly at: Place; readonly before: string; readonly after: string }[];
  /** Callers whose requests are another thing then. */
  readonly calls: readonly {
    readonly from: string;
    readonly url: string;
    readonly before: CallOutcome;
    readonly after: CallOutcome;
  }[];
  /** Whether there are more callers or hosts than were traced. */
  readonly isShort: boolean;
}

export interface CallOutcome {
  readonly verdict: Trace['verdict'];
  /** `NAMESPACE/NAME` of the waypoint, `direct` without one. */
  readonly via: string;
}

type Bound = Resource<'ServiceEntry'> | Resource<'Service'>;

/** The maximum, because each one is a trace. */
const mostCalls = 400;

export function* waypointImpactInSteps<Place>(
  workspace: Workspace,
  change: WaypointChange,
  place: (object: Bound) => Place,
): Generator<undefined, WaypointImpact<Place>> {
  const meshes = meshesOf(workspace, change);
  yield;
  const bindings = yield* changedBindings(meshes, change);
  const clients = clientsOf(meshes.before);
  const urls = bindings.flatMap(({ object }) => urlsOf(object));
  const wanted = urls.length * clients.length;
  const calls: WaypointImpact<Place>['calls'][number][] = [];
  for (let at = 0; at < Math.min(wanted, mostCalls); at++) {
    const [url, from] = [urls[Math.floor(at / clients.length)]!, clients[at % clients.length]!];
    const [was, becomes] = [outcomeOf(meshes.before, from, url), outcomeOf(meshes.after, from, url)];
    if (was && becomes && (was.verdict !== becomes.verdict || was.via !== becomes.via))
      calls.push({ from, url, before: was, after: becomes });
    yield;
  }
  return {
    bindings: bindings.map(({ object, before, after }) => ({ at: place(object), before, after })),
    calls,
    isShort: wanted > mostCalls,
  };
}

interface Meshes {
  readonly before: Mesh;
  readonly after: Mesh;
}

interface ChangedBinding {
  readonly object: Bound;
  readonly before: string;
  readonly after: string;
}

function* changedBindings({ before, after }: Meshes, change: WaypointChange): Generator<undefined, ChangedBinding[]> {
  const changed: ChangedBinding[] = [];
  for (const object of [...before.all('ServiceEntry'), ...before.all('Service')]) {
    const [was, becomes] = [pathOf(before, object), pathOf(after, object)];
    if (was !== becomes && !isGateway(object, change)) changed.push({ object, before: was, after: becomes });
    yield;
  }
  return changed;
}

function meshesOf(workspace: Workspace, { change, namespace, name, enroll, manifest, now }: WaypointChange): Meshes {
  const place = { namespace, name };
  const label = enroll
    ? { waypoint: change === 'provision' ? name : undefined }
    : now && { waypoint: now.useWaypoint ?? undefined };
  return {
    before: now
      ? meshAfter(
          workspace,
          changeTo(workspace, place, now.hasGateway ? 'as it is' : 'none', { waypoint: now.useWaypoint ?? undefined }),
        )
      : workspace.mesh,
    after: meshAfter(
      workspace,
      changeTo(workspace, place, change === 'delete' ? 'none' : (manifest ?? 'as it is'), label),
    ),
  };
}

/** The Gateway as it is, gone, or as a manifest has it; the namespace's label as it is, or another. */
function changeTo(
  workspace: Workspace,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  gateway: string,
  label: { readonly waypoint: string | undefined } | undefined,
): MeshChange {
  const become = (one: AnyResource) => {
    if (gateway !== 'as it is' && one.kind === 'Gateway' && one.namespace === namespace && one.name === name)
      return undefined;
    return label && one.kind === 'Namespace' && one.name === namespace ? labelled(one, label.waypoint) : one;
  };
  const isDescribed = workspace.mesh.named('Namespace', '', namespace).length > 0;
  const labels = label?.waypoint === undefined ? '' : `  labels:\n    istio.io/use-waypoint: ${label.waypoint}\n`;
  const home =
    label && !isDescribed ? [`apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n${labels}`] : [];
  return { become, add: [...(gateway === 'as it is' || gateway === 'none' ? [] : [gateway]), ...home] };
}

/** istioctl sets this one label and leaves `use-waypoint-namespace` as it is. */
function labelled(home: Resource<'Namespace'>, waypoint: string | undefined): Resource<'Namespace'> {
  const labels = new Map(home.labels);
  const { name: span } = home.at;
  if (waypoint === undefined) labels.delete('istio.io/use-waypoint');
  else labels.set('istio.io/use-waypoint', { value: waypoint, span, key: span });
  return { ...home, labels };
}

/** The waypoint's own Service comes and goes with it. */
function isGateway(object: Bound, { namespace, name }: WaypointChange): boolean {
  return object.kind === 'Service' && object.namespace === namespace && object.name === name;
}

function pathOf(mesh: Mesh, object: Bound): string {
  const binding = bindWaypoint(mesh, object);
  if (binding.state === 'bound') return `${binding.gateway.namespace}/${binding.gateway.name}`;
  return binding.state === 'unknown' ? 'unknown' : 'direct';
}

/** One URL for each host and port that a caller would use. */
function urlsOf(object: Bound): readonly string[] {
  if (object.kind !== 'ServiceEntry') return [];
  const { hosts, ports } = object.spec;
  return hosts.flatMap(({ value }) =>
    ports.filter(({ number }) => number !== undefined).map((port) => urlOf(value, port)),
  );
}

function outcomeOf(mesh: Mesh, from: string, url: string): CallOutcome | undefined {
  const request = parseRequest({ url, from });
  if ('problem' in request) return undefined;
  const { verdict, waypoint } = trace(mesh, request);
  return { verdict, via: waypoint ? `${waypoint.namespace}/${waypoint.name}` : 'direct' };
}
