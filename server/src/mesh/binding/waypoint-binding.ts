// Which waypoint an object is bound to. Labels, precedence, usability and attachment: server/docs/istio-semantics.md §1.
import type { Resource } from '../../model/resource.ts';
import { canaryOf, type Canary } from './canary.ts';
import type { Mesh } from '../mesh.ts';
import { useWaypointOn, type WaypointLabel } from './use-waypoint.ts';
import { visibilityOf } from '../hosts/visibility.ts';
import { admits, isWaypointClass, servesServices, trafficType } from './waypoint-gateway.ts';

export { isWaypointClass, type WaypointLabel };

export type UnusableReason =
  /** No such Gateway, where Gateways are vouched for. */
  | 'missing'
  /** `waypoint-for` on the Gateway (or its class) is not `service` or `all`. */
  | 'traffic-type'
  /** `allowedRoutes` refuse the object's namespace. */
  | 'attachment-denied'
  /** The label's value is empty. */
  | 'empty-name'
  /** Visibility of the ServiceEntry forbids a waypoint of another namespace. */
  | 'cross-namespace';

export type WaypointBinding =
  /** No label, or `none`, on the object or its namespace. `optedOut` is the label that says `none`. */
  | { readonly state: 'unbound'; readonly optedOut: WaypointLabel | undefined }
  | {
      readonly state: 'bound';
      readonly label: WaypointLabel;
      readonly gateway: Resource<'Gateway'>;
      readonly canary?: Canary;
    }
  /** Named, but Istio sends traffic directly. `gateway` where there is one. */
  | {
      readonly state: 'unusable';
      readonly label: WaypointLabel;
      readonly reason: UnusableReason;
      readonly gateway: Resource<'Gateway'> | undefined;
    }
  /** A label names a Gateway that no source shows and none rules out; or the Namespace that decides is not described. */
  | { readonly state: 'unknown'; readonly label: WaypointLabel | undefined };

type Bindable = Resource<'ServiceEntry'> | Resource<'Service'>;

/**
 * The binding of a ServiceEntry or Service. It assumes that the Gateway runs, and does not check its class,
 * as Istio does not. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForService.
 */
export function bindWaypoint(mesh: Mesh, object: Bindable): WaypointBinding {
  return mesh.derivedOf(`binding ${object.id}`, object, bindingOf);
}

function bindingOf(mesh: Mesh, object: Bindable): WaypointBinding {
  if (isGatewayItself(object)) return { state: 'unbound', optedOut: undefined };
  // An entry that is seen nowhere is not configured at all. istio@86c9f01 pilot/pkg/serviceregistry/ambient/services.go serviceEntryServiceBuilder
  if (object.kind === 'ServiceEntry' && visibilityOf(mesh, object.namespace) === 'NONE')
    return { state: 'unbound', optedOut: undefined };
  const own = useWaypointOn(object);
  if (own) return bindBy(mesh, object, own);
  const homes = mesh.named('Namespace', '', object.namespace);
  if (homes.length === 0) return { state: 'unknown', label: undefined };
  return agreed(
    homes.map((home) => {
      const label = useWaypointOn(home);
      return label ? bindBy(mesh, object, label) : { state: 'unbound', optedOut: undefined };
    }),
  );
}

/** The label that decides for the object, on it or on its Namespace, whatever it names; undefined if there is none. */
export function waypointLabelOf(mesh: Mesh, object: Bindable | Resource<'Namespace'>): WaypointLabel | undefined {
  const own = useWaypointOn(object);
  return own || object.kind === 'Namespace' ? own : waypointLabelOfNamespace(mesh, object.namespace);
}

/** For what has none of its own. */
export function waypointLabelOfNamespace(mesh: Mesh, namespace: string): WaypointLabel | undefined {
  return mesh
    .named('Namespace', '', namespace)
    .map(useWaypointOn)
    .find((label) => label !== undefined);
}

