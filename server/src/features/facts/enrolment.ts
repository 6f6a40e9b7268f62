// The objects that are bound to a waypoint: those that a Gateway serves, and the effect of a Namespace's label on its ServiceEntries.
import {
  waypointLabelOf,
  bindWaypoint,
  isWaypointClass,
  type WaypointBinding,
  type WaypointLabel,
} from '../../mesh/binding/waypoint-binding.ts';
import { trafficType } from '../../mesh/binding/waypoint-gateway.ts';
import { useWaypointOn } from '../../mesh/binding/use-waypoint.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';

type Bindable = Resource<'ServiceEntry'> | Resource<'Service'>;

/** The maximum for one line of text: a waypoint may serve a whole mesh. */
const mostExamined = 100;

export interface Enrolled {
  readonly object: Bindable;
  readonly binding: WaypointBinding;
}

export interface GatewayFacts {
  readonly kind: 'Gateway';
  readonly gateway: Resource<'Gateway'>;
  /** `service`, `all`, ...; undefined where a class that no source describes decides. */
  readonly serves: string | undefined;
  readonly namespaces: readonly Resource<'Namespace'>[];
  /** Bound to it, by their own label or their Namespace's. */
  readonly bound: readonly Enrolled[];
  /** Name it and do not get it, or it is not known whether they do. */
  readonly refused: readonly Enrolled[];
  /** The number of other objects that name it or are in its namespaces; they were not evaluated. */
  readonly unexamined: number;
  readonly policies: readonly Resource<'AuthorizationPolicy'>[];
}

export interface NamespaceFacts {
  readonly kind: 'Namespace';
  readonly namespace: Resource<'Namespace'>;
  readonly label: WaypointLabel;
  readonly gateway: Resource<'Gateway'> | undefined;
  /** Of the ServiceEntries in it that have no label of their own. */
  readonly entries: readonly Enrolled[];
  /** Those that decide by a label of their own. */
  readonly own: number;
  /** The number of other objects, which were not evaluated. */
  readonly unexamined: number;
}

/** Undefined for a Gateway that is not known to be a waypoint. */
export function gatewayFacts(mesh: Mesh, gateway: Resource<'Gateway'>): GatewayFacts | undefined {
  const enrolled = mesh.enrolled(gateway.namespace, gateway.name);
  const isWaypoint = isWaypointClass(gateway, mesh.settings);
  if (isWaypoint === false || (isWaypoint === undefined && enrolled.length === 0)) return undefined;
  const namespaces = enrolled.filter((one): one is Resource<'Namespace'> => one.kind === 'Namespace');
  const own = enrolled.filter((one): one is Bindable => one.kind !== 'Namespace');
  const labelled = new Set<Bindable>(own);
  const candidates = [
    ...own,
    ...namespaces.flatMap((one) => mesh.inNamespace('ServiceEntry', one.name).filter((entry) => !labelled.has(entry))),
  ];
  const objects = candidates
    .slice(0, mostExamined)
    .filter((object) => labelled.has(object) || follows(mesh, object))
    .map((object) => ({ object, binding: bindWaypoint(mesh, object) }));
  const isBound = ({ binding }: Enrolled) => binding.state === 'bound' && binding.gateway.id === gateway.id;
  return {
    kind: 'Gateway',
    gateway,
    namespaces,
    serves: trafficType(mesh, gateway),
    bound: objects.filter(isBound),
    refused: objects.filter((one) => !isBound(one)),
    unexamined: Math.max(0, candidates.length - mostExamined),
    policies: mesh
      .targeting('Gateway', gateway.namespace, gateway.name)
      .filter((one): one is Resource<'AuthorizationPolicy'> => one.kind === 'AuthorizationPolicy'),
  };
}

/** Undefined for a Namespace without the label. */
export function namespaceFacts(mesh: Mesh, namespace: Resource<'Namespace'>): NamespaceFacts | undefined {
  const label = useWaypointOn(namespace);
  if (!label) return undefined;
  const all = mesh.inNamespace('ServiceEntry', namespace.name);
  const entries = all.slice(0, mostExamined);
  const following = entries.filter((entry) => follows(mesh, entry));
  return {
    kind: 'Namespace',
    namespace,
    label,
    gateway: mesh.named('Gateway', label.namespace, label.name)[0],
    entries: following.map((object) => ({ object, binding: bindWaypoint(mesh, object) })),
    own: entries.length - following.length,
    unexamined: all.length - entries.length,
  };
}

/** Whether its Namespace's label decides for an object. */
function follows(mesh: Mesh, object: Bindable): boolean {
  return waypointLabelOf(mesh, object)?.on.kind === 'Namespace';
}
