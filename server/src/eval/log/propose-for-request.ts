// A policy that would allow a denied request, before the request was ever sent: from the access-log line that the waypoint would write.
import type { Mesh } from '../../mesh/mesh.ts';
import { authorityOf } from '../trace/client-bytes.ts';
import type { TraceRequest } from '../trace/request.ts';
import type { Trace } from '../trace/step.ts';
import { noSource, type LogEntry } from './entry.ts';
import { propose, type Proposal } from './propose.ts';

/** Undefined where no ALLOW rule for the host can allow it: a DENY rule matches, or an egress gateway denies it. */
export function proposeForRequest(mesh: Mesh, request: TraceRequest, trace: Trace): Proposal | undefined {
  const allowsHelp = trace.verdict === 'denied' && trace.denial === 'implicit' && trace.gateway === undefined;
  return allowsHelp && trace.log ? propose(lineOf(mesh, request, trace.log), mesh) : undefined;
}

function lineOf(mesh: Mesh, request: TraceRequest, log: NonNullable<Trace['log']>): LogEntry {
  const { namespace, serviceAccount } = request.from;
  // Only HTTP is answered with a status; a line about a connection has neither method nor path.
  const isHttp = log.status !== undefined;
  return {
    format: 'envoy-json',
    source: noSource,
    fields: [
      { name: 'upstream_cluster', value: log.upstreamCluster },
      {
        name: 'downstream_peer_uri_san',
        value: `spiffe://${mesh.settings.trustDomain}/ns/${namespace}/sa/${serviceAccount}`,
      },
      ...(isHttp
        ? [
            { name: 'method', value: request.method },
            { name: 'path', value: request.path },
            { name: 'authority', value: authorityOf(request) },
          ]
        : []),
    ],
  };
}