/** Usable waypoints that ServiceEntries of this namespace could name, nearest first: same namespace, then those that admit it. For fixes. */
export function waypointsFor(mesh: Mesh, namespace: string): readonly Resource<'Gateway'>[] {
  const usable = mesh
    .all('Gateway')
    .filter(
      (gateway) =>
        isWaypointClass(gateway, mesh.settings) === true &&
        servesServices(trafficType(mesh, gateway)) &&
        admits(mesh, gateway, namespace) === true,
    );
  // Entries that are not public are seen by no other namespace, or by none at all.
  const visibility = visibilityOf(mesh, namespace);
  const own = visibility === 'NONE' ? [] : usable.filter((gateway) => gateway.namespace === namespace);
  return [...own, ...(visibility === 'PUBLIC' ? usable.filter((gateway) => gateway.namespace !== namespace) : [])];
}

/** A waypoint's own Service, and an east-west gateway's, go through no waypoint. */
function isGatewayItself(object: Bindable): boolean {
  const managed = object.labels.get('gateway.istio.io/managed')?.value;
  return managed === 'istio.io-mesh-controller' || managed === 'istio.io-eastwest-controller';
}

function bindBy(mesh: Mesh, object: Bindable, label: WaypointLabel): WaypointBinding {
  if (label.name === 'none') return { state: 'unbound', optedOut: label };
  if (label.name === '') return { state: 'unusable', label, reason: 'empty-name', gateway: undefined };
  const gateways = mesh.named('Gateway', label.namespace, label.name);
  if (gateways.length > 0) return agreed(gateways.map((gateway) => judge(mesh, object, label, gateway)));
  if (!mesh.knows('Gateway', label.namespace)) return { state: 'unknown', label };
  return { state: 'unusable', label, reason: 'missing', gateway: undefined };
}

/** In Istio's order: attachment, traffic type, visibility. */
function judge(mesh: Mesh, object: Bindable, label: WaypointLabel, gateway: Resource<'Gateway'>): WaypointBinding {
  const checks: readonly [UnusableReason, boolean | undefined][] = [
    ['attachment-denied', admits(mesh, gateway, object.namespace)],
    ['traffic-type', servesServices(trafficType(mesh, gateway))],
    ['cross-namespace', crossingAllowed(mesh, object, gateway)],
  ];
  for (const [reason, passed] of checks) {
    if (passed === undefined) return { state: 'unknown', label };
    if (!passed) return { state: 'unusable', label, reason, gateway };
  }
  const canary = canaryOf(mesh, object, label.on.kind === 'Namespace' ? label.on : undefined, gateway);
  return { state: 'bound', label, gateway, ...(canary && { canary }) };
}

/** An entry that is seen in its namespace only must not be carried by another namespace's waypoint. */
function crossingAllowed(mesh: Mesh, object: Bindable, gateway: Resource<'Gateway'>): boolean | undefined {
  if (object.kind !== 'ServiceEntry' || gateway.namespace === object.namespace) return true;
  const visibility = visibilityOf(mesh, object.namespace);
  return visibility === undefined ? undefined : visibility !== 'NAMESPACE';
}

/** Two manifests of one object can say different things; then what a cluster holds is not known. */
function agreed(bindings: readonly WaypointBinding[]): WaypointBinding {
  const [first] = bindings;
  if (first && bindings.every((other) => sameBinding(first, other))) return first;
  return { state: 'unknown', label: bindings.map(labelOf).find((label) => label !== undefined) };
}

function sameBinding(a: WaypointBinding, b: WaypointBinding): boolean {
  const [x, y] = [labelOf(a), labelOf(b)];
  const reason = (binding: WaypointBinding) => (binding.state === 'unusable' ? binding.reason : undefined);
  return (
    a.state === b.state &&
    reason(a) === reason(b) &&
    x?.namespace === y?.namespace &&
    x?.name === y?.name &&
    sameCanary(a, b)
  );
}

function sameCanary(a: WaypointBinding, b: WaypointBinding): boolean {
  const [x, y] = [a, b].map((binding) =>
    binding.state === 'bound' && binding.canary ? plainCanary(binding.canary) : undefined,
  );
  return x === y;
}

function plainCanary(canary: Canary): string {
  const { state, name } = canary;
  return [
    state,
    name.namespace,
    name.name,
    state === 'weighted' ? canary.weight : '',
    state === 'ignored' ? canary.reason : '',
  ].join(' ');
}

function labelOf(binding: WaypointBinding): WaypointLabel | undefined {
  return binding.state === 'unbound' ? binding.optedOut : binding.label;
}
