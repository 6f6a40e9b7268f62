// The headline of a line: what was asked, what came of it, and why.
import type { Mesh } from '../../mesh/mesh.ts';
import { denialOf, explainDenial, explainDetails, type Denial } from './details.ts';
import type { Headline, LogOutcome } from './outcome.ts';
import { valueOf, type LogEntry } from './entry.ts';
import { explainFlags, flagsOf, isFailure } from './flags.ts';
import { resetReason } from './reply-body.ts';
import { requestedText } from './requested.ts';
import { causeOfFailure, causeOfTunnelFailure } from './transport-failure.ts';
import { unknownHostOf } from './unknown-host.ts';
import { parseCluster } from './upstream-cluster.ts';
import { writerOf } from './writer.ts';
import { ztunnelHeadline } from './ztunnel-headline.ts';

export function headlineOf(entry: LogEntry, mesh?: Mesh): Headline {
  const request = requestOf(entry);
  if (entry.format === 'ztunnel') return { request, ...ztunnelHeadline(entry) };
  const denial =
    denialOf(valueOf(entry, 'response_code_details')) ?? denialOf(valueOf(entry, 'connection_termination_details'));
  const unknown = unknownHostOf(entry, mesh);
  const outcome = unknown?.fate === 'blocked' ? 'failed' : outcomeOf(entry, denial);
  const status = valueOf(entry, 'response_code');
  const before = status === undefined || status === '0' ? '' : `${status}, `;
  if (unknown?.fate === 'blocked') return { outcome, request, denial, result: `${before}blocked: ${unknown.cause}.` };
  const what = denial ? lowerFirst(explainDenial(denial)) : resultOf(entry, outcome);
  const result = unknown ? passedOn(before, what, unknown.cause, outcome) : `${before}${what}`;
  return { outcome, request, denial, result };
}

function passedOn(before: string, what: string, cause: string, outcome: LogOutcome): string {
  const also = `${cause}.`;
  if (outcome === 'answered' || outcome === 'connected') return `${before}passed on to an unknown host: ${also}`;
  return `${before}${what} The host is unknown: ${also}`;
}

function requestOf(entry: LogEntry): string {
  const place = requestedText(entry);
  const method = valueOf(entry, 'method');
  if (method === undefined) return `${isHttp(entry) ? 'Request' : 'Connection'} to ${place}`;
  if (method === 'CONNECT') return `Tunnel (CONNECT) to ${place}`;
  return `${method} ${valueOf(entry, 'path') ?? '/'} at ${place}`;
}

/** Formats without the method still have a status; the body of an answer has neither. */
function isHttp(entry: LogEntry): boolean {
  return (valueOf(entry, 'response_code') ?? '0') !== '0' || valueOf(entry, resetReason) !== undefined;
}

function outcomeOf(entry: LogEntry, denial: Denial | undefined): LogOutcome {
  const flags = flagsOf(valueOf(entry, 'response_flags'));
  if (denial || flags.includes('UAEX')) return 'denied';
  const failed = flags.some(isFailure) || valueOf(entry, 'upstream_transport_failure_reason') !== undefined;
  const reached = valueOf(entry, 'upstream_host') !== undefined;
  if (failed || !(reached || hasAnswer(entry))) return 'failed';
  return valueOf(entry, 'response_code') === '0' ? 'connected' : 'answered';
}

/** Formats without `upstream_host` can still say who answered. */
function hasAnswer(entry: LogEntry): boolean {
  const details = valueOf(entry, 'response_code_details');
  if (details === undefined && !entry.fields.some(({ name }) => name === 'upstream_host'))
    return valueOf(entry, 'response_code') !== undefined;
  return details === 'direct_response' || details === 'via_upstream';
}

function resultOf(entry: LogEntry, outcome: LogOutcome): string {
  const flags = flagsOf(valueOf(entry, 'response_flags'));
  const cause = flags.length > 0 || outcome === 'failed' ? specificCause(entry) : undefined;
  if (cause !== undefined) return `${flags.length > 0 ? `${flags.join(',')}: ` : ''}${cause}.`;
  if (flags.length > 0) return explainFlags(flags.join(','), writerOf(entry).kind);
  const details = valueOf(entry, 'response_code_details') ?? valueOf(entry, 'connection_termination_details');
  if (details === 'via_upstream') return answerOf(entry);
  if (details !== undefined) return lowerFirst(explainDetails(details));
  return valueOf(entry, 'response_code') === '0' ? connectionResult(entry) : statusWords(entry);
}

/** What says more than a flag: the failure of the connection, in its own field or inside the details. */
function specificCause(entry: LogEntry): string | undefined {
  if (parseCluster(valueOf(entry, 'upstream_cluster') ?? '').direction === 'unknown-service')
    return 'the route has no valid destination (for example an HTTPRoute with an invalid backendRef)';
  const details = valueOf(entry, 'response_code_details');
  if (details === 'route_not_found' && isPerhapsWaypoint(entry)) return routeNotFound;
  const causeOf = isTunnel(entry) ? causeOfTunnelFailure : causeOfFailure;
  return (
    causeOf(valueOf(entry, 'upstream_transport_failure_reason')) ??
    causeOfReset(entry) ??
    causeOf(/^upstream_reset_\w+\{(.*?)\}?$/.exec(details ?? '')?.[1])
  );
}

/** server/docs/istio-semantics.md §12.11: where names are resolved as they are called, the Host counts as it is sent. */
const routeNotFound =
  'no route of the proxy takes the request: no rule matches its path, method or headers, or the Host header is not of the host (for a wildcard with DYNAMIC_DNS it must have no port)';

function isPerhapsWaypoint(entry: LogEntry): boolean {
  return ['waypoint', 'unknown'].includes(writerOf(entry).kind);
}

function causeOfReset(entry: LogEntry): string | undefined {
  const reason = valueOf(entry, resetReason);
  return reason && (causeOfFailure(reason) ?? `the proxy lost the connection to the server (${reason})`);
}

/** A tunnel and the proxy's own requests have answers too, which are no upstream's of the client. */
function answerOf(entry: LogEntry): string {
  const { direction } = parseCluster(valueOf(entry, 'upstream_cluster') ?? '');
  if (direction === 'own') return "the answer of the proxy's own endpoint (health check or metrics), not of a host.";
  if (isTunnel(entry)) return 'the tunnel was open; the request inside has a line of its own.';
  return 'the answer came from the upstream.';
}

function isTunnel(entry: LogEntry): boolean {
  const { direction } = parseCluster(valueOf(entry, 'upstream_cluster') ?? '');
  return direction === 'tunnel' && valueOf(entry, 'method') === 'CONNECT';
}

function connectionResult(entry: LogEntry): string {
  const [sent, received] = [valueOf(entry, 'bytes_sent'), valueOf(entry, 'bytes_received')];
  if (valueOf(entry, 'upstream_host') === undefined)
    return `the ${writerOf(entry).noun} opened no connection to an upstream.`;
  if (sent === '0')
    return `the connection was opened, but the upstream sent nothing${received === '0' ? ', and the client sent nothing' : ''}.`;
  if (sent === undefined) return 'the connection was opened.';
  return received === '0' ? 'bytes went through, to the client only.' : 'bytes went through.';
}

function statusWords(entry: LogEntry): string {
  return valueOf(entry, 'response_code') === undefined ? 'no status.' : 'the line does not say who answered.';
}

/** Names of programs keep their case. */
function lowerFirst(words: string): string {
  return /^[A-Z]{2}/.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}
