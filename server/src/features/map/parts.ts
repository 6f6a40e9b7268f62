// The map as plain data for views.
import type { Action } from '../../eval/authz/verdict.ts';
import type { Resource } from '../../model/resource.ts';

export interface EgressMap<Place> {
  /** With hosts first, each group by namespace and name. */
  readonly gateways: readonly MapGateway<Place>[];
  /** Hosts that no gateway stands before. */
  readonly past: readonly MapHost<Place>[];
  /** Hosts of which nothing shows whether a gateway stands before them. */
  readonly unclear: readonly MapHost<Place>[];
}

export interface MapGateway<Place> {
  /** `gateway`: an egress gateway, to which routes bring clients with sidecars; its name is that of its Service. */
  readonly kind: 'waypoint' | 'gateway';
  readonly namespace: string;
  readonly name: string;
  readonly className: string | null;
  /** `null` where a label names it and no source shows it. */
  readonly place: Place | null;
  readonly hosts: readonly MapHost<Place>[];
}

export interface MapHost<Place> {
  /** In its normal form. */
  readonly host: string;
  /** Of its ServiceEntry. */
  readonly place: Place;
  /** Why no gateway stands before it; empty where one does. */
  readonly why: string;
  readonly ports: readonly MapPort<Place>[];
  readonly policies: readonly { readonly action: Action; readonly dryRun: boolean; readonly place: Place }[];
  /** `anyone`: no policy restricts the callers. `unjudged`: no proxy is there that enforces policies. */
  readonly callers: 'policies' | 'anyone' | 'unjudged' | 'unknown';
}

export interface MapPort<Place> {
  readonly number: number;
  readonly protocol: string | null;
  /** The ports at the destination; empty if the files do not show them. */
  readonly targets: readonly number[];
  /** `client`: the client speaks TLS itself. `elsewhere`: a route takes it to another host. */
  readonly tls: 'SIMPLE' | 'MUTUAL' | 'plain' | 'client' | 'unknown' | 'elsewhere';
  /** The DestinationRule or BackendTLSPolicy that originates TLS. */
  readonly by: Place | null;
}

export type PlaceOf<Place> = (resource: Resource) => Place;
