import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';

export const stages = [
  'capture',
  'dns',
  'service',
  'waypoint',
  'listener',
  'authorization',
  'route',
  'destination',
  'tls',
  'upstream',
] as const;
export type TraceStage = (typeof stages)[number];

/** One entry of a trace: what a hop does with the request, and what in the files decides it. */
export interface Step {
  readonly stage: TraceStage;
  readonly outcome: 'yes' | 'no' | 'unknown';
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

export interface Evidence {
  readonly resource: Resource;
  /** In the resource's document. */
  readonly span: Span;
}

export type TraceVerdict = 'allowed' | 'denied' | 'fails' | 'bypasses' | 'undetermined';

export interface Trace {
  readonly verdict: TraceVerdict;
  /** One sentence. */
  readonly summary: string;
  readonly steps: readonly Step[];
  readonly waypoint: { readonly namespace: string; readonly name: string } | undefined;
  readonly upstream: Upstream | undefined;
  /** What the access log of the waypoint, or of the client's sidecar, would say; undefined where no proxy sees the request. `-` where no cluster is chosen. */
  readonly log: { readonly upstreamCluster: string; readonly status: number | undefined } | undefined;
  /** Where age or something unseen decides: the traces that are possible. */
  readonly candidates: readonly Trace[];
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
        /** What is sent; undefined where none is. */
        readonly sni: string | undefined;
        readonly verifiesName: boolean;
        /** `system`, a credential or a file; undefined where no certificate is verified. */
        readonly roots: string | undefined;
        readonly subjectAltNames: readonly string[];
      }
    | undefined;
}
