import type { LoggedHop } from './step.ts';

/** The proxy and what stands in its access-log line: status, flags, cluster, server name. */
export function hopText({ proxy, namespace, name, status = 0, flags, upstreamCluster, serverName }: LoggedHop): string {
  const who = proxy === 'sidecar' ? `the sidecar in ${namespace}` : `egress gateway ${namespace}/${name}`;
  const sni = serverName === undefined ? '' : `, server name ${serverName}`;
  return `${who}: ${status} ${flags.join(' or ') || '-'}, cluster ${upstreamCluster}${sni}`;
}
