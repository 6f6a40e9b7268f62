// Requests about egress: the trace of a request, the access table, the explanation of a log line, the impact of a waypoint.
import { request } from './define.ts';
import { flag, listOf, mapOf, nullable, object, oneOf, optional, text } from './read.ts';
import { folderOf, type Evidence, type Unanswerable } from './shared.ts';
import type { AccessRowJson } from '../../eval/access/to-json.ts';
import type { ExplainedField } from '../../eval/log/fields.ts';
import type { LogExplanation } from '../../eval/log/explain-line.ts';
import type { Proposal } from '../../eval/log/propose.ts';
import type { TraceJson } from '../../eval/trace/to-json.ts';
import type { AccessFormat } from '../../features/access-formats.ts';
import type { CallOutcome, WaypointChange, WaypointImpact, WaypointNow } from '../../features/waypoint-impact.ts';

export interface TraceParams {
  /** A file of the folder; `null` means the first folder. */
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
export type TraceResult = TraceJson<Evidence>;

export interface AccessParams {
  /** A file of the folder; `null` means the first folder. */
  readonly uri: string | null;
  /** Hosts of interest; absent means all. */
  readonly hosts?: readonly string[];
}

export interface AccessResult {
  /** The table is large: rows that repeat the row of their namespace, or of all other clients, are omitted; host `*` and port 0 mean all. */
  readonly short?: boolean;
  /** For the user: which hosts have no rows. */
  readonly note?: string;
  readonly rows: readonly AccessRow[];
}

export type AccessRow = AccessRowJson<Evidence>;

export interface AccessTextParams extends AccessParams {
  readonly format: AccessFormat;
  /** `NAMESPACE/SERVICE-ACCOUNT`, `NAMESPACE/*` for its other accounts, `*` for all other clients; absent means all. */
  readonly clients?: readonly string[];
}

export interface AccessTextResult {
  readonly text: string;
  /** For the user: which hosts have no rows. */
  readonly note?: string;
}

export interface ExplainLogParams {
  /** A file of the folder whose manifests the lines are linked to; `null` means the first folder. */
  readonly uri: string | null;
  readonly text: string;
}

export interface ExplainLogResult {
  /** Lines that are not access-log lines are left out. */
  readonly lines: readonly ExplainedLine[];
}

export interface ExplainedLine extends Pick<LogExplanation, 'outcome' | 'summary' | 'result' | 'notes'> {
  readonly line: string;
  /** Of the line in the text, 1-based. */
  readonly number: number;
  readonly fields: readonly Pick<ExplainedField, 'name' | 'value' | 'meaning'>[];
  readonly links: readonly Evidence[];
  readonly proposal: ProposalResult | null;
}

type ProposalResult = Pick<Proposal, 'title' | 'fill'> & { readonly yaml: string };

export interface ProposePolicyResult {
  /** `null` where the request is not denied, or where no ALLOW rule for the host can change that. */
  readonly proposal: ProposalResult | null;
}

export interface WaypointImpactParams extends WaypointChange {
  /** A file of the folder; `null` means the first folder. */
  readonly uri: string | null;
}

export type WaypointImpactResult = WaypointImpact<Evidence>;
export type { CallOutcome };

const traceParams = object<TraceParams>({
  uri: folderOf,
  url: text,
  from: text,
  method: optional(text),
  headers: optional(mapOf(text)),
  labels: optional(mapOf(text)),
  sni: optional(text),
});

export const egressRequests = {
  'istioEgress/trace': request<TraceParams, TraceResult | Unanswerable>({
    read: traceParams,
    needsAllFiles: true,
    answers: 'the result of the request: verdict, steps with evidence',
  }),
  'istioEgress/proposePolicy': request<TraceParams, ProposePolicyResult | Unanswerable>({
    read: traceParams,
    needsAllFiles: true,
    answers: '`{ proposal }`: a policy or rule that would allow a denied request',
  }),
  'istioEgress/access': request<AccessParams, AccessResult>({
    read: object<AccessParams>({ uri: folderOf, hosts: optional(listOf(text)) }),
    needsAllFiles: true,
    answers: 'rows: which clients may call which host and port, and the rules that decide it',
  }),
  'istioEgress/accessText': request<AccessTextParams, AccessTextResult>({
    read: object<AccessTextParams>({
      uri: folderOf,
      format: oneOf<AccessFormat>('csv', 'markdown'),
      hosts: optional(listOf(text)),
      clients: optional(listOf(text)),
    }),
    needsAllFiles: true,
    answers: '`{ text }`: the access table in CSV or Markdown, as the command line writes it',
  }),
  'istioEgress/explainLog': request<ExplainLogParams, ExplainLogResult>({
    read: object<ExplainLogParams>({ uri: folderOf, text }),
    needsAllFiles: true,
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
    needsAllFiles: true,
    answers:
      "hosts whose path changes when a waypoint is provisioned or deleted, and the effect on their clients' requests",
  }),
};
