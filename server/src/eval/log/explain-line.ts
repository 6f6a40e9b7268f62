import type { Mesh } from '../../mesh/mesh.ts';
import { hostOfAddress, valueOf, type LogEntry, type LogFormat } from './entry.ts';
import { explainFields, type ExplainedField } from './fields.ts';
import { headlineOf } from './headline.ts';
import { linksOf, type LogLink } from './link.ts';
import type { Headline, LogOutcome } from './outcome.ts';
import { propose, type Proposal } from './propose.ts';
import { proposeEntry } from './propose-entry.ts';
import { readLogLine } from './read-line.ts';
import { resetReason } from './reply-body.ts';
import { requestedOf } from './requested.ts';
import { unknownHostOf } from './unknown-host.ts';
import { parseCluster } from './upstream-cluster.ts';
import { whyUnknown, writerOf, type WriterKind } from './writer.ts';

export interface LogExplanation {
  readonly format: LogFormat;
  readonly writer: WriterKind;
  readonly outcome: LogOutcome;
  /** When it happened, as written; undefined where the line does not say. */
  readonly time: string | undefined;
  /** Who asked: `NAMESPACE/POD`, or the address of its pod. */
  readonly client: string | undefined;
  readonly request: string;
  /** Status and cause. */
  readonly result: string;
  /** One line: request and result. */
  readonly summary: string;
  readonly fields: readonly ExplainedField[];
  /** Resources of the files that the line speaks of; empty without a mesh. */
  readonly links: readonly LogLink[];
  /** What follows from several fields together, or what the files add; a sentence each. */
  readonly notes: readonly string[];
  readonly proposal: Proposal | undefined;
}

/** Explains one line; with a mesh, in terms of its manifests. Undefined for a line that is not an access-log line. Other lines are not needed. */
export function explainLogLine(line: string, mesh?: Mesh): LogExplanation | undefined {
  const entry = readLogLine(line);
  if (!entry) return undefined;
  const headline = headlineOf(entry, mesh);
  const { outcome, request, result, denial } = headline;
  const files = mesh && { mesh, links: linksOf(mesh, entry, denial) };
  return {
    format: entry.format,
    writer: writerOf(entry).kind,
    outcome,
    time: valueOf(entry, 'start_time') ?? valueOf(entry, 'time'),
    client: clientOf(entry),
    request,
    result,
    summary: `${request}: ${result}`,
    fields: explainFields(entry),
    links: files?.links ?? [],
    notes: notesOf(entry, headline, files),
    proposal: proposalFor(entry, headline, mesh),
  };
}

function clientOf(entry: LogEntry): string | undefined {
  const [namespace, workload] = [valueOf(entry, 'src.namespace'), valueOf(entry, 'src.workload')];
  if (workload !== undefined) return namespace === undefined ? workload : `${namespace}/${workload}`;
  return hostOfAddress(valueOf(entry, 'downstream_remote_address') ?? valueOf(entry, 'src.addr'));
}

function proposalFor(entry: LogEntry, { denial }: Headline, mesh: Mesh | undefined): Proposal | undefined {
  if (unknownHostOf(entry)) return proposeEntry(entry, mesh);
  // ztunnel's own denials come from policies without targets, which do not apply to egress through a waypoint.
  return denial?.by === 'implicit-deny' && entry.format !== 'ztunnel' ? propose(entry, mesh) : undefined;
}

/** What the manifests have to do with a line. */
interface Files {
  readonly mesh: Mesh;
  readonly links: readonly LogLink[];
}

function notesOf(entry: LogEntry, headline: Headline, files: Files | undefined): readonly string[] {
  return [
    ...bodyNotes(entry),
    ...listed(whyUnknown(entry)),
    ...tlsNotes(entry),
    ...wayNotes(entry),
    ...(files ? missingNotes(entry, headline, files) : policyNotes(headline)),
  ];
}

function listed(note: string | undefined): readonly string[] {
  return note === undefined ? [] : [note];
}

function bodyNotes(entry: LogEntry): readonly string[] {
  if (valueOf(entry, resetReason) === undefined) return [];
  return [
    'It is the body of a 503 that a proxy on the way writes itself. The access log of that proxy has the host and the cluster.',
  ];
}

function tlsNotes(entry: LogEntry): readonly string[] {
  const { kind, noun } = writerOf(entry);
  const port = /:(\d+)$/.exec(valueOf(entry, 'upstream_host') ?? '')?.[1];
  const isEgress = kind === 'waypoint' || kind === 'egress-gateway';
  const isInside = (valueOf(entry, 'upstream_host') ?? '').startsWith('envoy:');
  const hasFailed = valueOf(entry, 'upstream_transport_failure_reason') !== undefined;
  if (!isEgress || port === undefined || isInside || hasFailed) return [];
  return [
    `Whether the ${noun} spoke TLS to port ${port} is not in the line; %UPSTREAM_TLS_VERSION% in the log's format would show it.`,
  ];
}

function wayNotes(entry: LogEntry): readonly string[] {
  if (leftDirectly(entry)) return ['It left directly, not through a waypoint.'];
  if (writerOf(entry).kind !== 'unknown' && writerOf(entry).kind !== 'sidecar-outbound') return [];
  const { host } = requestedOf(entry);
  const cluster = parseCluster(valueOf(entry, 'upstream_cluster') ?? '').host;
  return host !== undefined && cluster !== undefined && host !== cluster
    ? [`The route sends ${host} to ${cluster}.`]
    : [];
}

/** Whether a client's ztunnel sent the bytes to the destination itself. */
function leftDirectly(entry: LogEntry): boolean {
  return (
    entry.format === 'ztunnel' &&
    valueOf(entry, 'direction') === 'outbound' &&
    valueOf(entry, 'error') === undefined &&
    valueOf(entry, 'dst.addr') !== undefined &&
    !valueOf(entry, 'dst.addr')!.endsWith(':15008') &&
    valueOf(entry, 'dst.hbone_addr') === undefined
  );
}

function policyNotes({ denial }: Headline): readonly string[] {
  return denial?.by === 'policy'
    ? ['A DENY wins over every ALLOW: only a change of that policy lets the request through.']
    : [];
}

/** What the line names and no manifest has. */
function missingNotes(entry: LogEntry, headline: Headline, { mesh, links }: Files): readonly string[] {
  const { denial } = headline;
  if (valueOf(entry, resetReason) !== undefined) return [];
  const notes = [...policyNotes(headline)];
  if (links.length === 0 && !unknownHostOf(entry)) notes.push('The files have no ServiceEntry for this host.');
  if (denial?.by === 'policy' && mesh.named('AuthorizationPolicy', denial.namespace, denial.name).length === 0)
    notes.push(`The files have no AuthorizationPolicy ${denial.namespace}/${denial.name}.`);
  return notes;
}
