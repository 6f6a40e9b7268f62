// Which waypoint an object is bound to. egress-semantics: labels, precedence, usability, attachment.
import type { Field } from '../model/field.ts';
import type { Resource } from '../model/resource.ts';
import type { Mesh } from './mesh.ts';

/** Where the deciding `use-waypoint` label stands. */
export interface WaypointLabel {
  readonly on: Resource<'ServiceEntry'> | Resource<'Service'> | Resource<'Namespace'>;
  readonly field: Field<string>;
  /** The Gateway that it names. */
  readonly namespace: string;
  readonly name: string;
}

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
  | { readonly state: 'bound'; readonly label: WaypointLabel; readonly gateway: Resource<'Gateway'> }
  /** Named, but Istio sends traffic directly. `gateway` where there is one. */
  | { readonly state: 'unusable'; readonly label: WaypointLabel; readonly reason: UnusableReason; readonly gateway: Resource<'Gateway'> | undefined }
  /** A label names a Gateway that no source shows and none rules out; or the Namespace that decides is not described. */
  | { readonly state: 'unknown'; readonly label: WaypointLabel | undefined };

/** The binding of a ServiceEntry or Service. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForService. */
export declare function bindWaypoint(mesh: Mesh, object: Resource<'ServiceEntry'> | Resource<'Service'>): WaypointBinding;

/** Whether the Gateway's class is one of Istio's waypoint classes: `undefined` for another vendor's class, which may be one. */
export declare function isWaypointClass(gateway: Resource<'Gateway'>): boolean | undefined;

/** The label that decides for the object, on it or on its Namespace, whatever it names; undefined where there is none. */
export declare function waypointLabelOf(mesh: Mesh, object: Resource<'ServiceEntry'> | Resource<'Service'> | Resource<'Namespace'>): WaypointLabel | undefined;

/** Usable waypoints that ServiceEntries of this namespace could name, nearest first: same namespace, then those that admit it. For fixes. */
export declare function waypointsFor(mesh: Mesh, namespace: string): readonly Resource<'Gateway'>[];
