/** The name of a waypoint's own cluster, as its access log has it. istio@86c9f01 pilot/pkg/model/context.go BuildSubsetKey. */
export function clusterOf(chain: 'http' | 'tcp', port: number, host: string, subset?: string): string {
  return `inbound-vip|${port}|${subset ? `${chain}/${subset}` : chain}|${host}`;
}
