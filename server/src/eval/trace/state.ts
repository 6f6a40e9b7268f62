// What a trace has found out so far, and what a stage can make of it.
import { mostRelated } from '../../base/and-more.ts';
import type { RefusedAccount } from '../../mesh/clients/refused-account.ts';
import type { Workload } from '../../mesh/clients/data-plane.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import type { Arriving, GatewayChain } from '../../mesh/routes/gateway-chains.ts';
import type { ServiceChoice } from '../../mesh/hosts/service-for-client.ts';
import type { UpstreamTls } from '../../mesh/destination-rules/upstream-tls.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import type { TraceRequest } from './request.ts';
import type { Evidence, FailureCause, Step, Trace, TraceStage } from './step.ts';

export type Entry = Resource<'ServiceEntry'>;

export interface TraceState {
  readonly request: TraceRequest;
  /** The client's; none where no file shows one. */
  readonly workloads: readonly Workload[];
  /** `mesh`: ztunnel knows the service of the address. `outside`: the client connects to the host's real address. `gateway`: the sidecar sends to an egress gateway. */
  readonly path: 'mesh' | 'outside' | 'sidecar' | 'gateway';
  readonly choice: ServiceChoice | undefined;
  /** The entry that the name led to, and which of its hosts. */
  readonly service: { readonly entry: Entry; readonly host: string } | undefined;
  /** What the client's name stands for, where that is a Service of type ExternalName: DNS leads there. */
  readonly externalName?: string | undefined;
  /** The Service of the cluster that the name led to instead. */
  readonly inCluster?: Resource<'Service'> | undefined;
  /** The egress gateway that the client's sidecar sends to, and what it sends. */
  readonly gateway?: GatewayArrival | undefined;
  /** Whether the sidecar sees a request to an unknown host as HTTP; undefined if that depends on Services in no file. */
  readonly isRequestSeen?: boolean | undefined;
  /** Whether the sidecar looks into the client's TLS, because it tells connections apart by their server names. */
  readonly isNameSeen?: boolean;
  /** Why the connection goes to an entry that does not have its host. */
  readonly stray?: string | undefined;
  /** Why nobody is at the address that the client dials, and whether that is sure. */
  readonly lost?: { readonly isSure: boolean; readonly why: string; readonly place: Evidence } | undefined;
  /** The waypoint that handles the connection, if any. */
  readonly waypoint: Resource<'Gateway'> | undefined;
  readonly port: ServiceEntryPort | undefined;
  readonly chain: 'http' | 'tcp' | undefined;
  /** Where the route leads; undefined where nothing routes. */
  readonly backend: Backend | undefined;
  readonly tls: OwnTls | undefined;
  /** Whether the endpoint is one of those whose port takes what the proxy sends, where others of the host do not. */
  readonly isAccepted?: boolean;
  /** Why the mesh's own mTLS to the outside fails, once policies have let the connection through. */
  readonly meshTls?: Step | undefined;
}

export interface GatewayArrival {
  readonly pods: EgressGateway;
  /** Of the gateway's Service. */
  readonly servicePort: number;
  /** The sidecar's, for its log. */
  readonly cluster: string;
  readonly sent: {
    readonly mode: Arriving['sidecarTls'];
    readonly sni: string | undefined;
    /** What of a rule makes it send TLS. */
    readonly by?: Evidence | undefined;
    /** Whose certificate it does not accept, which the pods have. */
    readonly refusing: RefusedAccount | undefined;
  };
  /** What leads to it, for messages. */
  readonly because: Evidence;
  /** Where it listens and what takes the connection, once that is known. */
  /** Why nothing takes it. */
  readonly refused?: Extract<GatewayChain, { state: 'refused' }> | undefined;
  readonly taken?: { readonly port: number; readonly by: Extract<GatewayChain, { state: 'taken' }> } | undefined;
}

export interface Backend {
  readonly entry: Entry;
  readonly host: string;
  readonly port: ServiceEntryPort;
  readonly cluster: string;
  /** Whose names of certificates a sidecar or gateway takes, where several entries have the host. */
  readonly naming?: Entry | undefined;
  /** Of its DestinationRule, where the route names one. */
  readonly subset?: string | undefined;
  /** Those of the subset, which its endpoints have. */
  readonly labels?: ReadonlyMap<string, string> | undefined;
}

export type OwnTls = Extract<UpstreamTls, { state: 'originated' }> | Extract<UpstreamTls, { state: 'plain' }>;

/** What follows from a stage: the way on, an end, or several ways of which one is taken. */
export type Turn =
  | { readonly kind: 'go'; readonly state: TraceState; readonly steps: readonly Step[] }
  | { readonly kind: 'end'; readonly state: TraceState; readonly steps: readonly Step[]; readonly end: Ending }
  | { readonly kind: 'fork'; readonly steps: readonly Step[]; readonly fork: Fork };

export type Ending = Pick<Trace, 'verdict' | 'summary'> &
  Partial<Pick<Trace, 'upstream' | 'log' | 'cause' | 'denial'>> & {
    /** The cluster that the last proxy chose, where it is not that of the state's backend. */
    readonly lastCluster?: string;
    /** Its RESPONSE_FLAGS, where the cause does not tell them. */
    readonly lastFlags?: readonly string[];
  };

export interface Fork {
  /** `share`: the ways are all taken, each by a part of the requests. `open`: there are ways besides that cannot be followed. */
  readonly by: 'age' | 'unseen' | 'share' | 'open';
  /** One sentence for the case that the ways end differently. */
  readonly summary: string;
  /** Of thousands each is made when its turn comes. */
  readonly ways: Iterable<Turn>;
  /** Of the whole, where each way fails by another. */
  readonly cause?: FailureCause;
}

export type Stage = (state: TraceState, mesh: Mesh) => Turn;

export function go(state: TraceState, ...steps: readonly Step[]): Turn {
  return { kind: 'go', state, steps };
}

/** The same turn, after earlier steps. */
export function after(before: readonly Step[], turn: Turn): Turn {
  return { ...turn, steps: [...before, ...turn.steps] };
}

export function end(state: TraceState, steps: readonly Step[], ending: Ending): Turn {
  return { kind: 'end', state, steps, end: ending };
}

/** It is not known how the request goes on, as the step says. */
export function stop(state: TraceState, current: Step): Turn {
  return end(state, [current], { verdict: 'undetermined', summary: current.message });
}

export function fork(steps: readonly Step[], given: Fork): Turn {
  return { kind: 'fork', steps, fork: given };
}

/** What is made of each, by and by: each time that somebody goes through them. */
export function madeInTurn<T, U>(items: readonly T[], make: (item: T) => U): Iterable<U> {
  return {
    *[Symbol.iterator]() {
      for (const item of items) yield make(item);
    },
  };
}

export function step(
  stage: TraceStage,
  outcome: Step['outcome'],
  message: string,
  ...evidence: readonly (Evidence | undefined)[]
): Step {
  // Thousands can have to do with one step: its message says how many.
  return { stage, outcome, message, evidence: evidence.filter((one) => one !== undefined).slice(0, mostRelated) };
}

/** A step that rests on what no file shows, as its message says. */
export function assumedStep(...given: Parameters<typeof step>): Step {
  return { ...step(...given), assumed: true };
}

export function at(resource: Resource, span: Span): Evidence {
  return { resource, span };
}

/** At the resource's name. */
export function atName(resource: Resource): Evidence {
  return { resource, span: resource.at.name };
}
