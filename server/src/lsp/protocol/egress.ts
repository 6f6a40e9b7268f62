// Questions about egress: what a request does, who may call what, what a log line says, what a waypoint changes.
import { request } from './define.ts';
import { flag, listOf, mapOf, nullable, object, oneOf, optional, text } from './read.ts';
import { folderOf, type Evidence, type Unanswerable } from './shared.ts';

export interface TraceParams {
  /** A file of the folder that is asked about; `null` means the first folder. */
  readonly uri: string | null;
  readonly url: string;
  /** `NAMESPACE` or `NAMESPACE/SERVICE-ACCOUNT`. */
  readonly from: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the client's pod. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Server name in the client's handshake, where it is not the host. */
  readonly sni?: string;
}

/** As the command line's `--format json`, with `uri` in place of `file`. */
export interface TraceResult {
  readonly verdict: 'allowed' | 'denied' | 'fails' | 'bypasses' | 'undetermined';
  readonly summary: string;
  readonly steps: readonly {
    readonly stage: string;
    readonly outcome: 'yes' | 'no' | 'unknown';
    readonly message: string;
    readonly evidence: readonly Evidence[];
  }[];
  readonly waypoint: { readonly namespace: string; readonly name: string } | null;
  readonly upstream: {
    readonly address: string;
    readonly port: number;
    readonly protocol: string;
    readonly tls: {
      readonly mode: 'SIMPLE' | 'MUTUAL';
      readonly sni: string | null;
      readonly verifiesName: boolean;
      readonly roots: string | null;
    } | null;
  } | null;
  readonly log: { readonly upstreamCluster: string; readonly status: number | null } | null;
  readonly candidates: readonly TraceResult[];
}

export interface AccessParams {
  /** A file of the folder that is asked about; `null` means the first folder. */
  readonly uri: string | null;
  /** Hosts of interest; absent means all. */
  readonly hosts?: readonly string[];
}

export interface AccessResult {
  /** The table is large: rows that repeat that of their namespace, or of anyone else, are left out; host `*` and port 0 stand for all. */
  readonly short?: boolean;
  readonly rows: readonly AccessRow[];
}

export interface AccessRow {
  /** `*`: anyone else. */
  readonly from: { readonly namespace: string; readonly serviceAccount: string | null } | '*';
  readonly host: string;
  readonly port: number;
  readonly via: string;
  readonly access: 'all' | 'some' | 'none' | 'undetermined';
  readonly operations: readonly {
    readonly methods?: readonly string[];
    readonly paths?: readonly string[];
    readonly when?: readonly string[];
  }[];
  readonly because: readonly Evidence[];
}

export interface ExplainLogParams {
  /** A file of the folder whose manifests the lines are linked to; `null` means the first folder. */
  readonly uri: string | null;
  readonly text: string;
}

export interface ExplainLogResult {
  /** Lines that are no access-log lines are left out. */
  readonly lines: readonly ExplainedLine[];
}

export interface ExplainedLine {
  readonly line: string;
  /** `answered`: by the upstream, whatever its status; `connected`: bytes went through; `denied`: by a policy; `failed`: anything else. */
  readonly outcome: 'answered' | 'denied' | 'failed' | 'connected';
  readonly summary: string;
  readonly fields: readonly { readonly name: string; readonly value: string; readonly meaning: string }[];
  readonly links: readonly Evidence[];
  readonly notes: readonly string[];
  readonly proposal: { readonly title: string; readonly yaml: string; readonly fill: readonly string[] } | null;
}

export interface WaypointImpactParams {
  /** A file of the folder that is asked about; `null` means the first folder. */
  readonly uri: string | null;
  readonly change: 'provision' | 'delete';
  readonly namespace: string;
  readonly name: string;
  /** Whether the namespace's label comes, or goes, with it. */
  readonly enroll: boolean;
  /** The Gateway that comes, as YAML. */
  readonly manifest?: string;
  /** How it is in the cluster now, where that was looked at: files may be ahead of it. */
  readonly now?: WaypointNow;
}

export interface WaypointNow {
  readonly hasGateway: boolean;
  readonly useWaypoint: string | null;
}

export interface WaypointImpactResult {
  /** ServiceEntries and Services whose path changes; `before` and `after` are `NAMESPACE/NAME`, `direct` or `unknown`. */
  readonly bindings: readonly { readonly at: Evidence; readonly before: string; readonly after: string }[];
  readonly calls: readonly {
    readonly from: string;
    readonly url: string;
    readonly before: CallOutcome;
    readonly after: CallOutcome;
  }[];
  /** There were too many to ask about all. */
  readonly isShort: boolean;
}

export interface CallOutcome {
  readonly verdict: TraceResult['verdict'];
  readonly via: string;
}

export const egressRequests = {
  'istioEgress/trace': request<TraceParams, TraceResult | Unanswerable>({
    read: object<TraceParams>({
      uri: folderOf,
      url: text,
      from: text,
      method: optional(text),
      headers: optional(mapOf(text)),
      labels: optional(mapOf(text)),
      sni: optional(text),
    }),
    answers: 'the result of the request: verdict, steps with evidence',
  }),
  'istioEgress/access': request<AccessParams, AccessResult>({
    read: object<AccessParams>({ uri: folderOf, hosts: optional(listOf(text)) }),
    answers: 'rows: which clients may call which host and port, and the rules that decide it',
  }),
  'istioEgress/explainLog': request<ExplainLogParams, ExplainLogResult>({
    read: object<ExplainLogParams>({ uri: folderOf, text }),
    answers: 'each access-log line of the text field by field, with links and a proposed policy',
  }),
  'istioEgress/waypointImpact': request<WaypointImpactParams, WaypointImpactResult | Unanswerable>({
    read: object<WaypointImpactParams>({
      uri: folderOf,
      change: oneOf('provision', 'delete'),
      namespace: text,
      name: text,
      enroll: flag,
      manifest: optional(text),
      now: optional(object<WaypointNow>({ hasGateway: flag, useWaypoint: nullable(text) })),
    }),
    answers:
      "hosts whose path changes when a waypoint is provisioned or deleted, and the effect on their clients' requests",
  }),
};
