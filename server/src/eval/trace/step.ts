import type { Span } from '../../base/span.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Resource } from '../../model/resource.ts';

export const stages = [
  'capture',
  'dns',
  'service',
  'waypoint',
  'gateway',
  'listener',
  'authorization',
  'route',
  'destination',
  'tls',
  'upstream',
] as const;
export type TraceStage = (typeof stages)[number];

/** Who has the request: the client's pod, its node's ztunnel or its sidecar, a waypoint, an egress gateway, the host outside the mesh. */
export type Hop = 'client' | 'ztunnel' | 'sidecar' | 'waypoint' | 'gateway' | 'host';

/** One entry of a trace: what a hop does with the request, and what in the files decides it. */
export interface Step {
  readonly stage: TraceStage;
  readonly outcome: 'yes' | 'no' | 'unknown';
  readonly message: string;
  /** Details of the message, one sentence each: for a denial, why each rule does not match. */
  readonly details?: readonly string[];
  /** The step takes something for granted that no file shows; the message says what. */
  readonly assumed?: true;
  /** The step is about connections of the client that go past the proxies that the trace follows. */
  readonly skips?: true;
  /** Where the request is; set when the trace is put together. */
  readonly hop?: Hop;
  readonly evidence: readonly Evidence[];
}

export interface Evidence {
  readonly resource: Resource;
  /** In the resource's document. */
  readonly span: Span;
  /** What the object would say for the request to go on. */
  readonly mend?: Mend;
}

/** A field of the object and its value. */
export interface Mend {
  /** In the imperative. */
  readonly title: string;
  readonly path: FieldPath;
  readonly value: number | readonly string[] | Readonly<Record<string, string>>;
}

/** The cause of a failure, to find out whether a rule already reports it. */
export type FailureCause =
  | 'port-not-listed'
  | 'dynamic-resolution'
  | 'not-http'
  /** The port has no protocol, and the server sends first. */
  | 'server-first'
  /** The waypoint has no listener on the port that ztunnel uses. */
  | 'no-inbound-listener'
  /** A NetworkPolicy does not let the tunnel to the waypoint through. */
  | 'network-policy'
  | 'other-host'
  /** The proxy refuses the path itself. */
  | 'bad-path'
  | 'rival-entry'
  | 'unmatched'
  /** The route responds itself: a redirect, a direct response or an injected fault. */
  | 'deliberate'
  /** The route says how requests are sent on, and not where. */
  | 'no-backend'
  | 'no-destination'
  | 'double-tls'
  | 'tls-to-plaintext'
  /** The mesh's own mTLS towards a host outside the mesh. */
  | 'mesh-mtls'
  | 'plaintext-to-tls'
  | 'credential'
  /** The certificate that the proxy wants is for a name that no server outside can have one for. */
  | 'server-name'
  | 'no-endpoint'
  | 'registry-only'
  /** The egress gateway has no server, or none that takes what the sidecar sends. */
  | 'gateway-refuses'
  /** No route at the egress gateway has the host. */
  | 'gateway-without-route'
  /** A route at the egress gateway leads to the gateway itself. */
  | 'gateway-loop';

/**
 * Causes that let no request out, whatever it is: the connection is closed or no destination gets it. The others rest on what the client
 * sends, on what is taken for granted of the server, or on a route that answers by itself.
 */
export const closingCauses: ReadonlySet<FailureCause> = new Set<FailureCause>([
  'port-not-listed',
  'dynamic-resolution',
  'no-inbound-listener',
  'network-policy',
  'rival-entry',
  'no-destination',
  'credential',
  'no-endpoint',
  'registry-only',
  'gateway-refuses',
  'gateway-without-route',
  'gateway-loop',
]);

export type TraceVerdict = 'allowed' | 'denied' | 'fails' | 'bypasses' | 'undetermined';

export interface Trace {
  readonly verdict: TraceVerdict;
  /** One sentence. */
  readonly summary: string;
  readonly steps: readonly Step[];
  /** Where the verdict is `fails`. */
  readonly cause: FailureCause | undefined;
  /** Where one set of policies denies it: a rule that matches, or that no rule of the ALLOW policies does. */
  readonly denial?: 'rule' | 'implicit' | undefined;
  readonly waypoint: { readonly namespace: string; readonly name: string } | undefined;
  /** The Service of the egress gateway on the way, if any. */
  readonly gateway: { readonly namespace: string; readonly name: string } | undefined;
  readonly upstream: Upstream | undefined;
  /** What the access log of the waypoint, or of the client's sidecar, would say; undefined where no proxy sees the request. `-` where no cluster is chosen. */
  readonly log: { readonly upstreamCluster: string; readonly status: number | undefined } | undefined;
  /** The access-log line of each sidecar and egress gateway on the way, in order. */
  readonly hops: readonly LoggedHop[];
  /** Where age or something unseen decides: the traces that are possible. */
  readonly candidates: readonly Trace[];
}

/** What the access log of one proxy says of the request. */
export interface LoggedHop {
  readonly proxy: 'sidecar' | 'gateway';
  /** Of the proxy's pod. */
  readonly namespace: string;
  /** Of the gateway's Service. */
  readonly name: string | undefined;
  /** `-` where no cluster is chosen. */
  readonly upstreamCluster: string;
  /** Undefined for a connection of bytes, whose line has 0. */
  readonly status: number | undefined;
  /** Of RESPONSE_FLAGS, one of these, `-` among them where there may be no flag; none if there is none. */
  readonly flags: readonly string[];
  /** REQUESTED_SERVER_NAME. */
  readonly serverName: string | undefined;
}

export interface Upstream {
  /** Host name or address that is dialled. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http' | 'tcp' | 'tls';
  /** TLS that the waypoint originates; undefined where the bytes leave as they came. */
  readonly tls:
    | {
        readonly mode: 'SIMPLE' | 'MUTUAL';
        /** The request that is sent, if any. */
        readonly sni: string | undefined;
        readonly verifiesName: boolean;
        /** `system`, a credential or a file; undefined where no certificate is verified. */
        readonly roots: string | undefined;
        readonly subjectAltNames: readonly string[];
      }
    | undefined;
}
