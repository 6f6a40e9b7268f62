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

export function waypointImpact<Place>(
  workspace: Workspace,
  change: WaypointChange,
  place: (object: Bound) => Place,
): WaypointImpact<Place> {
  const { before, after } = meshesOf(workspace, change);
  const bindings = [...before.all('ServiceEntry'), ...before.all('Service')].flatMap((object) => {
    const [was, becomes] = [pathOf(before, object), pathOf(after, object)];
    return was === becomes || isGateway(object, change) ? [] : [{ object, before: was, after: becomes }];
  });
  const wanted = bindings
    .flatMap(({ object }) => urlsOf(object))
    .flatMap((url) => clientsOf(before).map((from) => ({ from, url })));
  const calls = wanted.slice(0, mostCalls).flatMap(({ from, url }) => {
    const [was, becomes] = [outcomeOf(before, from, url), outcomeOf(after, from, url)];
    return !was || !becomes || (was.verdict === becomes.verdict && was.via === becomes.via)
      ? []
      : [{ from, url, before: was, after: becomes }];
  });
  return {
    bindings: bindings.map(({ object, before: was, after: becomes }) => ({
      at: place(object),
      before: was,
      after: becomes,
    })),
    calls,
    isShort: wanted.length > mostCalls,
  };
}

function meshesOf(
  workspace: Workspace,
  { change, namespace, name, enroll, manifest, now }: WaypointChange,
): { readonly before: Mesh; readonly after: Mesh } {
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
