// The messages of the Trace view.
import {
  listOf,
  nullable,
  object,
  oneOf,
  optional,
  text,
  wholeNumber,
  type Reader,
} from '../../../../server/src/lsp/protocol/read.ts';
import { range } from '../../../../server/src/lsp/protocol/shared.ts';
import type { TraceResult } from '../../../../server/src/lsp/protocol/egress.ts';
import type { Protocol } from '../kit/protocol.ts';

export interface ShownRequest {
  readonly url: string;
  readonly from: string;
  readonly method: string;
}

interface Place {
  readonly uri: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

export interface ShownPlace extends Place {
  /** `waypoint.yaml:3`. */
  readonly label: string;
}

/** A trace with what the page draws of it. */
export interface ShownTrace extends Pick<TraceResult, 'verdict' | 'summary' | 'waypoint' | 'gateway' | 'log'> {
  readonly steps: readonly ShownStep[];
  readonly upstream: { readonly address: string; readonly port: number; readonly how: string } | null;
  readonly candidates: readonly ShownTrace[];
}

export interface ShownStep
  extends Pick<TraceResult['steps'][number], 'stage' | 'hop' | 'outcome' | 'message' | 'details'> {
  readonly places: readonly ShownPlace[];
}

interface Choices {
  readonly urls: readonly string[];
  readonly clients: readonly string[];
}

interface ToPage {
  readonly choices: Choices;
  /** The request as it is traced now. */
  readonly shown: { readonly request: ShownRequest; readonly trace: ShownTrace };
  /** The request cannot be traced; why. */
  readonly problem: { readonly request: ShownRequest; readonly problem: string };
}

interface ToHost {
  readonly trace: ShownRequest;
  readonly open: Place;
  readonly propose: ShownRequest;
  readonly expect: ShownRequest;
  readonly send: ShownRequest;
  readonly asText: ShownRequest;
}

const hops = ['client', 'ztunnel', 'sidecar', 'waypoint', 'gateway', 'host'] as const;
export type HopKind = (typeof hops)[number];

export const readRequest = object<ShownRequest>({ url: text, from: text, method: text });
const named = object<{ namespace: string; name: string }>({ namespace: text, name: text });
const stage: Reader<ShownStep['stage']> = oneOf(
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
);

const step = object<ShownStep>({
  stage,
  hop: optional(oneOf(...hops)),
  outcome: oneOf('yes', 'no', 'unknown'),
  message: text,
  details: optional(listOf(text)),
  places: listOf(object<ShownPlace>({ uri: text, range, label: text })),
});

const trace: Reader<ShownTrace> = object<ShownTrace>({
  verdict: oneOf('allowed', 'denied', 'fails', 'bypasses', 'undetermined'),
  summary: text,
  steps: listOf(step),
  waypoint: nullable(named),
  gateway: optional(named),
  upstream: nullable(object<NonNullable<ShownTrace['upstream']>>({ address: text, port: wholeNumber, how: text })),
  log: nullable(object<NonNullable<ShownTrace['log']>>({ upstreamCluster: text, status: nullable(wholeNumber) })),
  candidates: (value, at) => listOf(trace)(value, at),
});

export const traceProtocol: Protocol<ToPage, ToHost> = {
  name: 'trace',
  toPage: {
    choices: object<Choices>({ urls: listOf(text), clients: listOf(text) }),
    shown: object<ToPage['shown']>({ request: readRequest, trace }),
    problem: object<ToPage['problem']>({ request: readRequest, problem: text }),
  },
  toHost: {
    trace: readRequest,
    open: object<Place>({ uri: text, range }),
    propose: readRequest,
    expect: readRequest,
    send: readRequest,
    asText: readRequest,
  },
};
