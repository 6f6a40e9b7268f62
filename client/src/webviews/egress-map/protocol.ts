// The messages of the Egress Map.
import type { EgressGraph, GraphEdge, GraphFinding } from '../../../../server/src/diagram/graph.ts';
import {
  flag,
  listOf,
  nullable,
  object,
  oneOf,
  optional,
  text,
  wholeNumber,
  type Reader,
} from '../../../../server/src/lsp/protocol/read.ts';
import { range, type ObjectName, type Range } from '../../../../server/src/lsp/protocol/shared.ts';
import type { Protocol } from '../kit/protocol.ts';

export interface Place {
  readonly uri: string;
  readonly range: Range;
  readonly resource: ObjectName | null;
}

export type MapGraph = EgressGraph<Place>;

export interface MapData {
  readonly folders: readonly { readonly uri: string; readonly name: string; readonly graph: MapGraph }[];
  readonly cluster: { readonly context: string; readonly graph: MapGraph } | null;
}

export interface TraceQuestion {
  /** Of the question: an answer that comes late is for another selection. */
  readonly id: string;
  /** A file of the folder, or of the cluster. */
  readonly uri: string;
  readonly url: string;
  readonly from: string;
}

export interface TraceAnswer {
  readonly id: string;
  readonly verdict: string;
  readonly summary: string;
  readonly steps: readonly {
    readonly stage: string;
    readonly outcome: 'yes' | 'no' | 'unknown';
    readonly message: string;
    readonly evidence: readonly Place[];
  }[];
}

export interface ToPage {
  readonly map: MapData;
  readonly trace: TraceAnswer;
}

export interface ToHost {
  readonly open: Place;
  readonly trace: TraceQuestion;
  /** In a view of its own. */
  readonly openTrace: Omit<TraceQuestion, 'id'>;
  /** A PNG is in base64. */
  readonly save: { readonly format: 'svg' | 'png'; readonly content: string };
}

const place = object<Place>({
  uri: text,
  range,
  resource: nullable(object<ObjectName>({ kind: text, namespace: text, name: text })),
});

const edge: Reader<GraphEdge<Place>> = object<GraphEdge<Place>>({
  client: text,
  gateway: text,
  host: text,
  port: wholeNumber,
  access: oneOf('all', 'some', 'none', 'undetermined'),
  allowed: text,
  tls: oneOf('plain', 'pass-through', 'originated', 'mutual', 'unknown', 'none'),
  bypasses: flag,
  because: listOf(place),
  becauseMore: optional(wholeNumber),
  notes: listOf(text),
  change: optional(object({ what: oneOf('added', 'removed', 'changed'), before: text })),
});

const finding: Reader<GraphFinding<Place>> = object<GraphFinding<Place>>({
  rule: text,
  severity: oneOf('error', 'warning', 'information', 'hint'),
  message: text,
  place,
  nodes: listOf(text),
});

const graph: Reader<MapGraph> = object<MapGraph>({
  short: flag,
  clients: listOf(object({ id: text, namespace: nullable(text), account: nullable(text), from: text })),
  gateways: listOf(
    object({
      id: text,
      kind: oneOf('waypoint', 'gateway', 'none', 'unknown'),
      namespace: text,
      name: text,
      place: nullable(place),
    }),
  ),
  hosts: listOf(
    object({
      id: text,
      host: text,
      ports: listOf(object({ number: wholeNumber, protocol: nullable(text), url: text })),
      place: nullable(place),
    }),
  ),
  edges: listOf(edge),
  findings: listOf(finding),
});

export const egressMapProtocol: Protocol<ToPage, ToHost> = {
  name: 'egress-map',
  toPage: {
    map: object<MapData>({
      folders: listOf(object({ uri: text, name: text, graph })),
      cluster: nullable(object({ context: text, graph })),
    }),
    trace: object<TraceAnswer>({
      id: text,
      verdict: text,
      summary: text,
      steps: listOf(
        object({ stage: text, outcome: oneOf('yes', 'no', 'unknown'), message: text, evidence: listOf(place) }),
      ),
    }),
  },
  toHost: {
    open: place,
    trace: object<TraceQuestion>({ id: text, uri: text, url: text, from: text }),
    openTrace: object<ToHost['openTrace']>({ uri: text, url: text, from: text }),
    save: object<ToHost['save']>({ format: oneOf('svg', 'png'), content: text }),
  },
};
