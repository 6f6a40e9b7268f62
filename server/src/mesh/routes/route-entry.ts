// One entry of a waypoint's route table, from any kind of route.
import type { Span } from '../../base/span.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import type { Abort, PathRewrite } from '../../model/route-specs.ts';
import type { RouteCondition } from './route-condition.ts';

export type GatewayRoute = AnyResource<'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute'>;
export type RouteResource = GatewayRoute | Resource<'VirtualService'>;

export interface RouteEntry {
  readonly resource: RouteResource;
  readonly span: Span;
  /** Which of the resource's rules, counted from 1. */
  readonly number: number;
  /** Undefined if every request meets it. */
  readonly condition: RouteCondition | undefined;
  readonly action: RouteAction;
  /** Hosts of the route that it belongs to, in the form in which they are compared. */
  readonly hosts: readonly string[];
  /** Namespaces of clients that its matches name; none where they name none. */
  readonly sourceNamespaces?: readonly string[];
}

/** Before it is known which hosts it is for. */
export type UnhostedEntry = Omit<RouteEntry, 'hosts'>;

export type RouteAction =
  | {
      readonly does: 'forward';
      readonly to: readonly RouteTarget[];
      /** The status if the cluster does not exist: routes of the Gateway API answer 500. istio@86c9f01 pilot/pkg/networking/core/route/route.go applyHTTPRouteDestination. */
      readonly notFound: 500 | 503;
      readonly abort: Abort | undefined;
      /** Where copies of requests go besides. */
      readonly mirrors: readonly RouteMirror[];
      /** What the path is sent as. */
      readonly pathRewrite?: PathRewrite | undefined;
    }
  | { readonly does: 'redirect'; readonly status: number }
  /** `isWithoutBackend`: it says how requests are sent on, but not where. */
  | { readonly does: 'respond'; readonly status: number; readonly isWithoutBackend?: boolean };

export interface RouteTarget {
  /** Undefined if Istio refuses the reference, and with the weight 0 where there is none: no cluster is found for that share. */
  readonly host: string | undefined;
  /** Written without a namespace, so that the route's own completes it. */
  readonly isShort?: boolean;
  readonly port: number | undefined;
  readonly subset: string | undefined;
  readonly weight: number;
  /** Sent as Host instead of the request's. */
  readonly hostRewrite: string | undefined;
}

export interface RouteMirror extends RouteTarget {
  /** Of the requests, in percent. */
  readonly share: number;
  /** Whether Istio takes it over; undefined if the files do not show that. */
  readonly isKept: boolean | undefined;
}
