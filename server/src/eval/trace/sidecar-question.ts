// What a client's sidecar sees of a request.
import type { RoutedClient, SidecarQuestion } from '../../mesh/routes/sidecar-question.ts';
import { authorityOf, clientBytes, clientSni } from './client-bytes.ts';
import type { TraceState } from './state.ts';

/** Another name than the address is sent, by which the sidecar finds the service. */
export function isNamed(state: TraceState): boolean {
  return nameSeen(state) !== state.request.host && clientBytes(state.request) !== 'opaque';
}

export function questionOf(state: TraceState, name: string): SidecarQuestion {
  const { request } = state;
  return {
    client: clientOf(state),
    name,
    port: request.port,
    bytes: clientBytes(request),
    request: { path: request.path, method: request.method, authority: authorityOf(request), headers: request.headers },
  };
}

/** The Host of HTTP without its port, the server name of TLS, else the host that is dialled. */
export function nameSeen({ request }: TraceState): string {
  const bytes = clientBytes(request);
  if (bytes === 'http') return authorityOf(request).replace(/:\d+$/, '');
  return (bytes === 'tls' ? clientSni(request) : undefined) ?? request.host;
}

/** Labels that are given, or those of the workload that is found, are taken for all. */
function clientOf({ workloads, request: { from } }: TraceState): RoutedClient {
  return {
    namespace: from.namespace,
    labels: from.labels,
    sidecar: from.sidecar,
    hasAllLabels: workloads.length > 0 || from.labels.size > 0,
  };
}
