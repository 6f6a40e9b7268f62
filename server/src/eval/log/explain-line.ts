import type { Mesh } from '../../mesh/mesh.ts';
import { denialOf, explainDenial, explainDetails, type Denial } from './details.ts';
import { valueOf, type LogEntry, type LogFormat } from './entry.ts';
import { explainFields, type ExplainedField } from './fields.ts';
import { explainFlags, flagsOf, isFailure } from './flags.ts';
import { dialledOf, linksOf, type LogLink } from './link.ts';
import { propose, type Proposal } from './propose.ts';
import { readLogLine } from './read-line.ts';

type LogOutcome = 'answered' | 'denied' | 'failed' | 'connected';

export interface LogExplanation {
  readonly format: LogFormat;
  /** `answered`: the upstream's answer, whatever its status; `connected`: bytes went through; `denied`: by a policy; `failed`: anything else. */
  readonly outcome: LogOutcome;
  /** One line: what was asked and what came of it. */
  readonly summary: string;
  readonly fields: readonly ExplainedField[];
  /** Resources of the files that the line speaks of; empty without a mesh. */
  readonly links: readonly LogLink[];
  /** What follows from several fields together, or what the files add; a sentence each. */
  readonly notes: readonly string[];
  readonly proposal: Proposal | undefined;
}

/** Explains one line; with a mesh, in terms of its manifests. Undefined for what is no access-log line. Needs nothing of other lines. */
export function explainLogLine(line: string, mesh?: Mesh): LogExplanation | undefined {
  const entry = readLogLine(line);
  if (!entry) return undefined;
  const denial = denialIn(entry);
  return {
    format: entry.format,
    outcome: outcomeOf(entry, denial),
    summary: `${askedOf(entry)}: ${resultOf(entry, denial)}`,
    fields: explainFields(entry),
    links: mesh ? linksOf(mesh, entry, denial) : [],
    notes: notesOf(entry, denial, mesh),
    // ztunnel's own denials come from policies without targets, which egress through a waypoint is not judged by.
    proposal: denial?.by === 'implicit-deny' && entry.format !== 'ztunnel' ? propose(entry, mesh) : undefined,
  };
}

function denialIn(entry: LogEntry): Denial | undefined {
  if (entry.format !== 'ztunnel')
    return (
      denialOf(valueOf(entry, 'response_code_details')) ?? denialOf(valueOf(entry, 'connection_termination_details'))
    );
  const error = valueOf(entry, 'error') ?? '';
  const named = /explicitly denied by: ([^/\s]+)\/([^\s"]+)/.exec(error);
  if (named) return { by: 'policy', namespace: named[1]!, name: named[2]!, rule: undefined, custom: false };
  return error.includes('allow policies exist, but none allowed') ? { by: 'implicit-deny' } : undefined;
}

function outcomeOf(entry: LogEntry, denial: Denial | undefined): LogOutcome {
  if (denial) return 'denied';
  if (entry.format === 'ztunnel')
    return valueOf(entry, 'error') !== undefined || valueOf(entry, 'level') === 'error' ? 'failed' : 'connected';
  if (flagsOf(valueOf(entry, 'response_flags')).includes('UAEX')) return 'denied';
  const failed =
    flagsOf(valueOf(entry, 'response_flags')).some(isFailure) ||
    valueOf(entry, 'upstream_transport_failure_reason') !== undefined;
  const reached = valueOf(entry, 'upstream_host') !== undefined;
  if (failed || !(reached || isDirect(entry))) return 'failed';
  return valueOf(entry, 'response_code') === '0' ? 'connected' : 'answered';
}

function isDirect(entry: LogEntry): boolean {
  return ['direct_response', 'via_upstream'].includes(valueOf(entry, 'response_code_details') ?? '');
}

function askedOf(entry: LogEntry): string {
  const { host, port } = dialledOf(entry);
  const method = valueOf(entry, 'method');
  const place =
    host === undefined
      ? (valueOf(entry, 'dst.hbone_addr') ??
        valueOf(entry, 'downstream_local_address') ??
        valueOf(entry, 'dst.addr') ??
        'an unnamed host')
      : `${host}${port === undefined ? '' : `:${port}`}`;
  return method === undefined ? `Connection to ${place}` : `${method} ${valueOf(entry, 'path') ?? '/'} at ${place}`;
}

function resultOf(entry: LogEntry, denial: Denial | undefined): string {
  if (denial && entry.format !== 'ztunnel') return `${statusOf(entry)}${lowerFirst(explainDenial(denial))}`;
  if (entry.format === 'ztunnel') return ztunnelResult(entry);
  const flags = flagsOf(valueOf(entry, 'response_flags'));
  if (flags.length > 0) return `${statusOf(entry)}${explainFlags(flags.join(','))}`;
  const details = valueOf(entry, 'response_code_details') ?? valueOf(entry, 'connection_termination_details');
  if (details !== undefined) return `${statusOf(entry)}${lowerFirst(explainDetails(details))}`;
  return valueOf(entry, 'response_code') === '0'
    ? 'bytes went through.'
    : `status ${valueOf(entry, 'response_code') ?? '?'}.`;
}

function statusOf(entry: LogEntry): string {
  const code = valueOf(entry, 'response_code');
  return code === undefined || code === '0' ? '' : `${code}, `;
}

function ztunnelResult(entry: LogEntry): string {
  const error = explainFields(entry).find(({ name }) => name === 'error');
  if (error) return lowerFirst(error.meaning);
  return valueOf(entry, 'message') === 'connection failed' ? 'it failed.' : 'bytes went through.';
}

/** Names of programs keep their case. */
function lowerFirst(text: string): string {
  return /^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

function notesOf(entry: LogEntry, denial: Denial | undefined, mesh: Mesh | undefined): readonly string[] {
  const notes: string[] = [];
  const cluster = valueOf(entry, 'upstream_cluster');
  const upstreamPort = /:(\d+)$/.exec(valueOf(entry, 'upstream_host') ?? '')?.[1];
  if (cluster?.startsWith('inbound-vip|') && upstreamPort !== undefined)
    notes.push(
      `Whether the waypoint spoke TLS to port ${upstreamPort} is not in the line; %UPSTREAM_TLS_VERSION% in the log's format would show it.`,
    );
  if (denial?.by === 'policy' && entry.format !== 'ztunnel')
    notes.push('A DENY wins over every ALLOW: only a change of that rule lets the request through.');
  if (leftDirectly(entry)) notes.push('It left directly, not through a waypoint.');
  return mesh ? [...notes, ...missingNotes(entry, denial, mesh)] : notes;
}

/** Whether a client's ztunnel sent the bytes to the destination itself. */
function leftDirectly(entry: LogEntry): boolean {
  return (
    entry.format === 'ztunnel' &&
    valueOf(entry, 'direction') === 'outbound' &&
    valueOf(entry, 'dst.addr') !== undefined &&
    valueOf(entry, 'dst.hbone_addr') === undefined
  );
}

/** What the line names and no manifest has. */
function missingNotes(entry: LogEntry, denial: Denial | undefined, mesh: Mesh): readonly string[] {
  const notes: string[] = [];
  if (linksOf(mesh, entry, denial).length === 0) notes.push('No manifest that was read has this host.');
  if (denial?.by === 'policy' && mesh.named('AuthorizationPolicy', denial.namespace, denial.name).length === 0)
    notes.push(`The files hold no AuthorizationPolicy ${denial.namespace}/${denial.name}.`);
  return notes;
}
