// The stored fields of routes: VirtualServices and those of the Gateway API. Conditions are stored as written; `mesh/` evaluates them.
import type { Span } from '../base/span.ts';
import type { Field } from './field.ts';

/** How text is compared; `any` is the condition that there is some. */
export interface TextMatch {
  readonly how: 'exact' | 'prefix' | 'regex' | 'any';
  readonly value: string;
}

export interface VirtualServiceSpec {
  readonly hosts: readonly Field<string>[];
  readonly gateways: readonly Field<string>[];
  readonly exportTo: readonly Field<string>[] | undefined;
  readonly http: readonly VirtualServiceRoute[];
  readonly tls: readonly VirtualServiceRoute[];
  readonly tcp: readonly VirtualServiceRoute[];
}
export interface VirtualServiceRoute {
  readonly span: Span;
  readonly matches: readonly VirtualServiceMatch[];
  readonly destinations: readonly RouteDestination[];
  readonly mirrors: readonly MirrorDestination[];
  readonly delegate: { readonly name: string | undefined; readonly namespace: string | undefined } | undefined;
  /** True for a redirect or a direct response: nothing is forwarded. */
  readonly terminal: boolean;
  /** Status of a redirect; 301 by default. */
  readonly redirect: number | undefined;
  readonly directResponse: number | undefined;
  /** The Host that is sent instead of the request's. */
  readonly hostRewrite: string | undefined;
  /** Injected answers. */
  readonly abort: Abort | undefined;
  /** What the path is sent as. */
  readonly pathRewrite?: PathRewrite | undefined;
}
/** `prefix`: in the place of what the route's condition matches. `regex`: what a regular expression makes of it. */
export type PathRewrite = { readonly how: 'prefix' | 'full'; readonly value: string } | { readonly how: 'regex' };
export interface Abort {
  readonly status: number | undefined;
  /** A status of gRPC, with which the HTTP status is 200. */
  readonly grpc: string | undefined;
  /** Of the requests, in percent. */
  readonly share: number;
}
export interface VirtualServiceMatch {
  readonly span: Span;
  readonly port: number | undefined;
  readonly gateways: readonly Field<string>[];
  readonly sniHosts: readonly Field<string>[];
  readonly destinationSubnets: readonly Field<string>[];
  /** Empty if there are none. */
  readonly sourceLabels: ReadonlyMap<string, string>;
  readonly sourceNamespace: Field<string> | undefined;
  /** Conditions on the request; undefined if there are none. */
  readonly http: HttpMatch | undefined;
}
export interface HttpMatch {
  readonly uri: TextMatch | undefined;
  readonly ignoreUriCase: boolean;
  readonly method: TextMatch | undefined;
  readonly scheme: TextMatch | undefined;
  readonly authority: TextMatch | undefined;
  readonly headers: ReadonlyMap<string, TextMatch>;
  readonly withoutHeaders: ReadonlyMap<string, TextMatch>;
  readonly queryParams: ReadonlyMap<string, TextMatch>;
}
export interface RouteDestination {
  readonly host: Field<string> | undefined;
  readonly subset: Field<string> | undefined;
  readonly port: Field<number> | undefined;
  readonly weight: number | undefined;
  /** By the `Host` that is set for this destination alone. */
  readonly hostRewrite: string | undefined;
}

/** `share`: of the requests, in percent. */
export interface MirrorDestination extends RouteDestination {
  readonly share: number;
}

/** An object that a route names. */
export interface ObjectRef {
  readonly span: Span;
  readonly group: Field<string> | undefined;
  readonly kind: Field<string> | undefined;
  readonly name: Field<string> | undefined;
  readonly namespace: Field<string> | undefined;
  readonly port: Field<number> | undefined;
}

export interface ParentRef extends ObjectRef {
  readonly sectionName: Field<string> | undefined;
}

export interface BackendRef extends ObjectRef {
  readonly weight: number | undefined;
  readonly filters: readonly RouteFilter[];
}

export interface RouteSpec {
  readonly parentRefs: readonly ParentRef[];
  readonly hostnames: readonly Field<string>[];
  readonly rules: readonly RouteRuleSpec[];
}
export interface RouteRuleSpec {
  readonly span: Span;
  readonly matches: readonly RouteMatch[];
  readonly backendRefs: readonly BackendRef[];
  readonly filters: readonly RouteFilter[];
  /** Whether it has timeouts or retries, which make sense only for what is sent on. */
  readonly hasTimeouts: boolean;
}
/** One of a rule's `matches`, of an HTTPRoute or a GRPCRoute. */
export interface RouteMatch {
  readonly span: Span;
  readonly path: { readonly type: string | undefined; readonly value: string | undefined } | undefined;
  /** The method of an HTTPRoute. */
  readonly method: string | undefined;
  /** The method of a GRPCRoute. */
  readonly grpc:
    | { readonly type: string | undefined; readonly service: string | undefined; readonly method: string | undefined }
    | undefined;
  readonly headers: readonly NamedMatch[];
  readonly queryParams: readonly NamedMatch[];
}
export interface NamedMatch {
  readonly type: string | undefined;
  readonly name: string;
  readonly value: string;
}
export interface RouteFilter {
  readonly type: string;
  /** Status of a redirect; 302 by default. */
  readonly status: number | undefined;
  /** The Host that a rewrite, or a change of headers, sends instead of the request's. */
  readonly host: string | undefined;
  /** Of a rewrite. */
  readonly pathRewrite?: PathRewrite | undefined;
  /** Where a mirror is sent. */
  readonly backendRef: BackendRef | undefined;
  /** Of the requests that a mirror copies, in percent. */
  readonly share: number | undefined;
}
