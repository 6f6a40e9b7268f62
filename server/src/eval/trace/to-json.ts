// A trace as data for programs: the command line's JSON and the editor's answer differ in how a place is written only.
import type { Evidence, LoggedHop, Step, Trace, Upstream } from './step.ts';

export interface TraceJson<Place> {
  readonly verdict: Trace['verdict'];
  readonly summary: string;
  readonly steps: readonly (Omit<Step, 'evidence'> & { readonly evidence: readonly Place[] })[];
  readonly waypoint: { readonly namespace: string; readonly name: string } | null;
  /** Where the request goes through an egress gateway. */
  readonly gateway?: { readonly namespace: string; readonly name: string };
  readonly upstream: UpstreamJson | null;
  readonly log: { readonly upstreamCluster: string; readonly status: number | null } | null;
  /** Where sidecars or egress gateways are on the way: the access-log line of each, in order. */
  readonly hops?: readonly HopJson[];
  readonly candidates: readonly TraceJson<Place>[];
}

interface HopJson extends Pick<LoggedHop, 'proxy' | 'namespace' | 'upstreamCluster' | 'flags'> {
  /** Of the gateway's Service. */
  readonly name: string | null;
  readonly status: number | null;
  readonly serverName: string | null;
}

interface UpstreamJson extends Omit<Upstream, 'tls'> {
  readonly tls: {
    readonly mode: 'SIMPLE' | 'MUTUAL';
    readonly sni: string | null;
    readonly verifiesName: boolean;
    readonly roots: string | null;
    readonly subjectAltNames: readonly string[];
  } | null;
}

export function traceJson<Place>(trace: Trace, place: (evidence: Evidence) => Place): TraceJson<Place> {
  const { verdict, summary, waypoint, gateway, upstream, log } = trace;
  return {
    verdict,
    summary,
    steps: trace.steps.map(({ stage, hop, outcome, message, details, assumed, evidence }) => ({
      stage,
      ...(hop && { hop }),
      outcome,
      message,
      ...(details && { details }),
      ...(assumed && { assumed }),
      evidence: evidence.map(place),
    })),
    waypoint: waypoint ?? null,
    ...(gateway && { gateway }),
    upstream: upstream ? upstreamJson(upstream) : null,
    log: log ? { upstreamCluster: log.upstreamCluster, status: log.status ?? null } : null,
    ...(trace.hops.length > 0 && { hops: trace.hops.map(hopJson) }),
    candidates: trace.candidates.map((candidate) => traceJson(candidate, place)),
  };
}

function hopJson({ name, status, serverName, ...hop }: LoggedHop): HopJson {
  return { ...hop, name: name ?? null, status: status ?? null, serverName: serverName ?? null };
}

function upstreamJson({ address, port, protocol, tls }: Upstream): UpstreamJson {
  return { address, port, protocol, tls: tls ? { ...tls, sni: tls.sni ?? null, roots: tls.roots ?? null } : null };
}
